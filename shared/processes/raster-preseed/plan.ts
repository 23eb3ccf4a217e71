import type { Raster } from '../../geo/tiff/raster.ts';
import { estimateRescale } from '../../geo/warp/estimate-rescale.ts';
import type { ChannelSelection } from '../../geo/warp/read-window.ts';
import type { ValueRange } from '../../geo/warp/warp-tile.ts';
import type { Plan, PlannedDataset, ProcessContext } from '../../jobs/process.ts';
import { chunkUnitsOf } from './chunk-units.ts';
import { numberingOf } from './dataset-coverage.ts';
import type { RasterDetail } from './detail.ts';
import { withField } from '../../errors/with-field.ts';
import type { RasterPreseedInputs } from './inputs.ts';
import { mapInOrder } from './map-in-order.ts';
import type { PreparedDataset } from './prepare-dataset.ts';
import { prepareJob } from './prepare-job.ts';

/** Sources opened at once. */
const CONCURRENT_SOURCES = 4;

/** Numbers the tiles of every dataset, and pins the versions of the sources. */
export async function planRasterPreseed(
  context: ProcessContext,
  inputs: RasterPreseedInputs,
): Promise<Plan<RasterDetail>> {
  const prepared = await prepareJob(context, inputs);
  const datasets = await mapInOrder(prepared, CONCURRENT_SOURCES, (dataset) => planDataset(context, inputs, dataset));
  return { datasets, toleratedFailurePercentage: inputs.toleratedFailurePercentage };
}

async function planDataset(
  { signal }: ProcessContext,
  inputs: RasterPreseedInputs,
  dataset: PreparedDataset,
): Promise<PlannedDataset<RasterDetail>> {
  const { requested, raster, footprint, clip, minzoom, maxzoom, coverage, bands } = dataset;
  const { nodata } = requested.request;
  const detail: RasterDetail = {
    source: requested.source.href,
    etag: raster.etag,
    footprint,
    clip,
    minzoom,
    maxzoom,
    bands,
    ...(nodata === undefined ? {} : { nodata }),
    ...(await valueRanges()),
    tiles: coverage.countByZoom.map(({ zoom, tiles }) => ({ zoom, tiles })),
  };
  return {
    id: requested.id,
    units: coverage.count,
    chunkUnits: chunkUnitsOf(inputs, dataset.sourcePixels),
    numbering: numberingOf(detail),
    detail,
  };

  async function valueRanges(): Promise<{ rescale: ValueRange[]; rescaleEstimated: boolean }> {
    const given = rangesByChannel(raster, bands, requested.request.rescale);
    if (given !== undefined) return { rescale: given, rescaleEstimated: false };
    const selection: ChannelSelection = { bands, nodata: nodata ?? raster.nodata };
    try {
      const estimated = await estimateRescale(raster, selection, signal);
      const reversed = raster.photometric === 'min-is-white';
      return {
        rescale: reversed ? estimated.map(([min, max]) => [max, min] as const) : estimated,
        rescaleEstimated: true,
      };
    } catch (error) {
      throw withField(error, `${requested.field}/source`);
    }
  }
}

/** The value ranges that need no look at the values: given by the caller, or those of 8 bits. */
function rangesByChannel(
  raster: Raster,
  bands: readonly number[],
  rescale: PreparedDataset['requested']['request']['rescale'],
): ValueRange[] | undefined {
  const channels = raster.palette === undefined ? bands.length : 3;
  if (rescale !== undefined) {
    const ranges = (typeof rescale[0] === 'number' ? [rescale] : rescale) as [number, number][];
    return Array.from({ length: channels }, (_, index) => ranges[index] ?? ranges[0]!);
  }
  if (raster.sampleType !== 'uint8') return undefined;
  const range: ValueRange = raster.photometric === 'min-is-white' ? [255, 0] : [0, 255];
  return Array.from({ length: channels }, () => range);
}
