import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { describeError, isPlatformError, isRetryable } from '../../../shared/jobs/describe-error.ts';

const typed = (code: string, retryable = false) => new LonghaulError({ code, retryable, detail: 'It is so.' });

describe('describeError', () => {
  it('shows code, detail and remedy of a typed error, the detail up to 500 characters', () => {
    expect(describeError(typed('x'))).toStrictEqual({ code: 'x', detail: 'It is so.' });
    const long = new LonghaulError({ code: 'x', retryable: false, detail: 'd'.repeat(501), remedy: 'r' });
    expect(describeError(long)).toEqual({ code: 'x', detail: 'd'.repeat(500), remedy: 'r' });
  });

  it('shows kind and message of a defect, and nothing else of it', () => {
    expect(describeError(new TypeError('x is not a function'))).toEqual({
      code: 'unexpected-error',
      detail: 'TypeError: x is not a function',
    });
    expect(describeError(new Error('m'.repeat(600))).detail).toBe(`Error: ${'m'.repeat(493)}`);
    expect(describeError('a text')).toEqual({
      code: 'unexpected-error',
      detail: 'Something that is no error was thrown.',
    });
  });
});

describe('an error', () => {
  it('is tried again unless it says that this cannot help', () => {
    expect([typed('x', true), typed('x'), new Error('x'), 'x'].map(isRetryable)).toEqual([true, false, true, true]);
  });

  it.each(['store-unavailable', 'store-token-reused', 'queue-unavailable', 'object-store-unavailable'])(
    'with the code %s says nothing about the work',
    (code) => {
      expect(isPlatformError(typed(code, true))).toBe(true);
    },
  );

  it('of a source, or without a type, may be of the work', () => {
    expect([typed('source-unavailable', true), new Error('store-unavailable')].map(isPlatformError)).toEqual([
      false,
      false,
    ]);
  });
});
