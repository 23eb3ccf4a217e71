/** Identifiers and randomness, as parameters. */
export interface Identifiers {
  /** A new ULID for the given time. */
  next(now: number): string;
}

/** Uniform in [0, 1). */
export type Random = () => number;
