"""Compares published files with their sources: `compare.py <manifest.json>`. Nothing here is Longhaul's.

Sources and outputs are read by GDAL, GeoParquet by Arrow and geopandas; PROJ brings a source into longitude and
latitude. The manifest is a list of layers, see cases.ts; `path` is what GDAL opens:

    [{"id", "source": {"path", "layer"?, "options"?, "crs"?, "rowNumber"?}, "files": [path],
      "names"?, "added"?, "dropped"?, "kinds"?, "isSparse"?, "isText"?}]

Prints a list of `{"id", "file", "features", "fields", "differences": [text]}` as JSON, one for each file.

What may differ is normalised, and nothing else: the order of features, of parts and of rings, the winding and the first
vertex of a ring, vertices repeated, a part alone or in a collection of one, and the width of a number.
"""

import datetime
import json
import math
import sys

import geopandas
import numpy
import pandas
import pyarrow
import pyogrio
import pyproj
import shapely

CRS84 = pyproj.CRS("OGC:CRS84")
RELATIVE_TOLERANCE = 1e-9
# Vertices nearer than this, a micrometre, are one: which of them meet exactly is a matter of rounding.
REPEATED_DEGREES = 1e-11
# What features and rings are put in order by may differ by rounding: about a decimetre.
ORDER_DECIMALS = 6
MAX_SHOWN = 5

# With the types of the file, not those of numpy: a null makes no float of an integer.
ARROW_TYPES = {"types_mapper": pandas.ArrowDtype}

# pyogrio knows no layer of several types with heights: GDAL is told to say that its type is unknown, no more.
LAYER_OF_ANY_TYPE = (
    "<OGRVRTDataSource><OGRVRTLayer name='{name}'><SrcDataSource>{path}</SrcDataSource>"
    "<GeometryType>wkbUnknown</GeometryType></OGRVRTLayer></OGRVRTDataSource>"
)


def read(path: str, layer: str | None = None, options: dict | None = None) -> geopandas.GeoDataFrame:
    if path.endswith(".parquet"):
        return geopandas.read_parquet(path, to_pandas_kwargs=ARROW_TYPES)
    arguments = {"use_arrow": True, "arrow_to_pandas_kwargs": ARROW_TYPES, "fid_as_index": True, **(options or {})}
    try:
        return pyogrio.read_dataframe(path, layer=layer, **arguments)
    except pyogrio.errors.GeometryError:
        name = path.split("/")[-1].split(".")[0]
        return pyogrio.read_dataframe(LAYER_OF_ANY_TYPE.format(name=name, path=path), **arguments)


def read_source(layer: dict) -> geopandas.GeoDataFrame:
    source = layer["source"]
    frame = read(source["path"], source.get("layer"), source.get("options"))
    if "rowNumber" in source:
        frame[source["rowNumber"]] = pandas.array(frame.index, dtype=pandas.ArrowDtype(pyarrow.int64()))
    if "crs" in source:
        frame = frame.set_crs(source["crs"], allow_override=True)
    frame = frame.drop(columns=layer.get("dropped", [])).rename(columns=layer.get("names", {})).to_crs(CRS84)
    if layer.get("isSparse"):
        frame = frame.drop(columns=[name for name in fields_of(frame) if frame[name].isna().all()])
    return frame


def fields_of(frame: geopandas.GeoDataFrame) -> list[str]:
    # The box of a row is an index of GeoParquet, no field.
    return [name for name in frame.columns if name not in (frame.geometry.name, "bbox")]


def kind_of(column: pandas.Series) -> str:
    """Type of a field without its width: Longhaul chooses the narrowest that holds every value."""
    kind = pyarrow.array(column).type
    if pyarrow.types.is_integer(kind):
        return "integer"
    if pyarrow.types.is_floating(kind):
        return "real"
    if pyarrow.types.is_timestamp(kind):
        return "time"
    if pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind):
        return "text"
    return str(kind)


def as_written(kind: str, is_json: bool) -> str:
    return "number" if is_json and kind in ("integer", "real") else kind


def plain(value: object) -> object:
    """A value as it is compared: one kind of null, and one of moments."""
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, datetime.datetime):
        in_utc = datetime.timezone.utc
        return value.replace(tzinfo=in_utc) if value.tzinfo is None else value.astimezone(in_utc)
    return value


def comparable_geometry(geometry: shapely.Geometry | None) -> shapely.Geometry | None:
    if geometry is None or geometry.is_empty:
        return None
    cleaned = shapely.remove_repeated_points(shapely.orient_polygons(geometry), REPEATED_DEGREES)
    parts = shapely.get_parts(cleaned)
    return parts[0] if len(parts) == 1 else cleaned


