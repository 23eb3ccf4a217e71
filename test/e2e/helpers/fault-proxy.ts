import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  failureAnswer,
  throttleAnswer,
  type FaultAnswer,
  type FaultService,
  type ServiceCall,
} from './fault-answers.ts';

const LOOPBACK = '127.0.0.1';
const ANSWER_LIMIT_MS = 30_000;

export const FAULT_KINDS = ['throttle', 'failure', 'lost-request', 'lost-acknowledgement'] as const;
/** A lost request never arrives; a lost acknowledgement takes effect, and then the connection breaks. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Probability of each kind for each call, 0–1; together at most 1. */
export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>;

/** A fault that was fired. */
export interface FiredFault {
  kind: FaultKind;
  service: FaultService;
  operation: string;
}

/**
 * Stands between the functions and the local cloud, and makes the faults of AWS in the form that its protocols give
 * them. Off until it is given rates.
 */
export class FaultProxy implements AsyncDisposable {
  readonly fired: FiredFault[] = [];
  readonly #upstream: URL;
  readonly #random: () => number;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  });
  #rates: FaultRates = {};

  private constructor(upstream: URL, random: () => number) {
    this.#upstream = upstream;
    this.#random = random;
  }

  /** @param random draws each fault; the calls come in an order of their own, so a seed repeats the draws, not the run */
  static async start(upstream: URL, random: () => number): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream, random);
    await new Promise<void>((resolve) => proxy.#server.listen(0, LOOPBACK, resolve));
    return proxy;
  }

  get origin(): string {
    return `http://${LOOPBACK}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What is fired from now on; nothing without rates. */
  set(rates: FaultRates = {}): void {
    this.#rates = rates;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const call = callOf(request, body);
    const kind = call === undefined ? undefined : this.#draw();
    if (call !== undefined && kind !== undefined)
      this.fired.push({ kind, service: call.service, operation: call.operation });
    if (call !== undefined && kind === 'throttle') return answer(response, throttleAnswer(call, this.#random));
    if (call !== undefined && kind === 'failure') return answer(response, failureAnswer(call));
    if (kind === 'lost-request') return void response.destroy();
    const upstream = await this.#forward(request, body);
    const content = await buffer(upstream);
    if (kind === 'lost-acknowledgement') return void response.destroy();
    response.writeHead(upstream.statusCode ?? 502, withoutFraming(upstream.headers)).end(content);
  }

  #draw(): FaultKind | undefined {
    let left = this.#random();
    return FAULT_KINDS.find((kind) => {
      left -= this.#rates[kind] ?? 0;
      return left < 0;
    });
  }

  #forward(request: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { ...withoutFraming(request.headers), host: this.#upstream.host, 'content-length': body.length };
      const { hostname, port } = this.#upstream;
      const { url: path, method } = request;
      send({ hostname, port, path, method, headers, agent: this.#agent, timeout: ANSWER_LIMIT_MS })
        .once('response', resolve)
        .once('error', reject)
        .end(body);
    });
  }
}

/** The service and operation of a call; undefined for a service that gets no faults. */
function callOf({ headers, method = '' }: IncomingMessage, body: Buffer): ServiceCall | undefined {
  const service = /Credential=[^/]+\/\d{8}\/[^/]+\/([a-z0-9]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1];
  const [, target] = /\.(\w+)$/.exec(String(headers['x-amz-target'] ?? '')) ?? [];
  switch (service) {
    case 'dynamodb':
    case 'sqs':
      return target === undefined ? undefined : { service, operation: target, body };
    case 's3':
      return { service, operation: method, body };
    default:
      return undefined;
  }
}

/** Headers of one connection, not of what goes over it: bodies are whole here. */
const OF_A_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'expect']);

function withoutFraming(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_A_CONNECTION.has(name)));
}

function answer(response: ServerResponse, { status, headers, body }: FaultAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
