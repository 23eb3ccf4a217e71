import type { Api } from '../api.ts';
import { createHealth } from '../health-checks.ts';
import { readQuery } from '../query.ts';
import { respond } from '../response.ts';
import type { RouteHandler } from '../route-handler.ts';

const NO_STORE = { 'cache-control': 'no-store' };

/** `GET /health/live`: the function runs. */
export const getLive: RouteHandler = async (request) => {
  readQuery(request, []);
  return respond(request, { title: 'Live', json: { status: 'live' }, headers: NO_STORE });
};

/** `GET /health/ready`: what the function needs answers. */
export function getReady(api: Api): RouteHandler {
  const health = createHealth(api.health, api.platform.clock);
  return async (request) => {
    readQuery(request, []);
    const json = await health();
    const ready = json.status === 'ready';
    const headers = ready ? NO_STORE : { ...NO_STORE, 'retry-after': '5' };
    return respond(request, { title: 'Ready', status: ready ? 200 : 503, json, headers });
  };
}
