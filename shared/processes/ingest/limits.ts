import type { ProcessLimits } from '../../jobs/process.ts';

const MIB = 1024 * 1024;
const HOUR = 3600;

export const LIMITS: ProcessLimits = {
  // One whole virtual CPU of Lambda, which is given in proportion to memory; a worker needs under 512 MiB.
  memoryMiB: 1769,
  // Unpacking a large archive, or merging all blocks into the published files, takes longest.
  timeoutSeconds: 900,
  concurrency: 50,
  attempts: 5,
  deadlineSeconds: 6 * HOUR,
};

/** Bytes of a source that one chunk reads: a second or so of work, and a block that is merged with little memory. */
export const BLOCK_BYTES = 16 * MIB;

/** Blocks that a file is cut into at most: those of a file beyond 60 GiB are larger. As many are merged at once, and a few. */
export const MOST_BLOCKS = 4_000;

/** Layers of one job: the pointers of all datasets move in one transaction, which has 100 items at most. */
export const MAX_LAYERS = 50;
