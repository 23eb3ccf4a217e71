"""Converts a file of features as the peer: convert.py SOURCE TARGET [NAME=VALUE …], the options being GDAL's open options.

FlatGeobuf is written by GDAL from the arrays of `pyogrio.raw.read`, which takes less time than its batches of Arrow do,
and more memory. PyPI's GDAL has no Parquet: Arrow's own writer takes GDAL's batches, sorts nothing and adds no extents.
"""

import json
import sys

import pyogrio.raw

BATCH = 65_536
GEOMETRY = "wkb_geometry"


def write_flatgeobuf(source, target, options):
    meta, _, geometry, fields = pyogrio.raw.read(source, **options)
    pyogrio.raw.write(
        target,
        geometry,
        fields,
        meta["fields"],
        geometry_type=meta["geometry_type"],
        crs=meta["crs"] or "EPSG:4326",
        driver="FlatGeobuf",
    )


def write_parquet(source, target, options):
    import pyarrow.parquet

    with pyogrio.raw.open_arrow(source, batch_size=BATCH, use_pyarrow=True, **options) as (meta, batches):
        name = meta["geometry_name"] or GEOMETRY
        columns = {name: {"encoding": "WKB", "geometry_types": []}}
        geo = {"version": "1.1.0", "primary_column": name, "columns": columns}
        schema = batches.schema.with_metadata({"geo": json.dumps(geo)})
        with pyarrow.parquet.ParquetWriter(target, schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch.replace_schema_metadata(schema.metadata))


if __name__ == "__main__":
    source, target, *pairs = sys.argv[1:]
    options = dict(pair.split("=", 1) for pair in pairs)
    write = write_parquet if target.endswith(".parquet") else write_flatgeobuf
    write(source, target, options)
