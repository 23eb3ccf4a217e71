import type { Datasets, WorkFiles } from '../../shared/jobs/process.ts';

const unused = (): never => {
  throw new TypeError('this process was not to use it');
};

/** For processes that keep no files for their chunks. */
export const NO_FILES: WorkFiles = { create: unused, open: unused };

/** For processes that build upon no dataset. */
export const NOTHING_PUBLISHED: Datasets = { current: unused, open: unused };

/** What a finish is given, for processes that name no list of errors, no time, and make no small files. */
export const NO_DATASETS = {
  errorsUrl: new URL('s3://data/outputs/acme/job/errors.ndjson'),
  acceptedAt: 0,
  putOutput: unused,
};
