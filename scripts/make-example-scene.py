"""Derives examples/scene.tif from three bands of a Landsat 8 scene.

    python3 -m venv .longhaul/scene && .longhaul/scene/bin/pip install rasterio==1.4.4
    .longhaul/scene/bin/python scripts/make-example-scene.py <folder with the bands> examples/scene.tif

The bands (USGS, public domain) are LC08_L1TP_224077_20200518_20200518_01_RT_B{4,3,2}.TIF: red, green, blue, 16 bits.
Each is stretched to 8 bits between its 1st and 99th percentile; pixels outside of the acquisition (0 in any band)
become the mask. The result is a cloud-optimised GeoTIFF: JPEG, tiles of 512 pixels, overviews.
"""

import sys
from pathlib import Path

import numpy
import rasterio
from rasterio.enums import ColorInterp
from rasterio.io import MemoryFile
from rasterio.shutil import copy

SCENE = "LC08_L1TP_224077_20200518_20200518_01_RT"
BANDS = ("B4", "B3", "B2")
PERCENTILES = (1, 99)
JPEG_QUALITY = 85


def stretch(values: numpy.ndarray, valid: numpy.ndarray) -> numpy.ndarray:
    """Maps the values between the percentiles of the valid ones to 0 … 255, in 8 bits."""
    low, high = numpy.percentile(values[valid], PERCENTILES)
    scaled = (values.astype("float64") - low) * 255 / (high - low)
    return numpy.where(valid, numpy.clip(numpy.round(scaled), 0, 255), 0).astype("uint8")


def main(folder: Path, target: Path) -> None:
    bands = []
    for band in BANDS:
        with rasterio.open(folder / f"{SCENE}_{band}.TIF") as source:
            bands.append(source.read(1))
            profile = source.profile
    valid = numpy.all([band > 0 for band in bands], axis=0)
    profile.update(driver="GTiff", count=3, dtype="uint8", photometric="RGB", interleave="pixel")
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), MemoryFile() as memory:
        with memory.open(**profile) as image:
            image.colorinterp = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
            for index, band in enumerate(bands, start=1):
                image.write(stretch(band, valid), index)
            image.write_mask(valid)
        copy(
            memory.name,
            target,
            driver="COG",
            compress="JPEG",
            quality=JPEG_QUALITY,
            blocksize=512,
            overview_resampling="average",
            overview_compress="JPEG",
            overview_quality=JPEG_QUALITY,
        )
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
