import { LonghaulError } from '../errors/longhaul-error.ts';
import type { ExecuteRequest } from './execute-request.ts';
import { planUrl, requestUrl } from './folders.ts';
import type { JobKey } from './job.ts';
import type { Platform } from './platform.ts';
import type { Plan } from './process.ts';
import { readStoredJson } from './stored-json.ts';

/** The plan of a job. Written once, under its planner's lease, before the row says that it is there. */
export async function readPlan(platform: Platform, key: JobKey): Promise<Plan> {
  const plan = await readStoredJson(platform.objects, planUrl(platform.locations, key));
  if (plan === undefined) throw missing('plan');
  return plan as Plan;
}

/** The request of a job. Written before the job is accepted. */
export async function readRequest(platform: Platform, key: JobKey): Promise<ExecuteRequest> {
  const request = await readStoredJson(platform.objects, requestUrl(platform.locations, key));
  if (request === undefined) throw missing('request');
  return request as ExecuteRequest;
}

function missing(what: string): LonghaulError {
  return new LonghaulError({
    code: 'work-expired',
    retryable: false,
    detail: `The ${what} of this job is no longer stored.`,
    remedy: 'Submit the job again; raise the retention if jobs must be retried later than that.',
  });
}
