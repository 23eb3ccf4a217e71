import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { portTaken } from '../errors.ts';
import type { Port } from '../port.ts';
import { LOOPBACK, originOf } from '../ports.ts';
import { ArchiveProxy } from './archive-proxy.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { proxyToApi } from './api-proxy.ts';
import { listDatasets } from './list-datasets.ts';
import { sendProblem } from './send-problem.ts';
import { findStaticFile, sendStaticFile } from './static-files.ts';

const MAX_CONNECTIONS = 256;
const MAX_PATH_CHARACTERS = 4096;
const REQUEST_LIMIT_MS = 60_000;

export interface Gateway {
  origin: URL;
  close(): Promise<void>;
}

/**
 * One clean origin in front of the API and the map, for one machine. The map sees published archives only, by range,
 * and nothing can be written through it.
 * @throws LonghaulError `port-taken`
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const origin = originOf(options.port);
  const archives = new ArchiveProxy(options);
  const server = createServer({ requestTimeout: REQUEST_LIMIT_MS }, (request, response) => {
    route(request, response, origin, options, archives).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      sendProblem(response, 502, `The local cloud did not answer: ${detail}`);
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, options.port);
  return {
    origin,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  origin: URL,
  options: GatewayOptions,
  archives: ArchiveProxy,
): Promise<void> {
  const target = request.url ?? '/';
  if (target.length > MAX_PATH_CHARACTERS || !target.startsWith('/') || !URL.canParse(target, origin.href)) {
    return sendProblem(response, 400, 'The path is not valid.');
  }
  if (!isOurHost(request.headers.host, options.port.number)) {
    // A foreign page whose name was pointed at this address must not read what is here.
    return sendProblem(response, 421, `Ask for ${origin.origin}.`);
  }
  // Parsing removes `..`: a path cannot leave the place that it is put behind.
  const { pathname, search } = new URL(`${origin.origin}${target}`);
  if (pathname !== '/map' && !pathname.startsWith('/map/')) {
    return proxyToApi(request, response, options.api, `${pathname}${search}`);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return sendProblem(response, 405, 'The map is read-only.');
  if (pathname === '/map') return void response.writeHead(308, { location: '/map/' }).end();
  if (pathname === '/map/datasets.json') return listDatasets(response, options);
  if (pathname.startsWith('/map/archives/')) return archives.send(request, response, pathname);
  const file = findStaticFile(pathname);
  if (file === undefined) return sendProblem(response, 404, `There is no ${pathname}.`);
  return sendStaticFile(response, file, request.method === 'HEAD');
}

function isOurHost(host: string | undefined, port: number): boolean {
  return host === `${LOOPBACK}:${port}` || host === `localhost:${port}`;
}

async function listen(server: Server, port: Port): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port.number, LOOPBACK, resolve);
    });
  } catch (error) {
    throw portTaken(port, error);
  }
}
