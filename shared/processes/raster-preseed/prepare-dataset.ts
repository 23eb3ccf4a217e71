import { openRaster } from '../../geo/tiff/open-raster.ts';
import { withField } from '../../errors/with-field.ts';
import type { Raster } from '../../geo/tiff/raster.ts';
import type { Coverage } from '../../geo/tiles/coverage.ts';
import { estimateCount } from '../../geo/tiles/estimate-count.ts';
import { rasterFootprint, type Footprint } from '../../geo/warp/footprint.ts';
import type { ProcessContext } from '../../jobs/process.ts';
import { clipAreas, datasetCoverage } from './dataset-coverage.ts';
import { bandMissing, coverageEmpty, rescaleMismatch, rescaleOfPalette, tooManyTiles } from './errors.ts';
import type { Clip } from './detail.ts';
import type { RasterPreseedInputs } from './inputs.ts';
import type { RequestedDataset } from './requested-datasets.ts';
import { resolveZooms } from './resolve-zooms.ts';

/** Most tiles of a job: more are refused before anything is built. */
export const MAX_TILES = 1e10;

/** A dataset whose source was opened and whose tiles are numbered. */
export interface PreparedDataset {
  readonly requested: RequestedDataset;
  readonly raster: Raster;
  readonly footprint: Footprint;
  readonly clip: Clip;
  readonly minzoom: number;
  readonly maxzoom: number;
  readonly coverage: Coverage;
  /** Bands shown, counted from 1. */
  readonly bands: number[];
  /** Source pixels decoded for the most expensive tile. */
  readonly sourcePixels: number;
}

/**
 * Opens the source of a dataset, reads its header and numbers its tiles.
 * @throws LonghaulError with a `field`: what `Sources.open` and `openRaster` throw, and every refusal of this process
 */
export async function prepareDataset(
  context: Pick<ProcessContext, 'sources' | 'signal'>,
  inputs: RasterPreseedInputs,
  requested: RequestedDataset,
): Promise<PreparedDataset> {
  const { sources, signal } = context;
  const sourceField = `${requested.field}/source`;
  const clip = clipOf(inputs);
  const areas = clipAreas(clip);
  const { raster, footprint } = await openSource();
  const bands = chooseBands(raster, requested);
  checkRescale(raster, bands, requested);
  const { minzoom, maxzoom, sourcePixels } = resolveZooms(raster, inputs, sourceField);
  const tiles = estimateCount([footprint.area, ...areas], minzoom, maxzoom);
  if (tiles > MAX_TILES) throw tooManyTiles(tiles, MAX_TILES);
  const coverage = datasetCoverage({ footprint, clip, minzoom, maxzoom }, signal);
  if (coverage.count === 0) throw coverageEmpty(requested.id, emptyField(inputs, sourceField));
  return { requested, raster, footprint, clip, minzoom, maxzoom, coverage, bands, sourcePixels };

  async function openSource(): Promise<{ raster: Raster; footprint: Footprint }> {
    try {
      const reader = await sources.open(requested.source, { signal });
      const raster = await openRaster(reader, signal);
      return { raster, footprint: rasterFootprint(raster) };
    } catch (error) {
      throw withField(error, sourceField);
    }
  }
}

/** The first three bands or the one, unless the caller chose. */
function chooseBands(raster: Raster, { request, field }: RequestedDataset): number[] {
  if (request.bands === undefined) return raster.bands >= 3 ? [1, 2, 3] : [1];
  const missing = request.bands.findIndex((band) => band > raster.bands);
  if (missing >= 0) throw bandMissing(request.bands[missing]!, raster.bands, `${field}/bands/${missing}`);
  return request.bands;
}

function checkRescale(raster: Raster, bands: readonly number[], { request, field }: RequestedDataset): void {
  const { rescale } = request;
  if (rescale === undefined) return;
  if (raster.palette !== undefined) throw rescaleOfPalette(`${field}/rescale`);
  const ranges = rescale.filter((range) => typeof range !== 'number').length;
  if (ranges > 1 && ranges !== bands.length) throw rescaleMismatch(ranges, bands.length, `${field}/rescale`);
}

function clipOf({ bbox, area }: RasterPreseedInputs): Clip {
  return { ...(bbox === undefined ? {} : { bbox }), ...(area === undefined ? {} : { area }) };
}

function emptyField(inputs: RasterPreseedInputs, sourceField: string): string {
  if (inputs.bbox !== undefined) return '/inputs/bbox';
  return inputs.area === undefined ? sourceField : '/inputs/area';
}
