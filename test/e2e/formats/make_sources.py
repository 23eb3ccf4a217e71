"""Writes the sources of the end-to-end test into a folder: `make_sources.py <folder>`.

All of it is real data that comes with packages of PyPI, as it lies there or written in another format by GDAL, pandas
or Arrow: nothing here was written by Longhaul.

| data | from | licence |
|---|---|---|
| countries of the world (Natural Earth) | pyogrio, `tests/fixtures/naturalearth_lowres` | public domain |
| a GeoPackage with every type, and nulls | pyogrio, `tests/fixtures/test_gpkg_nulls.gpkg` | MIT |
| buildings, plots and streets of Prague-Bubeneč | momepy, `datasets/bubenec.gpkg` | BSD-3-Clause |
| John Snow's map of cholera in Soho, 1854 | libpysal, `examples/snow_maps` | BSD-3-Clause |
| counties of Virginia and of Georgia | libpysal, `examples/virginia`, `examples/georgia` | BSD-3-Clause |
| homicides around St. Louis | libpysal, `examples/stl` | BSD-3-Clause |
| municipalities around Tokyo | libpysal, `examples/tokyo` | BSD-3-Clause |
| streets of a city of Arizona | libpysal, `examples/geodanet` | BSD-3-Clause |
"""

import gzip
import shutil
import sys
import sysconfig
import zipfile
from pathlib import Path

import geopandas
import pandas
import shapely

PACKAGES = Path(sysconfig.get_paths()["purelib"])
NATURAL_EARTH = PACKAGES / "pyogrio/tests/fixtures/naturalearth_lowres/naturalearth_lowres.shp"
NULLS = PACKAGES / "pyogrio/tests/fixtures/test_gpkg_nulls.gpkg"
BUBENEC = PACKAGES / "momepy/datasets/bubenec.gpkg"
EXAMPLES = PACKAGES / "libpysal/examples"

