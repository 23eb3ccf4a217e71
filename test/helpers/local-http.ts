import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildConnector } from 'undici';
import type { Connector } from '../../shared/http/outbound/pinned-connector.ts';

/** A server on a free port of this machine. */
export interface LocalHttp extends AsyncDisposable {
  port: number;
  /** `http://127.0.0.1:<port>` */
  origin: string;
  /** Every request so far. */
  requests: { method: string; url: string; headers: IncomingMessage['headers'] }[];
  /** Connections so far, also those that sent no request. */
  connections(): number;
}

export async function startLocalHttp(listener: RequestListener): Promise<LocalHttp> {
  const requests: LocalHttp['requests'] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    listener(request, response);
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * A connector that plays the internet: addresses that are listed lead to local servers, without TLS; every other
 * address is refused. It sees only what has been checked.
 */
export function internetOf(servers: Readonly<Record<string, LocalHttp>>, dialled: string[] = []): Connector {
  const plain = buildConnector({ timeout: 2000 });
  return (options, callback) => {
    dialled.push(`${options.hostname} as ${options.servername ?? options.host ?? ''}`);
    const server = servers[options.hostname];
    if (server === undefined) {
      callback(Object.assign(new Error(`connect ECONNREFUSED ${options.hostname}`), { code: 'ECONNREFUSED' }), null);
      return;
    }
    plain({ hostname: '127.0.0.1', host: options.hostname, protocol: 'http:', port: String(server.port) }, callback);
  };
}
