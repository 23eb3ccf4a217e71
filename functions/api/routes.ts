import type { Scope } from '../../shared/http/principal.ts';

export interface ApiRoute {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path of the HTTP API, with `{parameters}`. */
  path: string;
  /** What the bearer's token must allow; `open` routes have no authorizer. */
  scope: Scope | 'open';
}

/** Every route of the API: the infrastructure makes them from this list, and the function serves no other. */
export const apiRoutes = [
  { method: 'GET', path: '/', scope: 'open' },
  { method: 'GET', path: '/conformance', scope: 'open' },
  { method: 'GET', path: '/api', scope: 'open' },
  { method: 'GET', path: '/processes', scope: 'open' },
  { method: 'GET', path: '/processes/{processId}', scope: 'open' },
  { method: 'POST', path: '/processes/{processId}/execution', scope: 'jobs:write' },
  { method: 'POST', path: '/processes/{processId}/estimate', scope: 'jobs:write' },
  { method: 'GET', path: '/jobs', scope: 'jobs:read' },
  { method: 'GET', path: '/jobs/{jobId}', scope: 'jobs:read' },
  { method: 'DELETE', path: '/jobs/{jobId}', scope: 'jobs:write' },
  { method: 'GET', path: '/jobs/{jobId}/results', scope: 'jobs:read' },
  { method: 'GET', path: '/jobs/{jobId}/results/{outputId}', scope: 'jobs:read' },
  { method: 'GET', path: '/jobs/{jobId}/errors', scope: 'jobs:read' },
  { method: 'GET', path: '/jobs/{jobId}/events', scope: 'jobs:read' },
  { method: 'POST', path: '/jobs/{jobId}/retry', scope: 'jobs:write' },
  { method: 'POST', path: '/uploads', scope: 'jobs:write' },
  { method: 'GET', path: '/uploads', scope: 'jobs:read' },
  { method: 'GET', path: '/uploads/{uploadId}', scope: 'jobs:read' },
  { method: 'DELETE', path: '/uploads/{uploadId}', scope: 'jobs:write' },
  { method: 'POST', path: '/uploads/{uploadId}/parts', scope: 'jobs:write' },
  { method: 'POST', path: '/uploads/{uploadId}/complete', scope: 'jobs:write' },
  { method: 'GET', path: '/datasets', scope: 'jobs:read' },
  { method: 'GET', path: '/datasets/{datasetId}', scope: 'jobs:read' },
  { method: 'GET', path: '/health/live', scope: 'open' },
  { method: 'GET', path: '/health/ready', scope: 'open' },
] as const satisfies readonly ApiRoute[];

/** `GET /jobs/{jobId}`: names a route. */
export type RouteName = (typeof apiRoutes)[number] extends infer Route
  ? Route extends ApiRoute
    ? `${Route['method']} ${Route['path']}`
    : never
  : never;

export const routeName = ({ method, path }: ApiRoute): RouteName => `${method} ${path}` as RouteName;
