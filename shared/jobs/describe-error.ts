import { LonghaulError } from '../errors/longhaul-error.ts';
import type { ErrorRecord } from './job.ts';

/** Longest sentence that is kept of an error, in characters. */
const MAX_CHARACTERS = 500;

/** An error as it is shown to users; of a defect only the kind and message are, never its stack. */
export function describeError(error: unknown): ErrorRecord {
  if (error instanceof LonghaulError) {
    const detail = error.detail.slice(0, MAX_CHARACTERS);
    return { code: error.code, detail, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) };
  }
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : 'Something that is no error was thrown.';
  return { code: 'unexpected-error', detail: detail.slice(0, MAX_CHARACTERS) };
}

/** True unless the error says that trying again cannot help; a defect may depend on the machine, so it is tried again. */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof LonghaulError) || error.retryable;
}

/** Errors of our own table, queues and objects: they say nothing about the work, so they spend none of its attempts. */
const PLATFORM_CODES: ReadonlySet<string> = new Set([
  'store-unavailable',
  'store-token-reused',
  'queue-unavailable',
  'object-store-unavailable',
]);

export function isPlatformError(error: unknown): boolean {
  return error instanceof LonghaulError && PLATFORM_CODES.has(error.code);
}
