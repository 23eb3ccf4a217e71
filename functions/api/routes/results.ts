import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { isTerminal } from '../../../shared/jobs/job.ts';
import type { Job } from '../../../shared/jobs/job.ts';
import { readJob } from '../../../shared/jobs/read-job.ts';
import { readResults } from '../../../shared/jobs/read-results.ts';
import type { Api } from '../api.ts';
import { deliverOutput, deliverResults } from '../execute/deliver-results.ts';
import type { Delivery } from '../execute/deliver-results.ts';
import { jobCancelled, noSuchJob, noSuchProcess, resultNotReady } from '../errors.ts';
import { readQuery } from '../query.ts';
import type { ApiRequest } from '../request.ts';
import type { RouteHandler } from '../route-handler.ts';
import { jobKeyOf } from './jobs.ts';

const SECOND = 1_000;

/** When it makes sense to ask for results again. */
const RESULT_POLL = 5 * SECOND;

/** `GET /jobs/{jobId}/results`: all outputs that the execute request asked for, in the form that it asked for. */
export const getResults =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    return deliverResults(request, await deliveryOf(api, request));
  };

/** `GET /jobs/{jobId}/results/{outputId}`: one output, whichever were asked for. */
export const getOutput =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    return deliverOutput(await deliveryOf(api, request), request.parameters['outputId'] ?? '');
  };

/** @throws LonghaulError `job-not-found`, `result-not-ready`, `job-cancelled`, or why the job failed */
async function deliveryOf(api: Api, request: ApiRequest): Promise<Delivery> {
  const key = jobKeyOf(request);
  const view = await readJob(api.platform, key);
  if (view === undefined) throw noSuchJob(key.jobId);
  requireResults(view.job);
  const stored = await readResults(api.platform, key);
  if (stored === undefined) throw resultNotReady(key.jobId, view.job.state, RESULT_POLL);
  const process = api.platform.processes.get(view.job.processId);
  if (process === undefined) throw noSuchProcess(view.job.processId);
  return {
    process,
    results: stored.results,
    request: stored.request,
    presign: api.presign,
    referTo: async (id) => `${request.root}/jobs/${key.jobId}/results/${encodeURIComponent(id)}`,
  };
}

function requireResults(job: Job): void {
  if (!isTerminal(job.state)) throw resultNotReady(job.jobId, job.state, RESULT_POLL);
  if (job.state === 'cancelled') throw jobCancelled(job.jobId);
  if (job.state === 'failed') throw failureOf(job);
}

/** The exception of a failed job has its reason as type (OGC 18-062r2, /req/core/job-results-failed). */
function failureOf(job: Job): LonghaulError {
  const failure = job.failure ?? { code: 'job-failed', detail: `Job ${job.jobId} failed.` };
  return new LonghaulError({
    code: failure.code,
    retryable: false,
    detail: failure.detail,
    remedy: failure.remedy ?? 'See GET /jobs/{jobId}/errors, then POST /jobs/{jobId}/retry.',
  });
}
