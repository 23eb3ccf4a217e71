import { LonghaulError } from '../errors/longhaul-error.ts';
import { describeCause } from '../adapters/errors.ts';
import { isUnavailable, statusOf } from './service-error.ts';

const FORBIDDEN = 403;
const NOT_FOUND = 404;
const PRECONDITION_FAILED = 412;

export function sourceNotAllowed(url: URL, tenant: string, dataBucket: string, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'source-not-allowed',
    retryable: false,
    detail: `The tenant ${tenant} may not read ${url.href}.`,
    remedy: `Put the file below s3://${dataBucket}/sources/${tenant}/, or have its bucket configured as a source bucket.`,
    cause,
  });
}

export function sourceUnavailable(url: URL, cause: unknown): LonghaulError {
  return new LonghaulError({
    code: 'source-unavailable',
    retryable: true,
    detail: `The source ${url.href} could not be read: ${describeCause(cause)}.`,
    remedy: 'Nothing: it is read again later.',
    cause,
  });
}

/** What a failed read of a source means; what is none of these (such as no credentials) stays as it is. */
export function sourceError(url: URL, error: unknown): unknown {
  if (isUnavailable(error)) return sourceUnavailable(url, error);
  switch (statusOf(error)) {
    case PRECONDITION_FAILED:
      return new LonghaulError({
        code: 'source-replaced',
        retryable: false,
        detail: `The source ${url.href} is no longer the version that the job was planned for.`,
        remedy: 'Submit the job again for the version that is there now.',
        cause: error,
      });
    case NOT_FOUND:
      return new LonghaulError({
        code: 'source-not-found',
        retryable: false,
        detail: `There is no source ${url.href}.`,
        remedy: 'Check bucket and key; a key is percent-encoded in the URL.',
        cause: error,
      });
    case FORBIDDEN:
      return new LonghaulError({
        code: 'source-access-denied',
        retryable: false,
        detail: `Access to the source ${url.href} is denied, or it does not exist.`,
        remedy: "Let Longhaul's worker and API roles read the bucket.",
        cause: error,
      });
    default:
      return error;
  }
}
