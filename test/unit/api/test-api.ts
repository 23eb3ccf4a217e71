import type { Context } from 'aws-lambda';
import type { Api, ReferenceFetcher } from '../../../functions/api/api.ts';
import { createHandler } from '../../../functions/api/create-handler.ts';
import { createCursorKey } from '../../../functions/api/cursor-key.ts';
import { healthChecks } from '../../../functions/api/health-checks.ts';
import { createReplay } from '../../../functions/api/replay.ts';
import type { ApiEvent } from '../../../functions/api/request.ts';
import type { ApiResponse } from '../../../functions/api/response.ts';
import type { Link } from '../../../shared/http/link.ts';
import type { JobLimits } from '../../../shared/jobs/platform.ts';
import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import { MemoryUploadObjects } from '../../../shared/local/memory-upload-objects.ts';
import type { UploadPlatform, UploadQuotas } from '../../../shared/uploads/platform.ts';
import echo from '../../../shared/processes/echo/process.ts';
import type { NumbersHooks } from '../../helpers/numbers-process.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';
import type { TestEngine } from '../../helpers/test-engine.ts';
import { apiEvent } from './api-event.ts';
import type { TestRequest } from './api-event.ts';
import { MemoryPersistence } from './memory-persistence.ts';

export const ROOT = 'https://longhaul.example';

export interface TestApiOptions {
  hooks?: NumbersHooks;
  processes?: ProcessDefinition[];
  limits?: JobLimits;
  quotas?: UploadQuotas;
  /** Answers to references by URL. */
  references?: Record<string, { status: number; body: string } | Error>;
  /** What replaces parts of the API. */
  api?: Partial<Api>;
  remainingMs?: number;
}

export interface LogLine {
  level: 'info' | 'warn' | 'error';
  event: string;
  fields: Record<string, unknown>;
}

/** Members of responses that the tests look at; those that a response has not are undefined at run time. */
export interface TestJson {
  [member: string]: unknown;
  jobID: string;
  code: string;
  remedy: string;
  links: Link[];
  jobs: { jobID: string; [member: string]: unknown }[];
}

export interface TestResponse extends ApiResponse {
  /** The body as JSON; `{}` when it is none. */
  json: TestJson;
  bytes: Buffer;
}

export interface TestApi {
  test: TestEngine;
  /** Where uploads go. */
  bucket: MemoryUploadObjects;
  platform: UploadPlatform;
  lines: LogLine[];
  /** Addresses that were fetched as references. */
  fetched: string[];
  persistence: MemoryPersistence;
  call: (request: TestRequest) => Promise<TestResponse>;
  /** Sends an event as it is. */
  send: (event: ApiEvent) => Promise<TestResponse>;
}

/** The handler over the engine in memory, with the process `numbers` of the tests and the real `echo`. */
export function createTestApi(options: TestApiOptions = {}): TestApi {
  const lines: LogLine[] = [];
  const fetched: string[] = [];
  const log =
    (level: LogLine['level']) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      lines.push({ level, event, fields });
    };
  const definitions = [echo as unknown as ProcessDefinition, ...(options.processes ?? [])];
  const test = createTestEngine(options.hooks, definitions);
  const bucket = new MemoryUploadObjects({ clock: test.clock });
  const platform: UploadPlatform = {
    ...test.engine.platform,
    uploadObjects: bucket,
    quotas: () => options.quotas ?? { maxStoredBytes: 1e12, maxInFlightBytes: 1e12, maxOpenUploads: 100 },
    uploadLocations: { uploads: new URL('s3://data/uploads/'), incoming: new URL('s3://data/incoming/') },
    logger: { info: log('info'), warn: log('warn'), error: log('error') },
    limits: () => options.limits ?? { maxUnits: 1_000_000, maxOutputBytes: 1e12 },
  };
  const references: ReferenceFetcher = {
    fetch: async (url) => {
      fetched.push(String(url));
      const answer = options.references?.[String(url)] ?? { status: 404, body: '' };
      if (answer instanceof Error) throw answer;
      return { status: answer.status, body: Buffer.from(answer.body) };
    },
  };
  const persistence = new MemoryPersistence();
  const handler = createHandler({
    platform,
    references,
    presign: async (url) => `https://signed.example/${url.host}${url.pathname}?signature=1`,
    replay: createReplay(persistence),
    health: healthChecks(platform),
    cursorKey: createCursorKey(platform.store, (length) => new Uint8Array(length).fill(7)),
    publicUrl: ROOT,
    ...options.api,
  });
  const context = { getRemainingTimeInMillis: () => options.remainingMs ?? 20_000 } as unknown as Context;
  const send: TestApi['send'] = async (event) => {
    const response = await handler(event, context);
    const bytes = Buffer.from(response.body, response.isBase64Encoded ? 'base64' : 'utf8');
    const isJson = /^application\/(\S+\+)?json/.test(response.headers['content-type'] ?? '');
    return {
      ...response,
      bytes,
      json: isJson && bytes.length > 0 ? (JSON.parse(bytes.toString()) as TestJson) : ({} as TestJson),
    };
  };
  return { test, bucket, platform, lines, fetched, persistence, send, call: (request) => send(apiEvent(request)) };
}
