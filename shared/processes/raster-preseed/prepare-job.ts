import type { ProcessContext } from '../../jobs/process.ts';
import { tooManyTiles } from './errors.ts';
import type { RasterPreseedInputs } from './inputs.ts';
import { mapInOrder } from './map-in-order.ts';
import { MAX_TILES, prepareDataset, type PreparedDataset } from './prepare-dataset.ts';
import { requestedDatasets } from './requested-datasets.ts';

/** Sources opened at once. */
const CONCURRENT_SOURCES = 4;

/**
 * Opens every source of a job and numbers its tiles: what `plan` and `estimate` both begin with.
 * @throws LonghaulError as `prepareDataset`, for the first dataset that is refused; `too-many-tiles` for all together
 */
export async function prepareJob(
  context: Pick<ProcessContext, 'sources' | 'signal'>,
  inputs: RasterPreseedInputs,
): Promise<PreparedDataset[]> {
  const prepared = await mapInOrder(requestedDatasets(inputs), CONCURRENT_SOURCES, (requested) =>
    prepareDataset(context, inputs, requested),
  );
  const tiles = prepared.reduce((sum, { coverage }) => sum + coverage.count, 0);
  if (tiles > MAX_TILES) throw tooManyTiles(tiles, MAX_TILES);
  return prepared;
}
