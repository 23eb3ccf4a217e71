import middy from '@middy/core';
import httpRouter from '@middy/http-router';
import type { Method } from '@middy/http-router';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Api } from './api.ts';
import { requestTimedOut, routeNotFound, scopeMissing } from './errors.ts';
import { reportRequests } from './report.ts';
import { parseRequest } from './request.ts';
import type { ApiEvent, ApiRequest } from './request.ts';
import { respondProblem, withSafetyHeaders } from './respond-problem.ts';
import type { ApiResponse } from './response.ts';
import { principalOf } from './route-handler.ts';
import type { RouteHandler } from './route-handler.ts';
import { routeHandlers } from './route-handlers.ts';
import { apiRoutes, routeName } from './routes.ts';
import type { ApiRoute } from './routes.ts';

/** Time that is left to answer when a request takes too long, in milliseconds. */
const TIMEOUT_EARLY = 500;

export type ApiHandler = (event: ApiEvent, context: Context) => Promise<ApiResponse>;

/** The function behind the API: routes events of payload 2.0, and answers every error as a problem. */
export function createHandler(api: Api): ApiHandler {
  const handlers = routeHandlers(api);
  const router = httpRouter<APIGatewayProxyEventV2, ApiResponse>({
    routes: apiRoutes.map((route) => ({
      method: route.method satisfies Method,
      path: route.path,
      handler: lambdaHandler(api, route, handlers[routeName(route)]),
    })),
    notFoundResponse: ({ method, path }) => {
      throw routeNotFound(method, path);
    },
  });
  const pipeline = middy<APIGatewayProxyEventV2, ApiResponse>({
    timeoutEarlyInMillis: TIMEOUT_EARLY,
    timeoutEarlyResponse: () => {
      throw requestTimedOut();
    },
  })
    .use(reportRequests(api.platform))
    .use(withSafetyHeaders())
    .use(respondProblem(api.platform))
    .handler(router);
  return async (event, context) => pipeline(event, context);
}

/** Checks the scope of a route, and gives its handler a parsed request. */
function lambdaHandler(api: Api, route: ApiRoute, handle: RouteHandler) {
  return async (event: ApiEvent, context: Context, options: unknown): Promise<ApiResponse> => {
    const request: ApiRequest = parseRequest(event, context, signalOf(options), api.publicUrl);
    if (route.scope !== 'open' && !principalOf(request).scopes.includes(route.scope)) throw scopeMissing(route.scope);
    return handle(request);
  };
}

/** The router hands on what middy gives its handlers: the signal of the early time-out. */
function signalOf(options: unknown): AbortSignal {
  const given = options !== null && typeof options === 'object' && 'signal' in options ? options.signal : undefined;
  return given instanceof AbortSignal ? given : new AbortController().signal;
}
