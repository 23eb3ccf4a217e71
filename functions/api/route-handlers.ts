import type { Api } from './api.ts';
import type { RouteHandler } from './route-handler.ts';
import type { RouteName } from './routes.ts';
import { getApiDefinition } from './routes/api-definition.ts';
import { getDataset, getDatasets } from './routes/datasets.ts';
import { postEstimate } from './routes/estimate.ts';
import { postExecution } from './routes/execution.ts';
import { getLive, getReady } from './routes/health.ts';
import { deleteJob, getErrors, getEvents, getJob, getJobs } from './routes/jobs.ts';
import { getConformance, getLandingPage } from './routes/landing.ts';
import { getProcess, getProcesses } from './routes/processes.ts';
import { getOutput, getResults } from './routes/results.ts';
import { postRetry } from './routes/retry.ts';
import { deleteUploads, getUpload, getUploads, postComplete, postParts, postUploads } from './routes/uploads.ts';

/** What answers each route of the table; the compiler sees to it that none is left out. */
export function routeHandlers(api: Api): Record<RouteName, RouteHandler> {
  return {
    'GET /': getLandingPage,
    'GET /conformance': getConformance,
    'GET /api': getApiDefinition(api),
    'GET /processes': getProcesses(api),
    'GET /processes/{processId}': getProcess(api),
    'POST /processes/{processId}/execution': postExecution(api),
    'POST /processes/{processId}/estimate': postEstimate(api),
    'GET /jobs': getJobs(api),
    'GET /jobs/{jobId}': getJob(api),
    'DELETE /jobs/{jobId}': deleteJob(api),
    'GET /jobs/{jobId}/results': getResults(api),
    'GET /jobs/{jobId}/results/{outputId}': getOutput(api),
    'GET /jobs/{jobId}/errors': getErrors(api),
    'GET /jobs/{jobId}/events': getEvents(api),
    'POST /jobs/{jobId}/retry': postRetry(api),
    'POST /uploads': postUploads(api),
    'GET /uploads': getUploads(api),
    'GET /uploads/{uploadId}': getUpload(api),
    'DELETE /uploads/{uploadId}': deleteUploads(api),
    'POST /uploads/{uploadId}/parts': postParts(api),
    'POST /uploads/{uploadId}/complete': postComplete(api),
    'GET /datasets': getDatasets(api),
    'GET /datasets/{datasetId}': getDataset(api),
    'GET /health/live': getLive,
    'GET /health/ready': getReady(api),
  };
}
