import type { Principal } from '../../shared/http/principal.ts';
import { unauthenticated } from './errors.ts';
import type { ApiRequest } from './request.ts';
import type { ApiResponse } from './response.ts';

/** Answers one route: parses, loads, decides, writes. */
export type RouteHandler = (request: ApiRequest) => Promise<ApiResponse>;

/** Who asks. @throws LonghaulError `unauthenticated`: only on a route that was deployed without its authorizer */
export function principalOf(request: ApiRequest): Principal {
  if (request.principal === undefined) throw unauthenticated();
  return request.principal;
}
