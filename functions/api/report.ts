import type { MiddlewareObj } from '@middy/core';
import type { Platform } from '../../shared/jobs/platform.ts';
import type { ApiEvent } from './request.ts';
import type { ApiResponse } from './response.ts';

interface Report {
  startedAt: number;
}

/**
 * One wide line for each request: the route as the table has it, never the query, a body or a token.
 * First in the pipeline, so that it sees the response as it is sent.
 */
export function reportRequests({
  clock,
  logger,
}: Pick<Platform, 'clock' | 'logger'>): MiddlewareObj<ApiEvent, ApiResponse> {
  const started = new WeakMap<object, Report>();
  const report = (request: { event: ApiEvent; response?: ApiResponse | null | undefined; error?: unknown }): void => {
    const { requestContext } = request.event;
    const begin = started.get(request)?.startedAt ?? clock.now();
    logger.info('api.request', {
      requestId: requestContext.requestId,
      method: requestContext.http.method,
      route: requestContext.routeKey,
      status: request.response?.statusCode,
      durationMs: clock.now() - begin,
      tenant: tenantOf(requestContext.authorizer?.lambda),
      code: codeOf(request.error),
    });
  };
  return {
    before: (request) => {
      started.set(request, { startedAt: clock.now() });
    },
    after: report,
    onError: report,
  };
}

const tenantOf = (context: unknown): unknown =>
  context !== null && typeof context === 'object' && 'tenant' in context ? context.tenant : undefined;

const codeOf = (error: unknown): unknown =>
  error !== null && typeof error === 'object' && 'code' in error ? error.code : undefined;
