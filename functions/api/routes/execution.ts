import { resolveSources } from '../../../shared/uploads/resolve-sources.ts';
import { parsePrefer } from '../../../shared/http/prefer.ts';
import { isTerminal } from '../../../shared/jobs/job.ts';
import type { Job } from '../../../shared/jobs/job.ts';
import { runInline } from '../../../shared/jobs/run-inline.ts';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import { processContext } from '../../../shared/jobs/work-context.ts';
import type { ExecuteRequest } from '../../../shared/jobs/execute-request.ts';
import type { ProcessContext, ProcessDefinition } from '../../../shared/jobs/process.ts';
import type { Api } from '../api.ts';
import { statusInfo } from '../documents/status-info.ts';
import { deliverResults } from '../execute/deliver-results.ts';
import type { ReferTo } from '../execute/deliver-results.ts';
import { estimateBeforeAccepting, requireShort, requireWithinLimits } from '../execute/estimate-job.ts';
import { parseExecuteBody } from '../execute/execute-body.ts';
import type { ExecuteBody } from '../execute/execute-body.ts';
import { executionMode } from '../execute/execution-mode.ts';
import { readJsonBody } from '../execute/read-body.ts';
import { resolveInputs } from '../execute/resolve-inputs.ts';
import { selectOutputs } from '../execute/select-outputs.ts';
import { validateInputs } from '../execute/validate-inputs.ts';
import { idempotencyKeyOf, replayed } from '../idempotency-key.ts';
import { jobHtml } from '../pages/job-html.ts';
import { readQuery } from '../query.ts';
import type { ApiRequest } from '../request.ts';
import { requireAcceptable, respond } from '../response.ts';
import type { ApiResponse } from '../response.ts';
import { principalOf } from '../route-handler.ts';
import type { RouteHandler } from '../route-handler.ts';
import { processOf } from './processes.ts';

/** When it makes sense to poll a job for the first time, in seconds. */
const FIRST_POLL_SECONDS = 2;

/** `POST /processes/{processId}/execution` */
export const postExecution =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const process = processOf(api, request);
    const body = parseExecuteBody(readJsonBody(request));
    const { mode, applied } = executionMode(process.jobControlOptions, parsePrefer(request.headers['prefer']));
    selectOutputs(process, body.outputs);
    const execute = async (): Promise<ApiResponse> => {
      const accepted = await acceptableRequest(api, request, process, body);
      return mode === 'sync'
        ? executeSync(api, request, process, accepted)
        : executeAsync(api, request, process, accepted, applied);
    };
    // A synchronous execution leaves nothing behind that a replay would have to protect.
    return mode === 'sync' ? execute() : replayed(api, request, body, execute);
  };

/** What a request asks for, checked as far as it can be checked without running it. */
interface AcceptableRequest {
  request: ExecuteRequest;
  tags: string[] | undefined;
  context: ProcessContext;
  /** Refuses what is too long to wait for. */
  requireShort: () => void;
}

async function acceptableRequest(
  api: Api,
  request: ApiRequest,
  process: ProcessDefinition,
  body: ExecuteBody,
): Promise<AcceptableRequest> {
  const { tenant } = principalOf(request);
  const resolved = await resolveInputs(process, body.inputs ?? {}, api.references, request.signal);
  const inputs = validateInputs(process, await resolveSources(api.platform, tenant, process, resolved));
  const context = contextOf(api, request);
  const estimate = await estimateBeforeAccepting(process, context, inputs);
  if (estimate !== undefined) requireWithinLimits(estimate, api.platform.limits(tenant));
  const { outputs, response, subscriber, tags } = body;
  return {
    request: {
      inputs,
      ...(outputs === undefined ? {} : { outputs }),
      ...(response === undefined ? {} : { response }),
      ...(subscriber === undefined ? {} : { subscriber }),
    },
    tags,
    context,
    requireShort: () => requireShort(estimate),
  };
}

export function contextOf({ platform }: Api, request: ApiRequest): ProcessContext {
  return processContext(platform, principalOf(request).tenant, request.signal);
}

async function executeSync(
  api: Api,
  request: ApiRequest,
  process: ProcessDefinition,
  accepted: AcceptableRequest,
): Promise<ApiResponse> {
  const { tenant } = principalOf(request);
  if (accepted.request.response === 'document') requireAcceptable(request);
  accepted.requireShort();
  const results = await runInline(process, accepted.request.inputs, accepted.context);
  return deliverResults(request, {
    process,
    results,
    request: accepted.request,
    presign: api.presign,
    referTo: storeOutputs(api, tenant),
  });
}

/** Keeps outputs that are asked for by reference where requests and chunks are kept: they expire with them. */
function storeOutputs({ platform, presign }: Api, tenant: string): ReferTo {
  const execution = platform.identifiers.next(platform.clock.now());
  return async (id, { bytes, mediaType }) => {
    const url = new URL(`${tenant}/${execution}/outputs/${encodeURIComponent(id)}`, platform.locations.work);
    await platform.objects.putIfAbsent(url, bytes, mediaType);
    return presign(url);
  };
}

async function executeAsync(
  api: Api,
  request: ApiRequest,
  process: ProcessDefinition,
  { request: accepted, tags }: AcceptableRequest,
  applied: string | undefined,
): Promise<ApiResponse> {
  const { tenant, subject } = principalOf(request);
  const idempotencyKey = idempotencyKeyOf(request);
  requireAcceptable(request);
  const { job } = await submitJob(api.platform, {
    tenant,
    subject,
    processId: process.id,
    request: accepted,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(tags === undefined ? {} : { tags }),
  });
  return respondCreated(request, job, applied);
}

/** 201 with the job's address (OGC 18-062r2, /req/core/process-execute-success-async), also for one that was there. */
export function respondCreated(request: ApiRequest, job: Job, applied?: string): ApiResponse {
  const json = statusInfo(request.root, job);
  return respond(request, {
    title: `Job ${job.jobId}`,
    status: 201,
    json,
    html: () => jobHtml(json),
    headers: {
      location: `${request.root}/jobs/${job.jobId}`,
      ...(isTerminal(job.state) ? {} : { 'retry-after': String(FIRST_POLL_SECONDS) }),
      ...(applied === undefined ? {} : { 'preference-applied': applied }),
    },
  });
}
