import type { Raster } from '../tiff/raster.ts';
import { isMissing, type ChannelSelection } from './read-window.ts';
import type { ValueRange } from './warp-tile.ts';

/** Values below the first and above the second are shown as black and white. */
const PERCENTILES = [2, 98] as const;

/** Blocks of the coarsest level that are looked at, spread evenly. */
const MAX_BLOCKS = 16;

/** Values of each band that are looked at, spread evenly: a percentile of so many is exact to about 0.1 %. */
const MAX_VALUES = 262_144;

/**
 * Estimates for each selected band the range that most values lie in, from the coarsest level. The same file gives
 * the same ranges. A band without any value gets 0 to 1.
 * @throws LonghaulError as `RasterLevel.readBlock`
 */
export async function estimateRescale(
  raster: Raster,
  selection: ChannelSelection,
  signal?: AbortSignal,
): Promise<ValueRange[]> {
  const level = raster.levels.at(-1)!;
  const blocks = level.blocksAcross * level.blocksDown;
  const blockStep = Math.ceil(blocks / MAX_BLOCKS);
  const looked = Math.ceil(blocks / blockStep);
  const pixelStep = Math.max(1, Math.ceil((level.blockWidth * level.blockHeight * looked) / MAX_VALUES));
  const values: number[][] = selection.bands.map(() => []);
  for (let index = 0; index < blocks; index += blockStep) {
    const column = index % level.blocksAcross;
    const row = Math.floor(index / level.blocksAcross);
    const block = await level.readBlock(column, row, signal);
    if (block === undefined) continue;
    // The last blocks of a row and a column reach beyond the image.
    const width = Math.min(block.width, level.width - column * level.blockWidth);
    const height = Math.min(block.height, level.height - row * level.blockHeight);
    for (let count = 0; count < width * height; count += pixelStep) {
      const pixel = Math.floor(count / width) * block.width + (count % width);
      const first = pixel * raster.samples;
      if (block.mask?.[pixel] === 0 || isMissing(block.samples, first, selection)) continue;
      if (raster.alpha && block.samples[first + raster.samples - 1] === 0) continue;
      for (const [channel, band] of selection.bands.entries()) {
        values[channel]!.push(block.samples[first + band - 1]!);
      }
    }
  }
  return values.map(rangeOf);
}

function rangeOf(values: readonly number[]): ValueRange {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = PERCENTILES.map((percentile) => sorted[Math.floor(((sorted.length - 1) * percentile) / 100)]);
  if (low === undefined || high === undefined) return [0, 1];
  return low < high ? [low, high] : [low, low + 1];
}
