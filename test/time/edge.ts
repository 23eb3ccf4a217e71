/** One instant at which something changes, and what is seen just before it, at it, and just after it. */
export interface Edge {
  /** What changes, in words. */
  name: string;
  /** The comparisons and constants of the code that decide it, as `findTime` names them. */
  of: readonly string[];
  /** Milliseconds from the beginning of the story to the edge. */
  at: number;
  /** What is seen 1 ms before, at, and 1 ms after. */
  expected: readonly [before: unknown, at: unknown, after: unknown];
  /** Tells the story in a world of its own, with the deciding moment `at` milliseconds after its beginning. */
  observe: (at: number) => Promise<unknown>;
}

/** Distances from an edge at which it is looked at, in milliseconds. */
export const OFFSETS = [-1, 0, 1] as const;
