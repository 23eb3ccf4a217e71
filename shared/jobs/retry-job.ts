import { LonghaulError } from '../errors/longhaul-error.ts';
import { isTerminal, type JobKey } from './job.ts';
import { loadJob } from './load-job.ts';
import type { Platform } from './platform.ts';
import type { GeoJsonPolygon } from './process.ts';
import { readRequest } from './stored-plan.ts';
import { submitJob, type SubmitOutcome } from './submit-job.ts';

export interface RetryOptions {
  subject: string;
  /** Run the units that touch this area again, whatever became of them; without it, those that failed or never ran. */
  area?: GeoJsonPolygon;
  idempotencyKey?: string;
}

/**
 * A new job for the units of an ended one that failed, were never run, or lie in an area; its result is the union.
 * @throws LonghaulError (final) `job-not-found`; `job-not-terminal`; `nothing-to-retry`; `retry-area-unsupported`;
 *   `work-expired` when the job's request is no longer stored
 */
export async function retryJob(platform: Platform, key: JobKey, options: RetryOptions): Promise<SubmitOutcome> {
  const job = await loadJob(platform.store, key, { consistent: true });
  if (job === undefined) throw refusal('job-not-found', `There is no job ${key.jobId}.`);
  if (!isTerminal(job.state)) {
    throw refusal('job-not-terminal', `Job ${key.jobId} is ${job.state}.`, 'Wait until it has ended, or cancel it.');
  }
  if (job.state === 'succeeded' && options.area === undefined) {
    const remedy = 'Name an area to run its units again, or submit a new job.';
    throw refusal('nothing-to-retry', `Job ${key.jobId} succeeded: no unit failed.`, remedy);
  }
  if (options.area !== undefined && platform.processes.get(job.processId)?.selectUnits === undefined) {
    throw refusal('retry-area-unsupported', `Process ${job.processId} has no units that lie in an area.`);
  }
  const request = await readRequest(platform, key);
  delete request.retryArea;
  return submitJob(platform, {
    tenant: key.tenant,
    subject: options.subject,
    processId: job.processId,
    request: { ...request, ...(options.area === undefined ? {} : { retryArea: options.area }) },
    retryOf: key.jobId,
    ...(job.tags === undefined ? {} : { tags: job.tags }),
    ...(options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey }),
  });
}

function refusal(code: string, detail: string, remedy?: string): LonghaulError {
  return new LonghaulError({ code, retryable: false, detail, ...(remedy === undefined ? {} : { remedy }) });
}
