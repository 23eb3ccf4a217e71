import { expect } from 'vitest';
import type { TestRequest } from '../../unit/api/api-event.ts';
import type { TestApi, TestResponse } from '../../unit/api/test-api.ts';

/** Largest answer to a request that is refused, in bytes. */
const MAX_PROBLEM_BYTES = 32 * 1024;

/** Header values are printable ASCII (RFC 9110, 5.5): nothing of a caller's can end a header or begin another. */
const HEADER_VALUES = /^[ -~]*$/;

/**
 * Sends a hostile request and looks at what any answer must be: no fault of ours (below 500), with headers that can be
 * sent; a refusal is a problem document that names its kind, and leaves nothing behind.
 */
export async function answerOf(api: TestApi, request: TestRequest): Promise<TestResponse> {
  const before = written(api);
  const response = await api.call(request);
  const { statusCode, headers, json, bytes } = response;
  expect(statusCode).toBeLessThan(500);
  expect(Object.values(headers).join('')).toMatch(HEADER_VALUES);
  if (statusCode < 400) return response;
  expect({ type: headers['content-type'], status: json['status'], written: written(api) }).toEqual({
    type: 'application/problem+json',
    status: statusCode,
    written: before,
  });
  expect(`${json.code}: ${String(json['detail'])}`).toMatch(/^[a-z0-9-]+: ./);
  expect(bytes.length).toBeLessThan(MAX_PROBLEM_BYTES);
  return response;
}

/** How much was written so far; objects of the work folder expire by themselves, and nobody is told of them. */
function written({ test, persistence }: TestApi): object {
  return { changes: test.engine.store.stream.length, records: persistence.records.size };
}
