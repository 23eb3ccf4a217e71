/** The tiers that bugs are named for; what each runs is in `searches`. */
export const TIERS = ['crash-points', 'interruptions', 'random', 'delivery', 'explorer', 'time', 'uploads'] as const;
export type Tier = (typeof TIERS)[number];

/** One mistake that somebody could have made. */
export interface Bug {
  name: string;
  /** What the code does wrong, in one sentence. */
  what: string;
  /** The one production file that has it, from the root of the project. */
  file: string;
  /** Stands exactly once in that file … */
  find: string;
  /** … and is replaced by this. */
  replace: string;
  /** The tier that catches it. */
  caughtBy: Tier;
  /** Of the tier, only these scenarios or edges are run, those whose names begin so; without it, all. */
  where?: string;
  /** What its first violation begins with: the invariant that it breaks. */
  breaks: string;
}

/** A clause that always holds: what a condition is that somebody has dropped. */
export const ALWAYS = "{ operator: 'absent', attribute: 'never-written' }";
