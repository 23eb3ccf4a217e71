import { resolveSources } from '../../../shared/uploads/resolve-sources.ts';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import type { Api } from '../api.ts';
import { estimateWithin } from '../execute/estimate-job.ts';
import { parseExecuteBody } from '../execute/execute-body.ts';
import { readJsonBody } from '../execute/read-body.ts';
import { resolveInputs } from '../execute/resolve-inputs.ts';
import { validateInputs } from '../execute/validate-inputs.ts';
import { readQuery } from '../query.ts';
import { respond } from '../response.ts';
import { principalOf } from '../route-handler.ts';
import type { RouteHandler } from '../route-handler.ts';
import { contextOf } from './execution.ts';
import { processOf } from './processes.ts';

/** `POST /processes/{processId}/estimate`: what the same body sent to `execution` would do. Nothing is stored. */
export const postEstimate =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const process = processOf(api, request);
    const body = parseExecuteBody(readJsonBody(request));
    if (process.estimate === undefined) throw noEstimate(process.id);
    const resolved = await resolveInputs(process, body.inputs ?? {}, api.references, request.signal);
    const { tenant } = principalOf(request);
    const inputs = validateInputs(process, await resolveSources(api.platform, tenant, process, resolved));
    const estimate = await estimateWithin(process.estimate.bind(process), contextOf(api, request), inputs);
    const { maxUnits, maxOutputBytes } = api.platform.limits(tenant);
    const withinLimits = estimate.units <= maxUnits && estimate.bytes.high <= maxOutputBytes;
    const limits = { maxUnits, maxOutputBytes };
    return respond(request, { title: 'Estimate', json: { ...estimate, limits, withinLimits } });
  };

const noEstimate = (id: string): LonghaulError =>
  new LonghaulError({
    code: 'estimate-unsupported',
    retryable: false,
    detail: `The process ${id} does not estimate.`,
    remedy: 'Execute it.',
  });