def rounded(numbers: object) -> tuple:
    return tuple(numpy.round(numpy.asarray(numbers), ORDER_DECIMALS) + 0.0)


def sorted_rows(frame: geopandas.GeoDataFrame, fields: list[str]) -> list[tuple]:
    """Attributes and geometry of each feature, in an order that does not depend on that of the file."""
    columns = [[plain(value) for value in pyarrow.array(frame[name]).to_pylist()] for name in fields]
    attributes = zip(*columns) if columns else [()] * len(frame)
    geometries = [comparable_geometry(geometry) for geometry in frame.geometry]

    def order(row: tuple) -> tuple:
        values, geometry = row
        box = () if geometry is None else rounded(geometry.bounds)
        return (*((value is not None, str(value)) for value in values), box)

    return sorted(zip(attributes, geometries), key=order)


def lines_of(geometry: shapely.Geometry) -> list[numpy.ndarray]:
    """Coordinates of each point, line or ring, a ring from its least vertex on; in an order of their own."""

    def coordinates_of(line: shapely.Geometry) -> numpy.ndarray:
        coordinates = shapely.get_coordinates(line, include_z=line.has_z)
        if line.geom_type != "LinearRing":
            return coordinates
        ring = coordinates[:-1]
        return numpy.roll(ring, -min(range(len(ring)), key=lambda n: rounded(ring[n])), axis=0)

    lines = []
    for part in shapely.get_parts(geometry):
        lines += list(shapely.get_rings(part)) if part.geom_type == "Polygon" else [part]
    return sorted(map(coordinates_of, lines), key=lambda line: (len(line), rounded(line[:2].ravel())))


def geometry_difference(expected: shapely.Geometry | None, found: shapely.Geometry | None) -> str | None:
    if expected is None or found is None:
        return None if expected is found else f"{expected} became {found}"
    if expected.geom_type != found.geom_type:
        return f"a {expected.geom_type} became a {found.geom_type}"
    theirs, ours = lines_of(expected), lines_of(found)
    if [line.shape for line in theirs] != [line.shape for line in ours]:
        return f"vertices {[line.shape for line in theirs]} became {[line.shape for line in ours]}"
    distances = [
        numpy.max(numpy.abs(one - other) / numpy.maximum(1, numpy.abs(one))) for one, other in zip(theirs, ours)
    ]
    return f"a vertex is {max(distances):.2g} of its coordinate away" if max(distances) > RELATIVE_TOLERANCE else None


def value_differs(expected: object, found: object, is_text: bool) -> bool:
    if is_text and isinstance(expected, str) and isinstance(found, (int, float)):
        return float(expected) != found
    return expected != found


def compare(layer: dict, path: str, expected: geopandas.GeoDataFrame) -> dict:
    found = read(path)
    found = found.drop(columns=[name for name in layer.get("added", []) if name in found.columns])
    is_text = layer.get("isText", False)
    differences = []
    if found.crs is None or not pyproj.CRS(found.crs).equals(CRS84, ignore_axis_order=True):
        differences.append(f"the CRS is {found.crs}")
    wanted, there = fields_of(expected), fields_of(found)
    differences += [f"there is no field {name}" for name in wanted if name not in there]
    differences += [f"there is a field {name}" for name in there if name not in wanted]
    fields = [name for name in wanted if name in there]
    is_json = ".geojsonl" in path
    for name in fields:
        # A column without a value has no type.
        if is_text or expected[name].isna().all():
            continue
        kind = layer.get("kinds", {}).get(name, kind_of(expected[name]))
        # JSON has one type of numbers.
        if as_written(kind, is_json) != as_written(kind_of(found[name]), is_json):
            differences.append(f"{name}: {kind} became {kind_of(found[name])}")
    if len(expected) != len(found):
        differences.append(f"{len(expected)} features became {len(found)}")
    for (values, geometry), (others, other) in zip(sorted_rows(expected, fields), sorted_rows(found, fields)):
        for name, value, another in zip(fields, values, others):
            if value_differs(value, another, is_text):
                differences.append(f"{name}: {value!r} became {another!r}")
        problem = geometry_difference(geometry, other)
        if problem is not None:
            differences.append(f"{values}: {problem}")
    shown = differences[:MAX_SHOWN]
    more = len(differences) - len(shown)
    return {
        "id": layer["id"],
        "file": path,
        "features": len(found),
        "fields": len(fields),
        "differences": shown if more == 0 else [*shown, f"and {more} more"],
    }


def main(manifest: str) -> None:
    with open(manifest, encoding="utf-8") as file:
        layers = json.load(file)
    reports = []
    for layer in layers:
        expected = read_source(layer)
        reports += [compare(layer, path, expected) for path in layer["files"]]
    json.dump(reports, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
