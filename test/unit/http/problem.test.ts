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
