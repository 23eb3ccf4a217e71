import type { BlockCursor } from './block-cursor.ts';

/** What is known of a block that is read. */
type ReadCursor = Pick<BlockCursor, 'isReading' | 'canRead' | 'neededAt' | 'readAhead'>;

/**
 * Begins to read the blocks whose windows will be used up first, as the last key in each foretells (Knuth, The Art of Computer
 * Programming, 5.4.6: forecasting). One read is left for what was not foreseen.
 * @param reached blocks whose keys the merge has come to
 * @param waiting the others, the next one last
 * @param mostReads reads at once
 */
export function forecastReads(reached: readonly ReadCursor[], waiting: readonly ReadCursor[], mostReads: number): void {
  for (;;) {
    let reads = 0;
    let next: ReadCursor | undefined;
    for (const cursor of reached) {
      if (cursor.isReading) reads++;
      else if (cursor.canRead && (next === undefined || cursor.neededAt < next.neededAt)) next = cursor;
    }
    let index = waiting.length - 1;
    while (index >= 0 && waiting[index]!.isReading) {
      reads++;
      index--;
    }
    const first = waiting[index];
    if (first?.canRead === true && (next === undefined || first.neededAt < next.neededAt)) next = first;
    if (next === undefined || reads >= mostReads - 1) return;
    next.readAhead();
  }
}
