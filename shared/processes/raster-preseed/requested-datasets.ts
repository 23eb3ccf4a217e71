import { datasetIdOf, fileNameOf, freeId } from '../dataset-id.ts';
import { duplicateDatasetId } from './errors.ts';
import type { RasterPreseedInputs } from './inputs.ts';

/** A dataset as it was asked for, with its id. */
export interface RequestedDataset {
  readonly id: string;
  readonly source: URL;
  readonly request: RasterPreseedInputs['datasets'][number];
  /** JSON pointer to it. */
  readonly field: string;
}

/**
 * Gives every dataset an id: its own, or one made from the file name, with a number where that is taken.
 * @throws LonghaulError `dataset-id-duplicate` (final)
 */
export function requestedDatasets({ datasets }: RasterPreseedInputs): RequestedDataset[] {
  const taken = new Set<string>();
  for (const [index, { id }] of datasets.entries()) {
    if (id === undefined) continue;
    if (taken.has(id)) throw duplicateDatasetId(id, `/inputs/datasets/${index}/id`);
    taken.add(id);
  }
  return datasets.map((request, index) => {
    const source = new URL(request.source);
    const id = request.id ?? freeId(datasetIdOf(fileNameOf(source)), taken);
    taken.add(id);
    return { id, source, request, field: `/inputs/datasets/${index}` };
  });
}
