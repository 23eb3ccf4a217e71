import { encodeTile } from '../../geo/encode/encode-tile.ts';
import { openRaster } from '../../geo/tiff/open-raster.ts';
import { tileFromId } from '../../geo/tiles/tile-id.ts';
import { tileBounds } from '../../geo/tiles/web-mercator-quad.ts';
import { createBlockCache } from '../../geo/warp/block-cache.ts';
import { createBufferPool } from '../../geo/warp/buffer-pool.ts';
import { warpTile, type WarpSource } from '../../geo/warp/warp-tile.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { ChunkResult, ChunkWork, ProcessContext, UnitError } from '../../jobs/process.ts';
import type { UnitRange } from '../../jobs/numbering.ts';
import { datasetCoverage } from './dataset-coverage.ts';
import type { RasterDetail } from './detail.ts';
import type { RasterPreseedInputs } from './inputs.ts';
import { mapInOrder } from './map-in-order.ts';
import { encodePayload, type MadeTile } from './payload.ts';

/** Tiles under way at once: while some are encoded in other threads, the next is warped. */
const CONCURRENT_TILES = 4;

/** Final errors of the source as a whole: no other tile of it would fare better. */
const SOURCE_ERRORS: ReadonlySet<string> = new Set([
  'source-replaced',
  'source-not-found',
  'source-access-denied',
  'source-not-allowed',
  'source-ranges-unsupported',
]);

type Outcome = { tile: MadeTile } | { error: UnitError };

/**
 * Makes the tiles of a chunk. A tile that fails for good is an error of its own and the chunk goes on; what may succeed
 * later, and what is wrong with the source as a whole, ends the chunk.
 */
export async function runRasterChunk(
  { sources, signal: outer }: ProcessContext,
  { inputs, dataset, ranges }: ChunkWork<RasterPreseedInputs, RasterDetail>,
): Promise<ChunkResult> {
  const { detail } = dataset;
  const failed = new AbortController();
  const signal = AbortSignal.any([outer, failed.signal]);
  const reader = await sources.open(new URL(detail.source), { signal, etag: detail.etag });
  const raster = await openRaster(reader, signal);
  const coverage = datasetCoverage(detail, signal);
  const source: WarpSource = {
    raster,
    cache: createBlockCache(raster, { signal }),
    pool: createBufferPool(),
    extents: detail.footprint.extents,
    selection: { bands: detail.bands, nodata: detail.nodata ?? raster.nodata },
    rescale: detail.rescale,
    resampling: inputs.resampling,
  };

  async function makeTile(unit: number): Promise<Outcome> {
    const tileId = coverage.tileIdAt(unit);
    const tile = tileFromId(tileId);
    try {
      signal.throwIfAborted();
      const pixels = await warpTile(source, { bounds: tileBounds(tile), size: inputs.tileSize }, signal);
      const encoded = pixels && (await encodeTile(pixels, inputs.format, { quality: inputs.quality }));
      return { tile: { tileId, bytes: encoded ?? new Uint8Array() } };
    } catch (error) {
      outer.throwIfAborted();
      if (isOfThisTile(error)) return { error: unitError(error, dataset.id, unit, tile) };
      failed.abort(error);
      throw error;
    }
  }

  const outcomes = await mapInOrder(unitsOf(ranges), CONCURRENT_TILES, makeTile);
  signal.throwIfAborted();
  return chunkResult(outcomes);
}

function chunkResult(outcomes: readonly Outcome[]): ChunkResult {
  const tiles = outcomes.flatMap((outcome) => ('tile' in outcome ? [outcome.tile] : []));
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  const skipped = tiles.filter(({ bytes }) => bytes.length === 0).length;
  return {
    counts: {
      done: tiles.length - skipped,
      failed: errors.length,
      skipped,
      bytes: tiles.reduce((sum, { bytes }) => sum + bytes.length, 0),
    },
    errors,
    payload: encodePayload(tiles),
  };
}

function isOfThisTile(error: unknown): error is LonghaulError {
  return error instanceof LonghaulError && !error.retryable && !SOURCE_ERRORS.has(error.code);
}

function unitError(
  error: LonghaulError,
  dataset: string,
  number: number,
  tile: ReturnType<typeof tileFromId>,
): UnitError {
  return {
    number,
    unit: `${tile.zoom}/${tile.column}/${tile.row}`,
    dataset,
    code: error.code,
    detail: error.detail,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  };
}

function* unitsOf(ranges: readonly UnitRange[]): Generator<number> {
  for (const { start, end } of ranges) {
    for (let unit = start; unit < end; unit++) yield unit;
  }
}
