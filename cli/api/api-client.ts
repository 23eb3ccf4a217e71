import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { parseJson } from '../../shared/http/json.ts';
import { parseRetryAfter } from '../../shared/http/outbound/retry-after.ts';
import type { CliContext } from '../context.ts';
import { answerInvalid, apiUnreachable } from '../errors.ts';
import type { Connection } from './connection.ts';
import { ApiError } from './problem-error.ts';

const SECOND = 1000;
const MIB = 1024 * 1024;

/** One request: the API itself gives up after 30 s. */
const TIMEOUT = 35 * SECOND;
/** Largest answer; the API gives at most 6 MB. */
const MAX_ANSWER_BYTES = 16 * MIB;

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'DELETE';
  /** Below the API's root, without a leading slash. */
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  /** The body as JSON; undefined when it is none. */
  json: unknown;
  /** What `Retry-After` asks for. */
  retryAfterMs: number | undefined;
}

/** Speaks to a deployed API. */
export class ApiClient {
  readonly #context: CliContext;
  readonly #connection: Connection;

  constructor(context: CliContext, connection: Connection) {
    this.#context = context;
    this.#connection = connection;
  }

  /**
   * @returns answers with a status below 400, 304 among them
   * @throws ApiError with what the API says; LonghaulError `api-unreachable` (retryable), `answer-invalid`
   */
  async ask(request: ApiRequest): Promise<ApiAnswer> {
    const url = this.#url(request);
    const { signal, clock } = this.#context;
    const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
    try {
      const response = await this.#context.fetch(url, {
        method: request.method ?? 'GET',
        headers: this.#headers(request),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
        // A token follows no redirect.
        redirect: 'manual',
        ...body,
      });
      const bytes = await readBounded(response, request.path);
      const retryAfterMs = parseRetryAfter(response.headers.get('retry-after') ?? undefined, clock.now());
      const answer = { status: response.status, headers: response.headers, bytes, retryAfterMs };
      const json = jsonOf(answer, request.path);
      if (!response.ok && response.status !== 304) throw new ApiError(response.status, json, retryAfterMs);
      return { ...answer, json };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof LonghaulError) throw error;
      throw apiUnreachable(url, error);
    }
  }

  #url({ path, query = {} }: ApiRequest): URL {
    const url = new URL(path, this.#connection.api);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }

  #headers({ headers = {}, body }: ApiRequest): Record<string, string> {
    const { token } = this.#connection;
    return {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
  }
}

async function readBounded(response: Response, path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: ReadableStream<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw answerInvalid(path, `more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** An error page need not be JSON; an answer that says that it is must be. */
function jsonOf({ status, headers, bytes }: Omit<ApiAnswer, 'json'>, path: string): unknown {
  if (bytes.length === 0 || !/\bjson\b/.test(headers.get('content-type') ?? '')) return undefined;
  try {
    return parseJson(new TextDecoder().decode(bytes));
  } catch (error) {
    if (status >= 400) return undefined;
    throw answerInvalid(path, 'its body is not JSON', error);
  }
}
