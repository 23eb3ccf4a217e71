import { LonghaulError } from '../errors/longhaul-error.ts';
import { sourceNotAllowed } from '../sources/errors.ts';
import { readDataset } from './datasets.ts';
import type { Platform } from './platform.ts';
import type { Datasets } from './process.ts';
import { objectReader } from './work-files.ts';

/** The datasets that the jobs of one tenant have published: its pointers in the table, its folder of outputs. */
export function publishedDatasets(platform: Platform, tenant: string): Datasets {
  const folder = new URL(`${tenant}/`, platform.locations.outputs).href;
  return {
    current: (id) => readDataset(platform, tenant, id, { consistent: true }),
    open({ url, bytes }) {
      if (!url.href.startsWith(folder)) throw sourceNotAllowed(url, 'it is no published file of yours');
      return objectReader(platform.objects, url, bytes, fileMissing);
    },
  };
}

function fileMissing(url: URL, bytes: number): LonghaulError {
  return new LonghaulError({
    code: 'dataset-file-missing',
    retryable: false,
    detail: `${url.pathname} was published with ${bytes} bytes and is no longer stored like that.`,
    remedy: 'Publish the dataset anew, with a mode that does not build upon what is there.',
  });
}
