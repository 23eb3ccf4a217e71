import { LonghaulError } from '../errors/longhaul-error.ts';

export function sourceNotAllowed(url: URL, reason: string, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'source-not-allowed',
    retryable: false,
    detail: `${shown(url)} may not be read: ${reason}.`,
    remedy: 'Upload the file to your folder of sources, or give an https URL of a public host.',
    cause,
  });
}

export function sourceNotFound(url: URL, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'source-not-found',
    retryable: false,
    detail: `${shown(url)} does not exist.`,
    remedy: 'Correct the URL, or upload the file first.',
    cause,
  });
}

export function sourceAccessDenied(url: URL, reason: string, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'source-access-denied',
    retryable: false,
    detail: `Access to ${shown(url)} is denied (${reason}).`,
    remedy: 'Allow it to be read, or give a signed URL that is valid for the whole job.',
    cause,
  });
}

export function sourceReplaced(url: URL): LonghaulError {
  return new LonghaulError({
    code: 'source-replaced',
    retryable: false,
    detail: `${shown(url)} was replaced after the job had opened it.`,
    remedy: 'Submit the job again; keep a source unchanged while a job reads it.',
  });
}

export function sourceUnavailable(url: URL, reason: string, cause?: unknown): LonghaulError {
  const retryAfterMs = cause instanceof LonghaulError ? cause.retryAfterMs : undefined;
  return new LonghaulError({
    code: 'source-unavailable',
    retryable: true,
    detail: `${shown(url)} cannot be read now: ${reason}`,
    remedy: 'It is tried again later.',
    cause,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

export function sourceRangesUnsupported(url: URL, reason: string): LonghaulError {
  return new LonghaulError({
    code: 'source-ranges-unsupported',
    retryable: false,
    detail: `${shown(url)} cannot be read in parts: ${reason}.`,
    remedy: 'Serve the file by a server that answers range requests with an ETag or Last-Modified, or upload it.',
  });
}

/** The URL without its query, which may hold a signature. */
function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
