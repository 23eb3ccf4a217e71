import { expect } from 'vitest';
import type { TestRequest } from '../../unit/api/api-event.ts';
import type { TestApi, TestResponse } from '../../unit/api/test-api.ts';

/** Largest answer to a request that is refused, in bytes. */
const MAX_PROBLEM_BYTES = 32 * 1024;

/** Header values are printable ASCII (RFC 9110, 5.5): nothing of a caller's can end a header or begin another. */
const HEADER_VALUE = /^[ -~]*$/;

/**
 * Sends a hostile request and looks at what any answer must be: no fault of ours (below 500), with headers that can be
 * sent; a refusal is a problem document that names its kind, and leaves nothing behind.
 */
export async function answerOf(api: TestApi, request: TestRequest): Promise<TestResponse> {
  const before = written(api);
  const response = await api.call(request);
  expect(response.statusCode).toBeLessThan(500);
  for (const value of Object.values(response.headers)) expect(value).toMatch(HEADER_VALUE);
  if (response.statusCode < 400) return response;
  expect(response.headers['content-type']).toBe('application/problem+json');
  expect(response.json.code).toMatch(/^[a-z0-9-]+$/);
  expect(response.json['status']).toBe(response.statusCode);
  expect(String(response.json['detail'])).not.toBe('');
  expect(response.bytes.length).toBeLessThan(MAX_PROBLEM_BYTES);
  expect(written(api)).toEqual(before);
  return response;
}

/** How much was written so far; objects of the work folder expire by themselves, and nobody is told of them. */
function written({ test, persistence }: TestApi): object {
  return { changes: test.engine.store.stream.length, records: persistence.records.size };
}
