import { apiRoutes } from '../../../functions/api/routes.ts';
import type { ApiEvent } from '../../../functions/api/request.ts';

/** What a request says, apart from what is the same in all of them. */
export interface TestRequest {
  method?: string;
  /** With its query string. */
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON, unless it is text already. */
  body?: unknown;
  tenant?: string;
  subject?: string;
  scopes?: string;
  /** Leaves out what the authorizer says. */
  anonymous?: boolean;
}

/** An HTTP API event of payload 2.0, as API Gateway makes it. */
export function apiEvent(request: TestRequest): ApiEvent {
  const { method = 'GET', headers = {}, body, anonymous = false } = request;
  const [path = '/', query = ''] = request.path.split('?', 2);
  const lambda = {
    tenant: request.tenant ?? 'acme',
    subject: request.subject ?? 'ann',
    scopes: request.scopes ?? 'jobs:read jobs:write',
  };
  return {
    version: '2.0',
    routeKey: routeKey(method, path),
    rawPath: path,
    rawQueryString: query,
    headers: {
      host: 'abc123.execute-api.us-east-1.amazonaws.com',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'abc123',
      domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abc123',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'curl/8.5.0' },
      requestId: 'req-1',
      routeKey: routeKey(method, path),
      stage: '$default',
      time: '22/Nov/2026:12:00:00 +0000',
      timeEpoch: 1_795_348_800_000,
      ...(anonymous ? {} : { authorizer: { lambda } }),
    },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}

/** The route that API Gateway would have matched. */
function routeKey(method: string, path: string): string {
  const matches = (pattern: string): boolean => new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
  const route = apiRoutes.find((candidate) => candidate.method === method && matches(candidate.path));
  return route === undefined ? '$default' : `${route.method} ${route.path}`;
}
