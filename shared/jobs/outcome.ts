import type { Counts, DatasetState, ErrorRecord } from './job.ts';
import type { DatasetVerdict, PlannedDataset } from './process.ts';

/** Judges one dataset by what failed of all its units, earlier jobs of a retry included. */
export function datasetOutcome(
  dataset: Pick<PlannedDataset, 'units' | 'union'>,
  counts: Counts,
  toleratedFailurePercentage: number,
): DatasetState {
  const units = dataset.union?.units ?? dataset.units;
  const failed = counts.failed + (dataset.union?.failed ?? 0);
  if (failed === 0) return 'succeeded';
  return failed < units && failed * 100 <= units * toleratedFailurePercentage ? 'partial' : 'failed';
}

/** What the process says of a dataset can only make it worse. */
export function withVerdict(state: DatasetState, verdict: DatasetVerdict | undefined): DatasetState {
  return verdict === undefined || state === 'failed' ? state : verdict.state;
}

/** What became of the job: one dataset that can be published is enough for it to be partial. */
export function jobOutcome(states: readonly DatasetState[]): DatasetState {
  if (states.every((state) => state === 'succeeded')) return 'succeeded';
  return states.every((state) => state === 'failed') ? 'failed' : 'partial';
}

/** Why a job of which nothing could be published failed. */
export function tooManyFailures(failed: number, units: number, toleratedFailurePercentage: number): ErrorRecord {
  return {
    code: 'too-many-failures',
    detail: `${failed} of ${units} units failed; ${toleratedFailurePercentage} % are tolerated. Nothing was published.`,
    remedy: 'Read the list of errors, mend the cause, and retry the job: only what failed is run again.',
  };
}
