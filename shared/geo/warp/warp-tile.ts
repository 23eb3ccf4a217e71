import type { Raster } from '../tiff/raster.ts';
import type { Bounds } from '../tiles/web-mercator-quad.ts';
import type { BlockCache } from './block-cache.ts';
import type { BufferPool } from './buffer-pool.ts';
import { chooseLevel } from './choose-level.ts';
import { buildControlGrid, type ControlGrid, type Region, type TargetPlacement } from './control-grid.ts';
import type { Extent } from './extent.ts';
import type { Pixels } from './pixels.ts';
import { channelCount, readWindow, windowBytesPerPixel, type ChannelSelection, type Rectangle } from './read-window.ts';
import type { Canvas, Kernel, ValueScale } from './resample-row.ts';
import { resampleCells, type Resampling } from './resample-cells.ts';
import { sourceProjection } from './source-projection.ts';
import { sourceScale } from './source-scale.ts';

const MIB = 1024 * 1024;

/** Largest window in bytes; a target that needs a larger one is made in parts. */
const MAX_WINDOW_BYTES = 8 * MIB;

/** Lowest and highest value of a channel, shown as 0 and 255; the first may be the higher one. */
export type ValueRange = readonly [min: number, max: number];

/** What tiles are made from. */
export interface WarpSource {
  readonly raster: Raster;
  readonly cache: BlockCache;
  /** Memory for the windows of the tiles. */
  readonly pool: BufferPool;
  /** Where the raster lies (`rasterFootprint`); nothing outside is asked for. */
  readonly extents: readonly Extent[];
  readonly selection: ChannelSelection;
  /** For each channel. */
  readonly rescale: readonly ValueRange[];
  readonly resampling: Resampling;
}

/** What is to be made. */
export interface WarpTarget {
  readonly bounds: Bounds;
  /** Pixels along each side. */
  readonly size: number;
}

/** A region that is ready to be resampled. */
interface Part {
  level: number;
  grid: ControlGrid;
  rectangle: Rectangle;
  /** Whether every pixel of the region lies inside of the raster. */
  inside: boolean;
}

/**
 * Warps a raster into a square of EPSG:3857. A pixel is within one grey level of what a projection of each single
 * pixel gives, for 8-bit values and the same kernel.
 * @returns undefined when the raster does not touch the target; else pixels, of which all may be transparent
 * @throws LonghaulError as `RasterLevel.readBlock`; the signal's reason when it is aborted
 */
export async function warpTile(
  source: WarpSource,
  target: WarpTarget,
  signal?: AbortSignal,
): Promise<Pixels | undefined> {
  const { raster, selection, cache, pool } = source;
  const colours = channelCount(raster, selection);
  const kernel: Kernel = { values: valueScale(source.rescale, colours), softAlpha: raster.alpha };
  const step = (target.bounds[2] - target.bounds[0]) / target.size;
  const placement: TargetPlacement = { left: target.bounds[0], top: target.bounds[3], step };
  let canvas: Canvas | undefined;

  async function paint(region: Region, extent: Extent): Promise<void> {
    const part = await locate(raster, placement, region, extent, signal);
    if (part === undefined) return;
    const bytes = part.rectangle.width * part.rectangle.height * windowBytesPerPixel(raster, selection);
    if (bytes > MAX_WINDOW_BYTES && region.width * region.height > 1) {
      for (const half of halves(region)) await paint(half, extent);
      return;
    }
    const window = await readWindow(raster, cache, part.level, part.rectangle, selection, pool);
    signal?.throwIfAborted();
    const opaque = part.inside && window.alpha === undefined && coversAll(region, target.size);
    canvas ??= createCanvas(target.size, colours, !opaque);
    resampleCells(canvas, window, part.grid, source.resampling, kernel);
    pool.give(window.samples.buffer);
  }

  for (const extent of source.extents) {
    signal?.throwIfAborted();
    const region = regionUnder(extent.bounds, placement, target.size);
    if (region !== undefined) await paint(region, extent);
  }
  return canvas && { width: target.size, height: target.size, channels: canvas.stride, data: canvas.data };
}

/** Chooses the level and finds which part of it a region needs; undefined when the region misses the raster. */
async function locate(
  raster: Raster,
  placement: TargetPlacement,
  region: Region,
  extent: Extent,
  signal: AbortSignal | undefined,
): Promise<Part | undefined> {
  const scale = sourceScale(sourceProjection(raster, 0, extent.sourceShift), placement, region);
  const levelIndex = chooseLevel(raster, scale);
  const level = raster.levels[levelIndex]!;
  const project = sourceProjection(raster, levelIndex, extent.sourceShift);
  const grid = await buildControlGrid(project, placement, region, signal);
  // One pixel more on each side: a place has neighbours.
  const left = Math.max(0, Math.floor(grid.minU) - 1);
  const upper = Math.max(0, Math.floor(grid.minV) - 1);
  const right = Math.min(level.width, Math.ceil(grid.maxU) + 1);
  const lower = Math.min(level.height, Math.ceil(grid.maxV) + 1);
  if (!(left < right && upper < lower)) return undefined;
  return {
    level: levelIndex,
    grid,
    rectangle: { column: left, row: upper, width: right - left, height: lower - upper },
    inside: grid.complete && grid.minU >= 0 && grid.minV >= 0 && grid.maxU <= level.width && grid.maxV <= level.height,
  };
}

/** The target's pixels that an extent touches. */
function regionUnder(bounds: Bounds, { left, top, step }: TargetPlacement, size: number): Region | undefined {
  const first = Math.max(0, Math.floor((bounds[0] - left) / step));
  const last = Math.min(size, Math.ceil((bounds[2] - left) / step));
  const upper = Math.max(0, Math.floor((top - bounds[3]) / step));
  const lower = Math.min(size, Math.ceil((top - bounds[1]) / step));
  if (first >= last || upper >= lower) return undefined;
  return { column: first, row: upper, width: last - first, height: lower - upper };
}

function coversAll(region: Region, size: number): boolean {
  return region.width === size && region.height === size;
}

function halves({ column, row, width, height }: Region): Region[] {
  if (width >= height) {
    const left = width >> 1;
    return [
      { column, row, width: left, height },
      { column: column + left, row, width: width - left, height },
    ];
  }
  const upper = height >> 1;
  return [
    { column, row, width, height: upper },
    { column, row: row + upper, width, height: height - upper },
  ];
}

function createCanvas(size: number, colours: 1 | 3, alpha: boolean): Canvas {
  const stride = alpha ? (colours === 3 ? 4 : 2) : colours;
  return { colours, stride, width: size, data: new Uint8Array(size * size * stride) };
}

function valueScale(rescale: readonly ValueRange[], colours: number): ValueScale {
  const ranges = rescale.slice(0, colours);
  return {
    scale: ranges.map(([min, max]) => 255 / (max - min)),
    offset: ranges.map(([min, max]) => (-min * 255) / (max - min)),
  };
}
