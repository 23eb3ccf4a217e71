import type { Raster } from '../../shared/geo/tiff/raster.ts';

/** All samples of a level as rows of pixels, padding left out; undefined in the blocks that are not stored. */
export async function readLevel(raster: Raster, index: number): Promise<(number | undefined)[]> {
  const level = raster.levels[index]!;
  const pixels: (number | undefined)[] = Array.from({ length: level.width * level.height * raster.samples });
  for (let blockRow = 0; blockRow < level.blocksDown; blockRow++) {
    for (let blockColumn = 0; blockColumn < level.blocksAcross; blockColumn++) {
      const block = await level.readBlock(blockColumn, blockRow);
      if (block === undefined) continue;
      for (let y = 0; y < block.height; y++) {
        const row = blockRow * level.blockHeight + y;
        for (let x = 0; x < block.width; x++) {
          const column = blockColumn * level.blockWidth + x;
          if (row >= level.height || column >= level.width) continue;
          for (let sample = 0; sample < raster.samples; sample++) {
            pixels[(row * level.width + column) * raster.samples + sample] =
              block.samples[(y * block.width + x) * raster.samples + sample]!;
          }
        }
      }
    }
  }
  return pixels;
}

/** 0 or 255 for each pixel of a level, padding left out. */
export async function readMask(raster: Raster, index: number): Promise<number[]> {
  const level = raster.levels[index]!;
  const mask: number[] = [];
  for (let blockRow = 0; blockRow < level.blocksDown; blockRow++) {
    for (let blockColumn = 0; blockColumn < level.blocksAcross; blockColumn++) {
      const block = (await level.readBlock(blockColumn, blockRow))!;
      for (let y = 0; y < block.height; y++) {
        const row = blockRow * level.blockHeight + y;
        for (let x = 0; x < block.width; x++) {
          const column = blockColumn * level.blockWidth + x;
          if (row >= level.height || column >= level.width) continue;
          mask[row * level.width + column] = block.mask === undefined ? 255 : block.mask[y * block.width + x]!;
        }
      }
    }
  }
  return mask;
}
