"""The peer of the benchmark: rasterio's WarpedVRT, one tile at a time.

    warped_vrt.py <source.tif> <PNG|WEBP> <minzoom> <maxzoom>

Prints a JSON object: tiles, bytes, seconds. Everything runs on one core.
"""

import json
import math
import sys
import time

import rasterio
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.transform import from_origin
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds
from rasterio.windows import Window

HALF_WORLD = math.pi * 6_378_137
TILE = 256
OPTIONS = {"PNG": {"ZLEVEL": 6}, "WEBP": {"QUALITY": 80}}


def tiles_of(bounds: tuple[float, float, float, float], zoom: int):
    """Tiles of a zoom that a box in EPSG:3857 touches."""
    count = 2**zoom
    west, south, east, north = bounds
    first, last = (math.floor((x / HALF_WORLD + 1) / 2 * count) for x in (west, east))
    upper, lower = (math.floor((1 - y / HALF_WORLD) / 2 * count) for y in (north, south))
    for row in range(upper, lower + 1):
        for column in range(first, last + 1):
            yield column, row


def encode(data, driver: str) -> bytes:
    """Encodes red, green, blue and alpha; leaves alpha out where the tile is opaque, as the other side does."""
    if data[3].min() == 255:
        data = data[:3]
    options = {"driver": driver, "width": TILE, "height": TILE, "count": len(data), "dtype": "uint8"}
    with MemoryFile() as memory:
        with memory.open(**options, **OPTIONS[driver]) as image:
            image.write(data)
        return memory.read()


def main(path: str, driver: str, minzoom: int, maxzoom: int) -> None:
    started = time.perf_counter()
    tiles = size = 0
    # As a tool would set them: no side-car files, one thread.
    with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", GDAL_NUM_THREADS="1", GDAL_PAM_ENABLED="NO"):
        with rasterio.open(path) as source:
            bounds = transform_bounds(source.crs, "EPSG:3857", *source.bounds, densify_pts=21)
            for zoom in range(minzoom, maxzoom + 1):
                resolution = 2 * HALF_WORLD / (TILE * 2**zoom)
                for column, row in tiles_of(bounds, zoom):
                    left = column * TILE * resolution - HALF_WORLD
                    top = HALF_WORLD - row * TILE * resolution
                    with WarpedVRT(
                        source,
                        crs="EPSG:3857",
                        transform=from_origin(left, top, resolution, resolution),
                        width=TILE,
                        height=TILE,
                        resampling=Resampling.bilinear,
                        add_alpha=True,
                    ) as warped:
                        data = warped.read(window=Window(0, 0, TILE, TILE))
                    if data[3].max() == 0:
                        continue
                    tiles += 1
                    size += len(encode(data, driver))
    seconds = time.perf_counter() - started
    print(json.dumps({"tiles": tiles, "bytes": size, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
