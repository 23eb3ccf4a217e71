import { Agent, request, type Dispatcher } from 'undici';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { checkUrl, type UrlRules } from './check-url.ts';
import { outboundNotTrusted, outboundUnavailable, responseEncoded, tooManyRedirects } from './errors.ts';
import { createPinnedConnector, systemConnector, type Connector } from './pinned-connector.ts';
import { discard, readBody } from './read-body.ts';
import { nextHop, type Hop, type Method } from './redirect.ts';
import { systemResolver, type Resolver } from './resolve-host.ts';
import { parseRetryAfter } from './retry-after.ts';

const SECOND = 1000;
const KIB = 1024;

/** Redirects that are followed. */
export const MAX_REDIRECTS = 5;
const CONNECT_TIMEOUT_MS = 10 * SECOND;
/** Until the headers are there, and between two parts of the body. */
const IDLE_TIMEOUT_MS = 30 * SECOND;
/** A whole request with its redirects. */
const WHOLE_TIMEOUT_MS = 120 * SECOND;
const MAX_HEADER_BYTES = 16 * KIB;
const CONNECTIONS_PER_ORIGIN = 16;
const USER_AGENT = 'longhaul';

export interface OutboundOptions {
  /** Tells the time when a `Retry-After` is a date. */
  clock: { now(): number };
  /** Ports that may be asked besides 443. */
  ports?: readonly number[];
  /** Origins of this machine that may be asked, such as `http://127.0.0.1:9000`: for tests and local use. */
  loopbackOrigins?: readonly string[];
  connectTimeoutMs?: number;
  idleTimeoutMs?: number;
  wholeTimeoutMs?: number;
  resolver?: Resolver;
  /** Opens the socket to an address that was checked. */
  connector?: Connector;
}

export interface ResponseHead {
  status: number;
  /** Names in lower case; values of a repeated header joined by commas. */
  headers: Readonly<Record<string, string>>;
  /** Where the answer came from, after redirects. */
  url: URL;
}

export interface OutboundResponse extends ResponseHead {
  body: Uint8Array;
}

export interface OutboundRequest {
  method?: Method;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array | string;
  /** Most bytes that the answer may have. */
  maxBytes: number;
  /** Redirects that are followed, 0 to MAX_REDIRECTS [MAX_REDIRECTS]; one more is an error. */
  maxRedirects?: number;
  signal?: AbortSignal;
  /** Sees status and headers before the body is read; what it throws ends the request. */
  onHead?: (head: ResponseHead) => void;
}

/** HTTP to hosts that a caller names, who may be hostile. */
export interface Outbound {
  /**
   * Asks a public https host. Every other status than 429 and 5xx is handed back, with its body.
   * @throws LonghaulError `outbound-not-allowed`, `outbound-host-unknown`, `outbound-not-trusted`,
   *   `outbound-too-many-redirects`, `response-too-large`, `response-encoded` (final); `outbound-unavailable`
   *   (retryable) on a network error, a time-out, 429 or 5xx; the signal's reason when it is aborted
   */
  fetch(url: URL | string, request: OutboundRequest): Promise<OutboundResponse>;
  /** Closes the connections that are kept open. */
  close(): Promise<void>;
}

/** Makes a client whose connections go to checked addresses only: see `checkUrl` and `createPinnedConnector`. */
export function createOutbound(options: OutboundOptions): Outbound {
  const rules: UrlRules = {
    ports: new Set(options.ports),
    loopbackOrigins: new Set(options.loopbackOrigins),
  };
  const publicRules: UrlRules = { ...rules, loopbackOrigins: new Set() };
  const idleTimeoutMs = options.idleTimeoutMs ?? IDLE_TIMEOUT_MS;
  const dispatcher = new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    connect: createPinnedConnector({
      resolver: options.resolver ?? systemResolver,
      connector: options.connector ?? systemConnector(options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS),
      loopbackOrigins: rules.loopbackOrigins,
    }),
  });

  async function follow(first: Hop, wanted: OutboundRequest, signal: AbortSignal): Promise<OutboundResponse> {
    const maxRedirects = Math.min(wanted.maxRedirects ?? MAX_REDIRECTS, MAX_REDIRECTS);
    let hop = first;
    for (let redirects = 0; ; redirects++) {
      const response = await send(hop, dispatcher, signal);
      const head = { status: response.statusCode, headers: plainHeaders(response.headers), url: hop.url };
      try {
        const next = nextHop(hop, head.status, head.headers['location']);
        if (next === undefined) return await receive(head, response.body, wanted);
        if (redirects >= maxRedirects) throw tooManyRedirects(first.url.hostname, maxRedirects);
        // Nobody is redirected to this machine, whatever may be asked there directly.
        const url = checkUrl(next.url, next.url.origin === first.url.origin ? rules : publicRules);
        hop = { ...next, url };
      } finally {
        discard(response.body);
      }
    }
  }

  async function receive(
    head: ResponseHead,
    body: Dispatcher.ResponseData['body'],
    wanted: OutboundRequest,
  ): Promise<OutboundResponse> {
    const host = head.url.hostname;
    if (head.status === 429 || head.status >= 500) {
      const retryAfterMs = parseRetryAfter(head.headers['retry-after'], options.clock.now());
      throw outboundUnavailable(host, `status ${head.status}`, retryAfterMs === undefined ? {} : { retryAfterMs });
    }
    wanted.onHead?.(head);
    const encoding = head.headers['content-encoding'] ?? 'identity';
    if (encoding.toLowerCase() !== 'identity') throw responseEncoded(host, encoding);
    const declared = wanted.method === 'HEAD' ? undefined : head.headers['content-length'];
    return { ...head, body: await readBody(body, declared, wanted.maxBytes, host) };
  }

  return {
    async fetch(input, wanted) {
      const url = checkUrl(input, rules);
      const timeout = AbortSignal.timeout(options.wholeTimeoutMs ?? WHOLE_TIMEOUT_MS);
      const signal = wanted.signal === undefined ? timeout : AbortSignal.any([wanted.signal, timeout]);
      const headers = { 'user-agent': USER_AGENT, 'accept-encoding': 'identity', ...wanted.headers };
      try {
        return await follow({ url, method: wanted.method ?? 'GET', headers, body: wanted.body }, wanted, signal);
      } catch (error) {
        wanted.signal?.throwIfAborted();
        if (error instanceof LonghaulError) throw error;
        if (isCertificateError(error)) throw outboundNotTrusted(url.hostname, error);
        throw outboundUnavailable(url.hostname, timeout.aborted ? 'it takes too long' : reasonOf(error), {
          cause: error,
        });
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function send(hop: Hop, dispatcher: Dispatcher, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  return request(hop.url, {
    dispatcher,
    signal,
    method: hop.method,
    headers: { ...hop.headers },
    body: hop.body ?? null,
  });
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

function isCertificateError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_TLS/.test(code);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'the connection failed';
}
