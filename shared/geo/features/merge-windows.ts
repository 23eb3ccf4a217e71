import type { OpenBlock } from './open-feature-block.ts';

const KIB = 1024;
const MIN_WINDOW_BYTES = 8 * KIB;
const MAX_WINDOW_BYTES = 2048 * KIB;
/** What `READ_SHARE` of a window is, is a number of whole doubles. */
const WINDOW_STEP_BYTES = 128;
/** Of a window, what is read at once; the rest is for the record that the end of the read before cut off. */
export const READ_SHARE = 15 / 16;
/** Blocks that are read at once: the next windows come before they are needed, whatever the time that one takes. */
const MOST_READS = 32;

/** How the memory of a merge is divided over its blocks. */
export interface MergeWindows {
  /** Most bytes of the window of a block, and of a read: a multiple of 128. */
  windowBytes: number;
  /** Reads that are under way, or done and not yet taken into a window, at once. */
  mostReads: number;
}

/**
 * Divides what a merge may hold evenly: a window for each of the blocks that it is in at once, and one for each read.
 * @param blocks that have features
 */
export function mergeWindows(blocks: readonly OpenBlock[], bufferBytes: number): MergeWindows {
  const mostReads = Math.min(MOST_READS, blocks.length + 1);
  const share = Math.min(MAX_WINDOW_BYTES, bufferBytes / (mostAtOnce(blocks) + mostReads));
  const windowBytes = Math.max(MIN_WINDOW_BYTES, Math.floor(share / WINDOW_STEP_BYTES) * WINDOW_STEP_BYTES);
  return { windowBytes, mostReads };
}

/** Most blocks whose ranges of keys overlap at one key. */
function mostAtOnce(blocks: readonly OpenBlock[]): number {
  const starts = blocks.map(({ preamble }) => preamble.firstKey).sort((a, b) => a - b);
  const ends = blocks.map(({ preamble }) => preamble.lastKey).sort((a, b) => a - b);
  let most = 0;
  let ended = 0;
  for (const [index, start] of starts.entries()) {
    while (ends[ended]! < start) ended++;
    most = Math.max(most, index + 1 - ended);
  }
  return most;
}
