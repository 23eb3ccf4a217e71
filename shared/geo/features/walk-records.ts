import { BlockCursor } from './block-cursor.ts';
import type { MergedBlock } from './merge-summaries.ts';

const MIB = 1024 * 1024;
/** What is read of the block at once; one more is read ahead. */
const WINDOW_BYTES = 2 * MIB;

/**
 * Visits the records of a block one after the other, those that are dropped left out.
 * @param visit is given the feature, valid until it returns, and its place in the block
 * @throws LonghaulError `feature-block-corrupt` (final); whatever the source throws; the signal's reason
 */
export async function walkRecords(
  block: MergedBlock,
  visit: (feature: BlockCursor, record: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  if (block.preamble.features === 0) return;
  const cursor = new BlockCursor(block, 0, WINDOW_BYTES, signal);
  while (!cursor.isAtEnd) {
    while (!cursor.hasHead) await fill(cursor, signal);
    cursor.readHead();
    while (!cursor.hasRecord) await fill(cursor, signal);
    if (!cursor.isDropped) {
      cursor.readRecord();
      visit(cursor, cursor.record);
    }
    cursor.skip();
  }
  cursor.finish();
}

async function fill(cursor: BlockCursor, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await cursor.fill(true);
  cursor.readAhead();
}
