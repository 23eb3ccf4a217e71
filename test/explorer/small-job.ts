import type { JobKey } from '../../shared/jobs/job.ts';
import type { ExecuteRequest } from '../../shared/jobs/execute-request.ts';
import { numbersProcess } from '../helpers/numbers-process.ts';

/** Time stands at this instant; what has passed is told by the stamps in the table (see `time-classes.ts`). */
export const NOW = Date.UTC(2026, 0, 1);

export const JOB: JobKey = { tenant: 'acme', jobId: `01J${'0'.repeat(22)}1` };

/** Two attempts at planning: a lease that runs out twice ends the job. */
export const SMALL_PROCESS = numbersProcess({ attempts: 2 });

/** Two datasets, so two shards: one of two chunks, one of one. Unit 3 of `a` fails, which is tolerated. */
export const REQUEST: ExecuteRequest = {
  inputs: {
    datasets: [
      { id: 'a', units: 4 },
      { id: 'b', units: 1 },
    ],
    chunkUnits: 2,
    failing: [3],
    empty: [],
    toleratedFailurePercentage: 50,
  },
};

interface KnownCounts {
  done: number;
  failed: number;
  skipped: number;
  bytes: number;
}

/** What each chunk of each shard makes, worked out by hand: `0 1`, `2` (3 fails), and `0`. */
export const TRUTH: readonly (readonly KnownCounts[])[] = [
  [
    { done: 2, failed: 0, skipped: 0, bytes: 3 },
    { done: 1, failed: 1, skipped: 0, bytes: 1 },
  ],
  [{ done: 1, failed: 0, skipped: 0, bytes: 1 }],
];

/** What is published of each dataset. */
export const PUBLISHED: Readonly<Record<string, string>> = { a: '0 1 2', b: '0' };

/** How a whole job ends: some units failed within the tolerance. */
export const WHOLE_END = 'partial';
