import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import type { Datasets } from '../../shared/jobs/process.ts';

/** A run on one machine leaves files behind, and no pointer that a later one could find: what asks for a dataset is refused. */
export const NO_DATASETS: Datasets = {
  current: (id) => Promise.reject(datasetsNotKept(id)),
  open: ({ url }) => {
    throw datasetsNotKept(url.pathname);
  },
};

function datasetsNotKept(dataset: string): LonghaulError {
  return new LonghaulError({
    code: 'datasets-not-kept',
    retryable: false,
    detail: `The job builds upon what is published as "${dataset}", and a run on this machine knows no published datasets.`,
    remedy: 'Submit the job to a deployment, or choose the mode create or replace.',
    field: '/inputs/mode',
  });
}
