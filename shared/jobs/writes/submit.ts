import { absent, any, atMost } from '../conditions.ts';
import { newJobItem } from '../items/job-item.ts';
import { jobItemKey, submissionItemKey } from '../items/keys.ts';
import type { Job } from '../job.ts';
import type { Write } from '../ports/job-store.ts';
import { timeToLive } from '../retention.ts';
import { holdJobWrite } from './active-jobs.ts';

/** How long one key, or the same inputs without a key, give the same job. */
export const IDEMPOTENCY_MILLISECONDS = 24 * 60 * 60 * 1000;

const DAYS_UNTIL_FORGOTTEN = 2;

export interface SubmissionRecord {
  /** Hash of the tenant, the process and the caller's key or the canonical inputs. */
  keyHash: string;
  /** Hash of the process and the canonical request: tells a repetition from another request under the same key. */
  requestHash: string;
}

/** Index of the write that counts the job, where active jobs are limited. */
export const QUOTA_WRITE = 2;

/**
 * Two items, one transaction: the job row and the record that makes its submission idempotent; where the tenant's
 * active jobs are limited, a third one that counts them.
 *
 *     submit ├────────────── 24 h: same key, same job ──────────────┤ the record may be replaced
 */
export function submitWrites(job: Job, submission: SubmissionRecord, maxActiveJobs?: number): Write[] {
  const jobIsNew = absent('state');
  const keyIsFree = absent('jobId');
  const keyHasExpired = atMost('expiresAt', job.createdAt);
  return [
    { kind: 'put', key: jobItemKey(job), item: newJobItem(job), condition: jobIsNew },
    {
      kind: 'put',
      key: submissionItemKey(job.tenant, submission.keyHash),
      item: {
        jobId: job.jobId,
        requestHash: submission.requestHash,
        expiresAt: job.createdAt + IDEMPOTENCY_MILLISECONDS,
        ttl: timeToLive(job.createdAt, DAYS_UNTIL_FORGOTTEN),
      },
      condition: any(keyIsFree, keyHasExpired),
    },
    ...(maxActiveJobs === undefined ? [] : [holdJobWrite(job, maxActiveJobs)]),
  ];
}
