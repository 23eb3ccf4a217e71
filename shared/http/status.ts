import type { LonghaulError } from '../errors/longhaul-error.ts';

/** HTTP status (RFC 9110) of each code that is not simply a wrong input. */
const STATUS: Readonly<Record<string, number>> = {
  'scope-missing': 403,
  'tenant-limit-exceeded': 403,
  'no-such-process': 404,
  'process-unknown': 404,
  'job-not-found': 404,
  'dataset-not-found': 404,
  'output-not-found': 404,
  'result-not-ready': 404,
  'route-not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  'idempotency-conflict': 409,
  'idempotency-in-progress': 409,
  'job-not-terminal': 409,
  'job-already-finished': 409,
  'nothing-to-retry': 409,
  'job-cancelled': 410,
  'work-expired': 410,
  'body-too-large': 413,
  'response-too-large': 422,
  'media-type-unsupported': 415,
  unauthenticated: 401,
  'internal-error': 500,
  'environment-invalid': 500,
  'not-ready': 503,
  'request-timed-out': 504,
  'timed-out': 504,
};

/** A retryable error is ours or an upstream's: the caller may send the same request again. Any other is the caller's. */
export function statusOf(error: Pick<LonghaulError, 'code' | 'retryable'>): number {
  return STATUS[error.code] ?? (error.retryable ? 503 : 400);
}
