import type { JOB_FILTERS } from '../routes/job-filters.ts';
import type { RouteName } from '../routes.ts';
import type { UPLOAD_FILTERS } from '../uploads/upload-filters.ts';
import type { ResponseSchemaName } from './schemas.ts';

type QueryName = (typeof JOB_FILTERS)[number] | (typeof UPLOAD_FILTERS)[number] | 'limit' | 'cursor';

/** Bodies of requests, by the name in the API definition. */
export type RequestSchemaName =
  'executeRequest' | 'retryRequest' | 'uploadRequest' | 'partsRequest' | 'completeRequest';

/** One operation of the API definition: what the route table does not say. */
export interface Operation {
  summary: string;
  tag: 'Service' | 'Processes' | 'Jobs' | 'Uploads' | 'Datasets' | 'Health';
  status?: 200 | 201;
  response: ResponseSchemaName | 'openapi' | 'any';
  query?: readonly QueryName[];
  headers?: readonly ('Prefer' | 'Idempotency-Key' | 'If-None-Match')[];
  body?: RequestSchemaName;
}

const PAGE = ['limit', 'cursor'] as const;
const FILTERS = ['type', 'processID', 'status', 'datetime', 'minDuration', 'maxDuration', 'tag', 'dataset'] as const;

export const operations: Record<RouteName, Operation> = {
  'GET /': { summary: 'Landing page', tag: 'Service', response: 'landingPage' },
  'GET /conformance': { summary: 'Conformance classes', tag: 'Service', response: 'conformance' },
  'GET /api': { summary: 'This definition', tag: 'Service', response: 'openapi' },
  'GET /processes': { summary: 'List processes', tag: 'Processes', response: 'processList', query: PAGE },
  'GET /processes/{processId}': { summary: 'Describe a process', tag: 'Processes', response: 'process' },
  'POST /processes/{processId}/execution': {
    summary: 'Execute a process: 200 with the results, or 201 with the job',
    tag: 'Processes',
    status: 201,
    response: 'statusInfo',
    headers: ['Prefer', 'Idempotency-Key'],
    body: 'executeRequest',
  },
  'POST /processes/{processId}/estimate': {
    summary: 'Estimate an execution, without running it',
    tag: 'Processes',
    response: 'estimate',
    body: 'executeRequest',
  },
  'GET /jobs': {
    summary: 'List jobs, the newest first',
    tag: 'Jobs',
    response: 'jobList',
    query: [...PAGE, ...FILTERS],
  },
  'GET /jobs/{jobId}': {
    summary: 'Status of a job',
    tag: 'Jobs',
    response: 'statusInfo',
    headers: ['If-None-Match'],
  },
  'DELETE /jobs/{jobId}': { summary: 'Dismiss a job', tag: 'Jobs', response: 'statusInfo' },
  'GET /jobs/{jobId}/results': {
    summary: 'Results of a job, in the form that its execute request asked for',
    tag: 'Jobs',
    response: 'results',
  },
  'GET /jobs/{jobId}/results/{outputId}': {
    summary: 'One result, in its own media type',
    tag: 'Jobs',
    response: 'any',
  },
  'GET /jobs/{jobId}/errors': { summary: 'Units that failed', tag: 'Jobs', response: 'errorList', query: PAGE },
  'GET /jobs/{jobId}/events': { summary: 'Changes of state', tag: 'Jobs', response: 'eventList' },
  'POST /jobs/{jobId}/retry': {
    summary: 'Run the failed units, or those in an area, again as a new job',
    tag: 'Jobs',
    status: 201,
    response: 'statusInfo',
    headers: ['Idempotency-Key'],
    body: 'retryRequest',
  },
  'POST /uploads': {
    summary: 'Open an upload: its bytes are reserved, and addresses are signed',
    tag: 'Uploads',
    status: 201,
    response: 'upload',
    headers: ['Idempotency-Key'],
    body: 'uploadRequest',
  },
  'GET /uploads': {
    summary: 'List uploads, the newest first',
    tag: 'Uploads',
    response: 'uploadList',
    query: [...PAGE, 'state', 'process', 'datetime'],
  },
  'GET /uploads/{uploadId}': {
    summary: 'An upload, and the parts that have arrived',
    tag: 'Uploads',
    response: 'upload',
  },
  'DELETE /uploads/{uploadId}': {
    summary: 'Give an upload up, or remove its file',
    tag: 'Uploads',
    response: 'upload',
  },
  'POST /uploads/{uploadId}/parts': {
    summary: 'Sign addresses of parts',
    tag: 'Uploads',
    response: 'upload',
    body: 'partsRequest',
  },
  'POST /uploads/{uploadId}/complete': {
    summary: 'Make the file of its parts, and verify it',
    tag: 'Uploads',
    response: 'upload',
    body: 'completeRequest',
  },
  'GET /datasets': { summary: 'List published datasets', tag: 'Datasets', response: 'datasetList', query: PAGE },
  'GET /datasets/{datasetId}': { summary: 'One published dataset', tag: 'Datasets', response: 'dataset' },
  'GET /health/live': { summary: 'The service runs', tag: 'Health', response: 'health' },
  'GET /health/ready': { summary: 'What the service needs answers', tag: 'Health', response: 'health' },
};
