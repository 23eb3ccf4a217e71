/** HTTP status of an error that a service answered with; undefined when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  const status = metadataOf(error)?.['httpStatusCode'];
  return typeof status === 'number' ? status : undefined;
}

export function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/** Codes by which services refuse for a while, whatever the status that comes with them. */
const THROTTLES = [
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'RequestTimeoutException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
];
const SYSTEM_CODES = /^(E(AI_AGAIN|CONN|HOST|NET|PIPE|TIMEDOUT)|ENOTFOUND$)/;
const TOO_MANY_REQUESTS = 429;
const FIRST_SERVER_ERROR = 500;

/**
 * Whether a service was not reached, did not answer in time, failed by itself or throttles: the call may have had its
 * effect or not, and may succeed later. A refusal (validation, permission, condition) is none of these.
 */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  if (status !== undefined && (status === TOO_MANY_REQUESTS || status >= FIRST_SERVER_ERROR)) return true;
  if (THROTTLES.includes(error.name) || error.name === 'TimeoutError') return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return SYSTEM_CODES.test(code);
}

function metadataOf(error: unknown): Record<string, unknown> | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  return error.$metadata as Record<string, unknown>;
}
