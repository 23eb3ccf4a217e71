import { LonghaulError } from '../errors/longhaul-error.ts';
import { releaseEndedJobs, tooManyActiveJobs } from './active-jobs.ts';
import type { ExecuteRequest } from './execute-request.ts';
import { requestUrl } from './folders.ts';
import { textOf } from './items/attributes.ts';
import { submissionItemKey } from './items/keys.ts';
import type { Job } from './job.ts';
import { loadJob } from './load-job.ts';
import type { Platform } from './platform.ts';
import type { TransactionOutcome } from './ports/job-store.ts';
import { hashOf } from './request-hash.ts';
import { writeStoredJson } from './stored-json.ts';
import { QUOTA_WRITE, submitWrites } from './writes/submit.ts';
import { STALE_MILLISECONDS } from './handlers/sweep.ts';

export interface Submission {
  tenant: string;
  subject: string;
  processId: string;
  /** Validated and normalised. */
  request: ExecuteRequest;
  /** The caller's key; without one, the same request gives the same job. */
  idempotencyKey?: string;
  tags?: string[];
  retryOf?: string;
  /** Id of the job, when the same submission must give the same job however late it is made again. */
  jobId?: string;
}

export interface SubmitOutcome {
  outcome: 'accepted' | 'existing';
  job: Job;
}

/**
 * Accepts a job, or finds the one that the same submission gave within the last 24 h. When it returns, the job is
 * durable; everything else follows from the table's stream.
 * @throws LonghaulError `process-unknown` (final); `idempotency-conflict` (final): the key was used for another
 *   request, and nothing was written; QuotaError `quota-exceeded` (final): so many jobs are active;
 *   `store-unavailable` (retryable): submitting again is safe
 */
export async function submitJob(platform: Platform, submission: Submission): Promise<SubmitOutcome> {
  const maxActiveJobs = platform.limits(submission.tenant).maxActiveJobs;
  const job = newJob(platform, submission, maxActiveJobs !== undefined);
  const { tenant, processId, request, idempotencyKey, retryOf } = submission;
  const requestHash = hashOf(processId, request, retryOf ?? null);
  const keyHash = idempotencyKey === undefined ? requestHash : hashOf(processId, 'key', idempotencyKey);
  const record = { keyHash, requestHash };
  await writeStoredJson(platform.objects, requestUrl(platform.locations, job), request);
  const writes = submitWrites(job, record, maxActiveJobs);
  const accept = (): Promise<TransactionOutcome> => platform.store.transact(writes, `${tenant}/${job.jobId}/submit`);
  let written = await accept();
  if (maxActiveJobs !== undefined && isFull(written)) {
    const quota = await releaseEndedJobs(platform, tenant);
    if (quota.activeJobs < maxActiveJobs) written = await accept();
    if (isFull(written)) throw tooManyActiveJobs(quota, maxActiveJobs);
  }
  if (written.accepted) {
    platform.logger.info('job.accepted', { tenant, job: job.jobId, process: processId });
    return { outcome: 'accepted', job };
  }
  const own = submission.jobId === undefined ? undefined : await loadJob(platform.store, job, { consistent: true });
  return { outcome: 'existing', job: own ?? (await existingJob(platform, tenant, record)) };
}

/** True when nothing but the quota of active jobs stands in the way. */
function isFull(written: TransactionOutcome): boolean {
  return !written.accepted && written.rejected.every(({ index }) => index === QUOTA_WRITE);
}

function newJob(platform: Platform, submission: Submission, inQuota: boolean): Job {
  const process = platform.processes.get(submission.processId);
  if (process === undefined) {
    throw new LonghaulError({
      code: 'process-unknown',
      retryable: false,
      detail: `There is no process ${submission.processId}.`,
      remedy: 'List the processes at /processes.',
    });
  }
  const now = platform.clock.now();
  const { tenant, subject, request, tags, retryOf } = submission;
  return {
    tenant,
    jobId: submission.jobId ?? platform.identifiers.next(now),
    state: 'accepted',
    version: 1,
    processId: process.id,
    processVersion: process.version,
    createdAt: now,
    updatedAt: now,
    deadlineAt: now + process.limits.deadlineSeconds * 1000,
    dueAt: now + STALE_MILLISECONDS,
    subject,
    counts: [],
    nextShard: 0,
    settledShards: new Set(),
    healed: {},
    history: [
      { state: 'accepted', at: now, actor: `user:${subject}`, cause: retryOf === undefined ? 'submitted' : 'retry' },
    ],
    ...(retryOf === undefined ? {} : { retryOf }),
    ...(tags === undefined || tags.length === 0 ? {} : { tags }),
    ...(request.subscriber === undefined ? {} : { subscribed: true }),
    ...(inQuota ? { inQuota } : {}),
  };
}

/** The job of a submission that was made before; whether it is the same request tells its hash. */
async function existingJob(
  platform: Platform,
  tenant: string,
  record: { keyHash: string; requestHash: string },
): Promise<Job> {
  const item = await platform.store.read(submissionItemKey(tenant, record.keyHash), { consistent: true });
  if (item !== undefined && item['requestHash'] !== record.requestHash) {
    throw new LonghaulError({
      code: 'idempotency-conflict',
      retryable: false,
      detail: `This Idempotency-Key was used for another request, which gave job ${textOf(item, 'jobId')}.`,
      remedy: 'Send the request of that time again, or use a new key for this one.',
    });
  }
  const job =
    item === undefined
      ? undefined
      : await loadJob(platform.store, { tenant, jobId: textOf(item, 'jobId') }, { consistent: true });
  if (job !== undefined) return job;
  throw new LonghaulError({
    code: 'store-unavailable',
    retryable: true,
    detail: 'The submission met another one of the same job and could not read it.',
    remedy: 'Submit again: the same submission gives the same job.',
  });
}
