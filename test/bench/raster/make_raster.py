"""Makes the raster of the benchmark: make_raster.py <target.tif>

4096 × 4096 pixels of 2.5 m, UTM zone 33N, three bands of 8 bits, cloud-optimised: tiles of 512 pixels, DEFLATE with
horizontal differencing, overviews. The content is noise of several scales with hard edges, so that it compresses about
as badly as aerial imagery (PNG tiles of some 70 kB); the same seed gives the same file.
"""

import sys

import numpy
import rasterio
from rasterio.io import MemoryFile
from rasterio.shutil import copy
from rasterio.transform import from_origin

SIZE = 4096
PIXEL_METRES = 2.5
UPPER_LEFT = (500_000, 5_340_000)
SEED = 20_260_101
# Side of the squares of each layer of noise in pixels, and how strong it is in grey levels.
LAYERS = ((512, 60), (128, 40), (32, 30), (8, 22), (4, 14), (2, 9), (1, 3))
FIELDS = 200


def smooth_noise(random: numpy.random.Generator, side: int) -> numpy.ndarray:
    """Noise between -1 and 1 that changes over `side` pixels, interpolated linearly."""
    count = SIZE // side + 2
    values = random.uniform(-1, 1, (count, count))
    position = numpy.arange(SIZE) / side
    index = position.astype(int)
    part = position - index
    rows = values[index] * (1 - part)[:, None] + values[index + 1] * part[:, None]
    return rows[:, index] * (1 - part) + rows[:, index + 1] * part


def make_bands() -> numpy.ndarray:
    random = numpy.random.default_rng(SEED)
    base = sum(strength * smooth_noise(random, side) for side, strength in LAYERS)
    for _ in range(FIELDS):
        column, row = random.integers(0, SIZE - 400, 2)
        width, height = random.integers(60, 400, 2)
        base[row : row + height, column : column + width] += random.uniform(-40, 40)
    bands = [base + 12 * smooth_noise(random, 64) + 128 for _ in range(3)]
    return numpy.clip(numpy.stack(bands), 0, 255).astype("uint8")


def main(target: str) -> None:
    profile = {
        "driver": "GTiff",
        "width": SIZE,
        "height": SIZE,
        "count": 3,
        "dtype": "uint8",
        "crs": "EPSG:32633",
        "transform": from_origin(*UPPER_LEFT, PIXEL_METRES, PIXEL_METRES),
        "photometric": "RGB",
        "interleave": "pixel",
    }
    with MemoryFile() as memory:
        with memory.open(**profile) as raster:
            raster.write(make_bands())
        copy(
            memory.name,
            target,
            driver="COG",
            compress="DEFLATE",
            predictor="STANDARD",
            blocksize=512,
            overview_resampling="average",
        )


if __name__ == "__main__":
    main(sys.argv[1])
