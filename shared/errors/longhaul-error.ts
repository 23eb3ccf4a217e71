/**
 * What every error of Longhaul carries. Two families: a *retryable* error ends this delivery, and the
 * job goes on with a later one; a *final* error ends the unit, chunk or job that it names.
 */
export interface LonghaulErrorDetails {
  /** Stable, kebab-case, never reused for another meaning. */
  code: string;
  /** True when the same work may succeed later without anyone changing anything. */
  retryable: boolean;
  /** One sentence: what is wrong, with the value or number that is wrong. */
  detail: string;
  /** One sentence: what the caller can do about it. */
  remedy?: string;
  /** JSON pointer (RFC 6901) to the input that is wrong, such as `/inputs/maxzoom`. */
  field?: string;
  /** The limit that was passed, in the unit of `actual`. */
  limit?: number;
  /** The value that passed the limit. */
  actual?: number;
  /** The earliest time to try again, from now, in milliseconds (a `Retry-After`, an open breaker). */
  retryAfterMs?: number;
  cause?: unknown;
}

/** Base of every error that Longhaul raises on purpose; anything else that is thrown is a defect. */
export class LonghaulError extends Error {
  override readonly name: string = 'LonghaulError';
  readonly code: string;
  readonly retryable: boolean;
  readonly remedy: string | undefined;
  readonly field: string | undefined;
  readonly limit: number | undefined;
  readonly actual: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(details: LonghaulErrorDetails) {
    super(details.detail, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.retryable = details.retryable;
    this.remedy = details.remedy;
    this.field = details.field;
    this.limit = details.limit;
    this.actual = details.actual;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** The sentence that a user reads. */
  get detail(): string {
    return this.message;
  }
}
