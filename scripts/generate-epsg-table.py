"""Lists every two-dimensional EPSG CRS with its PROJ string and reference positions, as JSON lines on stdout.

    python3 -m venv .venv && .venv/bin/pip install pyproj==3.7.2
    .venv/bin/python scripts/generate-epsg-table.py > candidates.jsonl
    node scripts/generate-epsg-table.ts candidates.jsonl

The second step keeps those that proj4 computes as PROJ does, and writes shared/geo/projections/epsg-table.ts; and
shared/geo/projections/axis-order-table.ts with the order of axes of every EPSG CRS, computed or not.

PROJ strings say no more than the ellipsoid of most datums. The shift to WGS 84 is added here as the Helmert
transformation without grids that PROJ ranks first for the area of use of the CRS.
"""

import json
import math
import sys
import warnings

import pyproj
from pyproj import CRS, Proj
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.transformer import TransformerGroup

warnings.simplefilter("ignore")

KINDS = [PJType.PROJECTED_CRS, PJType.GEOGRAPHIC_2D_CRS]
# Those of three dimensions are not computed, but files name them, and their first two axes have an order.
ORDERED_KINDS = [*KINDS, PJType.GEOGRAPHIC_3D_CRS, PJType.COMPOUND_CRS]
SAMPLES_ACROSS = 5
NAMED_DATUMS = ("+datum=WGS84",)
shifts = {}


def helmert(crs):
    """Seven parameters (metres, arc seconds in position-vector convention, ppm) and accuracy in metres, or None."""
    base = geographic_base(crs)
    bounds = crs.area_of_use.bounds if crs.area_of_use else None
    key = (base.to_authority() or base.to_wkt(), bounds)
    if key not in shifts:
        shifts[key] = find_helmert(base, bounds)
    return shifts[key]


def find_helmert(base, bounds):
    area = AreaOfInterest(*bounds) if bounds else None
    group = TransformerGroup(base, CRS.from_epsg(4326), always_xy=True, area_of_interest=area, allow_ballpark=False)
    for transformer in [*group.transformers, *group.unavailable_operations]:
        definition = getattr(transformer, "definition", "") or ""
        if "grid" in definition.lower():
            continue
        parameters = parse_helmert(definition, base.ellipsoid)
        if parameters is not None:
            return {"towgs84": parameters, "accuracy": transformer.accuracy}
    return None


def parse_helmert(definition, ellipsoid):
    """Reads the one Helmert step of a PROJ pipeline; none at all on an ellipsoid like WGS 84's is a shift of zero."""
    steps = definition.split("step ")
    kept = [step for step in steps if "proj=helmert" in step]
    if any(f"proj={name}" in definition for name in ("molodensky", "molobadekas", "deformation", "geogoffset", "affine")):
        return None
    if len(kept) == 0:
        return [0] * 7 if abs(ellipsoid.semi_major_metre - 6378137) < 1 else None
    if len(kept) > 1:
        return None
    words = dict(word.split("=") for word in kept[0].split() if "=" in word)
    if "t_epoch" in words or any(name.startswith("d") and name[1:] in ("x", "y", "z", "s") for name in words):
        return None
    values = [float(words.get(name, 0)) for name in ("x", "y", "z", "rx", "ry", "rz", "s")]
    if words.get("convention") == "coordinate_frame":
        values[3:6] = [-value for value in values[3:6]]
    if "inv" in kept[0].split():
        values = [-value for value in values]
    return [0 if value == 0 else value for value in values]


def geographic_base(crs):
    base = crs
    while base.source_crs is not None and not base.is_geographic:
        base = base.source_crs
    return base


