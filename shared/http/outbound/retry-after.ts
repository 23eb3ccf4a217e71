const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** Longest wait that a server is granted. */
export const MAX_RETRY_AFTER_MS = HOUR;

/**
 * A `Retry-After` header as milliseconds from now (RFC 9110, 10.2.3: seconds or a date), at most an hour.
 * @returns undefined when there is none or it says nothing
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const wait = /^\d{1,10}$/.test(text) ? Number(text) * SECOND : Date.parse(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS);
}
