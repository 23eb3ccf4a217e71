import { LonghaulError } from '../errors/longhaul-error.ts';

/** A write or listing that no store accepts: a defect of the caller. */
export function storeRequestInvalid(detail: string, cause?: unknown): LonghaulError {
  return new LonghaulError({ code: 'store-request-invalid', retryable: false, detail, cause });
}

/** Throttled, in conflict, or not reached: the operation may or may not have happened. */
export function storeUnavailable(operation: string, cause: unknown): LonghaulError {
  return new LonghaulError({
    code: 'store-unavailable',
    retryable: true,
    detail: `The job table did not answer ${operation}: ${describeCause(cause)}.`,
    remedy: 'Nothing: the work is delivered again.',
    cause,
  });
}

/** Another attempt at the same transition was accepted, with other values: whoever reads again sees what it wrote. */
export function storeTokenReused(transaction: string, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'store-token-reused',
    retryable: true,
    detail: `Another attempt wrote ${transaction} with other values.`,
    remedy: 'Nothing: the next delivery reads what was written.',
    cause,
  });
}

export function queueUnknown(processId: string): LonghaulError {
  return new LonghaulError({
    code: 'queue-unknown',
    retryable: false,
    detail: `There is no queue for the process ${processId}.`,
    remedy: 'Deploy the stack again: it makes a queue for each process.',
  });
}

export function queueUnavailable(operation: string, cause: unknown): LonghaulError {
  return new LonghaulError({
    code: 'queue-unavailable',
    retryable: true,
    detail: `The queue did not answer ${operation}: ${describeCause(cause)}.`,
    remedy: 'Nothing: the messages are sent again.',
    cause,
  });
}

/** A message that no queue accepts: a defect of the caller. */
export function messageInvalid(detail: string, limits: { limit?: number; actual?: number } = {}): LonghaulError {
  return new LonghaulError({ code: 'queue-message-invalid', retryable: false, detail, ...limits });
}

export function objectTooLarge(url: URL, limit: number, actual: number): LonghaulError {
  return new LonghaulError({
    code: 'object-too-large',
    retryable: false,
    detail: `The object ${url.href} has ${actual} bytes; at most ${limit} are read.`,
    limit,
    actual,
  });
}

export function objectStoreUnavailable(operation: string, url: URL, cause: unknown): LonghaulError {
  return new LonghaulError({
    code: 'object-store-unavailable',
    retryable: true,
    detail: `The object store did not answer ${operation} of ${url.href}: ${describeCause(cause)}.`,
    remedy: 'Nothing: the work is delivered again.',
    cause,
  });
}

/** A disk that is full, read-only or cannot link: it will not mend itself. */
export function objectStoreFailed(operation: string, url: URL, cause: unknown): LonghaulError {
  return new LonghaulError({
    code: 'object-store-failed',
    retryable: false,
    detail: `The file system refused ${operation} of ${url.href}: ${describeCause(cause)}.`,
    remedy: 'Free space, or choose a folder that can be written.',
    cause,
  });
}

/** A location that this store does not serve, or a range that no object has. */
export function objectRequestInvalid(detail: string): LonghaulError {
  return new LonghaulError({ code: 'object-request-invalid', retryable: false, detail });
}

/** An upload that cannot be completed: a part is missing, too small, or has a number that is out of range. */
export function uploadInvalid(detail: string, limits: { limit?: number; actual?: number } = {}): LonghaulError {
  return new LonghaulError({ code: 'upload-invalid', retryable: false, detail, ...limits });
}

/** Name and message of what was thrown, for the end of a sentence: without its full stop. */
export function describeCause(cause: unknown): string {
  return (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)).replace(/\.$/, '');
}