def proj_string(crs, shift):
    text = crs.to_proj4()
    words = [word for word in text.split() if word not in ("+no_defs", "+type=crs") and not word.startswith("+vunits")]
    if "+nadgrids=@null" in words or any(word in NAMED_DATUMS for word in words):
        return " ".join(words)
    # A named datum other than WGS 84 would bring grids that are not there: its ellipsoid and shift say the same.
    named = [word for word in words if word.startswith("+datum=")]
    if named:
        ellipsoid = {"+datum=NAD27": "clrk66", "+datum=NAD83": "GRS80", "+datum=GGRS87": "GRS80"}.get(named[0])
        if ellipsoid is None:
            return None
        words[words.index(named[0])] = f"+ellps={ellipsoid}"
    if shift is not None:
        numbers = shift["towgs84"] if any(shift["towgs84"][3:]) else shift["towgs84"][:3]
        words.append("+towgs84=" + ",".join(f"{number:.8g}" for number in numbers))
    return " ".join(words)


def samples(crs, text):
    """Positions of the CRS over its area of use, as PROJ computes them from the same string: [lon, lat, x, y]."""
    area = crs.area_of_use
    if area is None:
        return []
    west, south, east, north = area.bounds
    if east < west:
        east += 360
    # The projection alone: PROJ would apply the shift to WGS 84 here too.
    projection = Proj(" ".join(word for word in text.split() if not word.startswith(("+towgs84", "+nadgrids"))) + " +no_defs")
    result = []
    for i in range(1, SAMPLES_ACROSS + 1):
        for j in range(1, SAMPLES_ACROSS + 1):
            longitude = west + (east - west) * i / (SAMPLES_ACROSS + 1)
            longitude = (longitude + 180) % 360 - 180
            latitude = south + (north - south) * j / (SAMPLES_ACROSS + 1)
            latitude = max(-89, min(89, latitude))
            longitude, latitude = round(longitude, 6), round(latitude, 6)
            x, y = projection(longitude, latitude)
            if math.isfinite(x) and math.isfinite(y):
                result.append([longitude, latitude, x, y])
    return result


def is_northing_first(crs):
    """Whether PROJ swaps the first two axes to show the CRS on a map: north before east, or so named at a pole."""
    first, second = crs.axis_info[:2]
    if first.direction in ("north", "south") and second.direction in ("east", "west"):
        return True
    return first.direction == second.direction and first.abbrev.startswith("N") and second.abbrev.startswith("E")


def axis_orders():
    """Codes of the CRSs whose first axis is the northing or latitude, and of those that have heights."""
    northing_first, heights = set(), set()
    for info in query_crs_info(auth_name="EPSG", pj_types=ORDERED_KINDS, allow_deprecated=True):
        crs = CRS.from_epsg(int(info.code))
        if len(crs.axis_info) > 2:
            heights.add(int(info.code))
        if is_northing_first(crs):
            northing_first.add(int(info.code))
    return {"northingFirst": sorted(northing_first), "heights": sorted(heights)}


def main():
    print(json.dumps({"pyproj": pyproj.__version__, "proj": pyproj.proj_version_str,
                      "epsg": pyproj.database.get_database_metadata("EPSG.VERSION"), **axis_orders()}))
    for info in query_crs_info(auth_name="EPSG", pj_types=KINDS, allow_deprecated=True):
        code = int(info.code)
        crs = CRS.from_epsg(code)
        try:
            shift = helmert(crs)
            text = proj_string(crs, shift)
        except Exception as error:  # a CRS that PROJ itself cannot write as a string
            print(f"{code}: {error}", file=sys.stderr)
            continue
        if text is None or "+proj" not in text:
            print(f"{code}: no PROJ string", file=sys.stderr)
            continue
        wgs84 = "+datum=WGS84" in text or "+nadgrids=@null" in text
        print(json.dumps({
            "code": code, "name": crs.name, "geographic": crs.is_geographic, "text": text,
            "deprecated": info.deprecated,
            "accuracy": 0 if wgs84 else None if shift is None else shift["accuracy"],
            "a": crs.ellipsoid.semi_major_metre, "rf": crs.ellipsoid.inverse_flattening,
            "axes": [axis.unit_name for axis in crs.axis_info],
            "samples": [] if crs.is_geographic else samples(crs, text),
        }))


main()
