import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';

const ANSWER_LIMIT_MS = 30_000;
const POLL_MS = 500;

const errorSchema = z.object({ code: z.string(), detail: z.string(), unit: z.string().optional() });
const countsSchema = z.object({ done: z.int(), failed: z.int(), skipped: z.int(), bytes: z.int() });

/** What the scripts and the end-to-end tests read of a job's status. */
const statusSchema = z.object({
  jobID: z.string(),
  processID: z.string(),
  status: z.enum(['accepted', 'running', 'successful', 'failed', 'dismissed']),
  state: z.enum(['accepted', 'planning', 'running', 'finishing', 'succeeded', 'partial', 'failed', 'cancelled']),
  message: z.string(),
  progress: z.number(),
  counts: countsSchema,
  units: z.int().optional(),
  datasets: z.array(countsSchema.extend({ id: z.string(), units: z.int() })).optional(),
  failure: errorSchema.optional(),
  errors: z.array(errorSchema).optional(),
  retryOf: z.string().optional(),
});
export type JobStatus = z.output<typeof statusSchema>;

const ENDED: ReadonlySet<JobStatus['status']> = new Set(['successful', 'failed', 'dismissed']);

/** Whether nothing more will happen to the job. */
export function hasEnded(job: JobStatus): boolean {
  return ENDED.has(job.status);
}

export interface WaitOptions {
  signal?: AbortSignal | undefined;
  /** Called with each answer. */
  onStatus?: (job: JobStatus) => void;
  /** Ends the waiting; by default when the job has ended. */
  until?: (job: JobStatus) => boolean;
}

/** Speaks to a deployed API with a token. */
export class ApiClient {
  readonly #api: URL;
  readonly #token: string;

  /** @param api root of the API; ends in a slash */
  constructor(api: URL, token: string) {
    this.#api = api;
    this.#token = token;
  }

  /** One request. @returns the status, headers and JSON body, whatever the status is */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Headers; body: unknown }> {
    const response = await fetch(new URL(path.replace(/^\//, ''), this.#api), {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parseJson(text) };
  }

  /** Submits a job that runs in the background. @throws LonghaulError `api-refused` */
  async submit(processId: string, inputs: Record<string, unknown>, idempotencyKey?: string): Promise<JobStatus> {
    const headers = {
      prefer: 'respond-async',
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    };
    return statusSchema.parse(await this.#expect('POST', `processes/${processId}/execution`, { inputs }, headers));
  }

  /** @throws LonghaulError `api-refused` */
  async status(jobId: string): Promise<JobStatus> {
    return statusSchema.parse(await this.#expect('GET', `jobs/${jobId}`));
  }

  /** @throws LonghaulError `api-refused` */
  async cancel(jobId: string): Promise<JobStatus> {
    return statusSchema.parse(await this.#expect('DELETE', `jobs/${jobId}`));
  }

  /** A new job that runs the failed units again. @throws LonghaulError `api-refused` */
  async retry(jobId: string): Promise<JobStatus> {
    return statusSchema.parse(await this.#expect('POST', `jobs/${jobId}/retry`));
  }

  /** Results by output, as the API gives them. @throws LonghaulError `api-refused` */
  async results(jobId: string): Promise<Record<string, unknown>> {
    return z.record(z.string(), z.unknown()).parse(await this.#expect('GET', `jobs/${jobId}/results`));
  }

  /** Polls until the job has ended. @throws LonghaulError `api-refused`; the signal's reason */
  async wait(jobId: string, options: WaitOptions = {}): Promise<JobStatus> {
    const { signal, onStatus, until = hasEnded } = options;
    for (;;) {
      const job = await this.status(jobId);
      onStatus?.(job);
      if (until(job)) return job;
      await delay(POLL_MS, undefined, signal === undefined ? {} : { signal });
    }
  }

  async #expect(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<unknown> {
    const answer = await this.request(method, path, body, headers);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw new LonghaulError({
      code: 'api-refused',
      retryable: answer.status >= 500,
      detail: `${method} /${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`,
      remedy: 'Read the remedy in the answer, or the logs of the API function.',
      actual: answer.status,
    });
  }
}

/** The value of a JSON text; another text as it is. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
