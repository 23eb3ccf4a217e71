import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { problemOf } from '../../../shared/http/problem.ts';

const problem = (code: string, retryable = false) =>
  problemOf(new LonghaulError({ code, retryable, detail: 'It is so.' }), 'urn:x');

describe('problemOf', () => {
  it.each([
    ['no-such-process', 404, 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process'],
    ['job-not-found', 404, 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job'],
    ['result-not-ready', 404, 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready'],
    ['input-invalid', 400, 'urn:longhaul:error:input-invalid'],
  ])('gives %s the status %i and the type %s', (code, status, type) => {
    expect(problem(code)).toMatchObject({ status, type, code });
  });

  it.each([
    ['unauthenticated', 401],
    ['scope-missing', 403],
    ['tenant-limit-exceeded', 403],
    ['process-unknown', 404],
    ['dataset-not-found', 404],
    ['output-not-found', 404],
    ['route-not-found', 404],
    ['method-not-allowed', 405],
    ['not-acceptable', 406],
    ['idempotency-conflict', 409],
    ['idempotency-in-progress', 409],
    ['job-not-terminal', 409],
    ['job-already-finished', 409],
    ['nothing-to-retry', 409],
    ['retry-source-changed', 409],
    ['job-cancelled', 410],
    ['work-expired', 410],
    ['body-too-large', 413],
    ['media-type-unsupported', 415],
    ['response-too-large', 422],
    ['not-ready', 503],
    ['request-timed-out', 504],
    ['timed-out', 504],
  ])('gives %s the status %i, whether or not it may pass', (code, status) => {
    expect([problem(code).status, problem(code, true).status]).toEqual([status, status]);
  });

  it.each([
    'archive-misused',
    'attempts-exhausted',
    'chunk-object-corrupt',
    'chunk-too-large',
    'echo-lost',
    'environment-invalid',
    'internal-error',
    'job-unknown',
    'job-window-jumped',
    'message-invalid',
    'metadata-too-large',
    'object-request-invalid',
    'object-store-failed',
    'queue-message-invalid',
    'queue-unknown',
    'store-request-invalid',
    'store-token-reused',
    'stored-object-corrupt',
    'tile-empty',
    'tile-out-of-order',
    'tile-outside-zooms',
    'tile-payload-corrupt',
    'too-many-failures',
    'unexpected-error',
    'upload-event-invalid',
    'upload-invalid',
    'worker-lost',
  ])('calls %s our own fault', (code) => {
    expect(problem(code).status).toBe(500);
  });

  it('leaves out what an error does not say', () => {
    expect(Object.keys(problem('x'))).toEqual(['type', 'title', 'status', 'detail', 'instance', 'code']);
  });

  it('makes what may succeed later a 503', () => {
    expect(problem('store-unavailable', true).status).toBe(503);
  });

  it('hands on field, limit, value and remedy', () => {
    const details = { field: '/inputs/a', limit: 1, actual: 2, remedy: 'Ask for less.' };
    const error = new LonghaulError({ code: 'too-much', retryable: false, detail: 'Too much.', ...details });
    expect(problemOf(error, 'urn:x')).toEqual({
      type: 'urn:longhaul:error:too-much',
      title: 'Too much',
      status: 400,
      detail: 'Too much.',
      instance: 'urn:x',
      code: 'too-much',
      ...details,
    });
  });
});
