import type { Raster } from '../tiff/raster.ts';
import { chooseLevel } from './choose-level.ts';

/**
 * Pixels of the source that are decoded for one tile, at most about: those of all blocks that its window touches, in
 * the level that is chosen for it.
 * @param resolution side of a target pixel, in full-resolution pixels of the source
 * @param size pixels along each side of the tile
 */
export function sourcePixelsOfTile(raster: Pick<Raster, 'levels'>, resolution: number, size: number): number {
  const full = raster.levels[0]!;
  const level = raster.levels[chooseLevel(raster, resolution)]!;
  const side = (pixels: number, fullPixels: number, block: number) => {
    const window = (size * resolution * pixels) / fullPixels;
    return Math.min(pixels, (Math.ceil(window / block) + 1) * block);
  };
  return side(level.width, full.width, level.blockWidth) * side(level.height, full.height, level.blockHeight);
}
