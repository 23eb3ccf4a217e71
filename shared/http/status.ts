import type { LonghaulError } from '../errors/longhaul-error.ts';

/** HTTP status (RFC 9110) of each code that is not simply a wrong input. */
const STATUS: Readonly<Record<string, number>> = {
  'scope-missing': 403,
  'tenant-limit-exceeded': 403,
  'quota-exceeded': 403,
  'no-such-process': 404,
  'process-unknown': 404,
  'job-not-found': 404,
  'dataset-not-found': 404,
  'output-not-found': 404,
  'result-not-ready': 404,
  'upload-not-found': 404,
  'route-not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  'idempotency-conflict': 409,
  'idempotency-in-progress': 409,
  'job-not-terminal': 409,
  'job-already-finished': 409,
  'nothing-to-retry': 409,
  'retry-source-changed': 409,
  'upload-not-open': 409,
  'upload-not-stored': 409,
  'upload-incomplete': 409,
  'upload-part-mismatch': 409,
  'upload-parts-changed': 409,
  'job-cancelled': 410,
  'work-expired': 410,
  'body-too-large': 413,
  'response-too-large': 422,
  'media-type-unsupported': 415,
  unauthenticated: 401,
  'not-ready': 503,
  'request-timed-out': 504,
  'timed-out': 504,
};

/** Final errors that are no fault of the caller's: a job failed of them, or we have a defect. */
const OURS: ReadonlySet<string> = new Set([
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
]);

/** A retryable error is ours or an upstream's: the caller may send the same request again. Any other is the caller's. */
export function statusOf(error: Pick<LonghaulError, 'code' | 'retryable'>): number {
  return STATUS[error.code] ?? (error.retryable ? 503 : OURS.has(error.code) ? 500 : 400);
}