# A shapefile is several files: these are taken where they are there.
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def zip_files(target: Path, members: dict[str, Path], method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, file in members.items():
            archive.write(file, name)


def shapefile_members(folder: str, shapefile: Path) -> dict[str, Path]:
    parts = [shapefile.with_suffix(extension) for extension in SHAPEFILE_PARTS]
    return {f"{folder}/{part.name}": part for part in parts if part.exists()}


def gzip_file(target: Path, file: Path) -> None:
    with gzip.open(target, "wb") as out:
        out.write(file.read_bytes())


def as_shipped(folder: Path) -> None:
    """Files as they lie in the packages, put into archives at most."""
    shutil.copy(BUBENEC, folder / "bubenec.gpkg")
    shutil.copy(NULLS, folder / "nulls.gpkg")
    shutil.copy(EXAMPLES / "virginia/virginia.json", folder / "virginia.geojson")
    shutil.copy(EXAMPLES / "georgia/GData_utm.csv", folder / "georgia.csv")
    shutil.copy(EXAMPLES / "stl/stl_hom.csv", folder / "homicides.csv")
    gzip_file(folder / "virginia.geojson.gz", EXAMPLES / "virginia/virginia.json")
    shapefiles = {
        "soho": [EXAMPLES / f"snow_maps/{name}.shp" for name in ("SohoPeople", "SohoWater", "Soho_Network")],
        "usa/virginia": [EXAMPLES / "virginia/vautm17n.shp"],
        "usa/arizona": [EXAMPLES / "geodanet/streets.shp"],
        "tokyo": [EXAMPLES / "tokyo/tokyomet262.shp"],
        "world": [NATURAL_EARTH],
    }
    members = {}
    for name, files in shapefiles.items():
        for file in files:
            members |= shapefile_members(name, file)
    zip_files(folder / "shapefiles.zip", members)


def by_gdal(folder: Path) -> None:
    """The same data in formats that GDAL writes."""
    countries = geopandas.read_file(NATURAL_EARTH)
    precise = {"driver": "GeoJSONSeq", "COORDINATE_PRECISION": 15}
    countries.to_file(folder / "countries.geojsonl", RS="YES", **precise)
    countries.to_file(folder / "lines.geojsonl", RS="NO", **precise)
    gzip_file(folder / "lines.geojsonl.gz", folder / "lines.geojsonl")

    counties = geopandas.read_file(EXAMPLES / "virginia/vautm17n.shp")
    counties.to_file(folder / "counties.fgb", driver="FlatGeobuf")
    counties.to_file(folder / "counties.gml", driver="GML", FORMAT="GML2")
    gzip_file(folder / "counties.gml.gz", folder / "counties.gml")
    # Latitude comes first in this one: its CRS is named by a URN.
    countries.to_file(folder / "countries.gml", driver="GML", FORMAT="GML3.2")

    people = geopandas.read_file(EXAMPLES / "snow_maps/SohoPeople.shp").to_crs("EPSG:4326")
    network = geopandas.read_file(EXAMPLES / "snow_maps/Soho_Network.shp").to_crs("EPSG:4326")
    # The fields of GPX, in the order of the driver: it takes them by their number.
    days = pandas.date_range("1854-08-31T06:30:00.250Z", periods=len(people), freq="67min")
    waypoint = {"ele": people["Count"] * 1.5, "time": days, "magvar": 0.5, "geoidheight": 47.25}
    points = people[["geometry"]].assign(**waypoint, name=[f"house {n}" for n in range(len(people))])
    lines = network[["geometry"]].assign(name=[f"street {n}" for n in range(len(network))], cmt="Soho")
    counties.to_crs("EPSG:4326").rename(columns={"NAME": "name"}).to_file(folder / "counties.kml", driver="LIBKML")
    lines[["geometry", "name"]].to_file(folder / "network.kmz", driver="LIBKML")

    points.to_file(folder / "waypoints.gpx", driver="GPX", layer="waypoints")
    lines.to_file(folder / "routes.gpx", driver="GPX", layer="routes")
    tracks = lines.set_geometry(shapely.multilinestrings([[line] for line in lines.geometry]), crs=lines.crs)
    tracks.to_file(folder / "tracks.gpx", driver="GPX", layer="tracks")
    zip_files(folder / "gpx.zip", {f"{n}.gpx": folder / f"{n}.gpx" for n in ("waypoints", "routes", "tracks")})


def tables(folder: Path) -> None:
    """Geometries in columns, by pandas and GEOS."""
    people = geopandas.read_file(EXAMPLES / "snow_maps/SohoPeople.shp").to_crs("EPSG:4326")
    countries = geopandas.read_file(NATURAL_EARTH)
    plain = countries.drop(columns="geometry")
    points = people.drop(columns="geometry").assign(lon=people.geometry.x, lat=people.geometry.y)
    points.to_csv(folder / "coordinates.tsv", sep="\t", index=False)
    plain.assign(wkb=shapely.to_wkb(countries.geometry, hex=True)).to_csv(folder / "wkb.csv", index=False)
    plain.assign(geojson=shapely.to_geojson(countries.geometry)).to_csv(folder / "geojson.csv", index=False)
    names = ("coordinates.tsv", "wkb.csv", "geojson.csv")
    zip_files(folder / "tables.zip", {name: folder / name for name in names}, zipfile.ZIP_STORED)


def by_arrow(folder: Path) -> None:
    """GeoParquet with geometries as WKB, and as columns of coordinates; in a projected CRS."""
    counties = geopandas.read_file(EXAMPLES / "virginia/vautm17n.shp")
    counties.to_parquet(folder / "counties.parquet", write_covering_bbox=True, schema_version="1.1.0")
    people = geopandas.read_file(EXAMPLES / "snow_maps/SohoPeople.shp")
    people.to_parquet(folder / "people.parquet", geometry_encoding="geoarrow", schema_version="1.1.0")
    names = ("counties.parquet", "people.parquet")
    zip_files(folder / "geoparquet.zip", {name: folder / name for name in names}, zipfile.ZIP_STORED)


def tampered(folder: Path) -> None:
    """Copies of a source with one fault each, which the comparison has to find."""
    good = geopandas.read_file(folder / "counties.fgb").to_crs("OGC:CRS84")

    def write(name: str, frame: geopandas.GeoDataFrame) -> None:
        frame.to_file(folder / f"tampered-{name}.fgb", driver="FlatGeobuf")

    def moved(geometry: shapely.Geometry) -> shapely.Geometry:
        coordinates = shapely.get_coordinates(geometry)
        coordinates[1, 0] += 1e-6
        return shapely.set_coordinates(geometry, coordinates)

    write("nothing", good.iloc[::-1])
    write("feature", good.drop(index=3))
    write("value", good.assign(NAME=good["NAME"].where(good.index != 5, "Atlantis")))
    write("null", good.assign(NAME=good["NAME"].where(good.index != 5)))
    write("type", good.assign(POLY_ID=good["POLY_ID"].astype(float)))
    write("field", good.assign(more=1))
    write("vertex", good.assign(geometry=[moved(g) if n == 7 else g for n, g in enumerate(good.geometry)]))
    write("crs", good.to_crs("EPSG:3857"))


def main(folder: Path) -> None:
    as_shipped(folder)
    by_gdal(folder)
    tables(folder)
    by_arrow(folder)
    tampered(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
