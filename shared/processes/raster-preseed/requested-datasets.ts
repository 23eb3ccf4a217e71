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

const MAX_ID_LENGTH = 63;

/** Room for a number behind an id that is made from a file name. */
const MAX_NAME_LENGTH = 56;

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
    const id = request.id ?? freeId(source, taken);
    taken.add(id);
    return { id, source, request, field: `/inputs/datasets/${index}` };
  });
}

function freeId(source: URL, taken: ReadonlySet<string>): string {
  const name = idFromFileName(source);
  for (let number = 2, id = name; ; id = `${name}-${number++}`) {
    if (!taken.has(id)) return id.slice(0, MAX_ID_LENGTH);
  }
}

/** `…/My%20Scene.tif` → `my-scene`. */
function idFromFileName(source: URL): string {
  const name = (source.pathname.split('/').at(-1) ?? '').replace(/%[0-9a-f]{2}/gi, '-').replace(/\.[^.]*$/, '');
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'dataset' : slug;
}
