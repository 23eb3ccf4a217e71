import type { Raster } from '../tiff/raster.ts';

/** An overview may be this much coarser than the target: overviews are rarely an exact power of two smaller. */
const COARSER_BY = 1.01;

/**
 * The coarsest level that is still as fine as the target.
 * @param scale full-resolution pixels for each target pixel, along one side
 * @returns an index into `raster.levels`
 */
export function chooseLevel(raster: Pick<Raster, 'levels'>, scale: number): number {
  const full = raster.levels[0]!;
  let chosen = 0;
  for (const [index, level] of raster.levels.entries()) {
    const factor = Math.sqrt((full.width / level.width) * (full.height / level.height));
    if (factor <= scale * COARSER_BY) chosen = index;
  }
  return chosen;
}
