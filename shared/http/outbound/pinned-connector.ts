import { buildConnector } from 'undici';
import { resolveHost, type Resolver } from './resolve-host.ts';

/** Opens a socket to `options.hostname`, which is an address. */
export type Connector = buildConnector.connector;

export interface PinnedConnectorOptions {
  resolver: Resolver;
  connector: Connector;
  /** Origins that are this machine. */
  loopbackOrigins: ReadonlySet<string>;
}

/**
 * Connects to an address that was checked, never to a name: what is resolved, checked and connected is one and the
 * same, whatever the name resolves to a moment later. The certificate is checked against the name.
 */
export function createPinnedConnector({ resolver, connector, loopbackOrigins }: PinnedConnectorOptions): Connector {
  return (options, callback) => {
    const host = options.hostname;
    const origin = URL.parse(`${options.protocol}//${options.host ?? host}`)?.origin ?? '';
    resolveHost(host, resolver, loopbackOrigins.has(origin)).then(
      (addresses) => connectFirst(addresses, 0),
      (error: unknown) => callback(asError(error), null),
    );

    function connectFirst(addresses: readonly string[], index: number): void {
      connector({ ...options, hostname: addresses[index]! }, (...result) => {
        if (result[0] === null) callback(...result);
        else if (index + 1 < addresses.length) connectFirst(addresses, index + 1);
        else callback(...result);
      });
    }
  };
}

/** The connector over TCP and TLS; HTTP/2 is left out: it shares a connection between names. */
export function systemConnector(timeoutMs: number): Connector {
  return buildConnector({ timeout: timeoutMs, allowH2: false });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
