import { BlockCursor } from './block-cursor.ts';
import { tooManyBlocks } from './errors.ts';
import { MAX_BLOCKS, MERGE_BUFFER_BYTES } from './limits.ts';
import type { MergedBlock } from './merge-summaries.ts';
import { mergeWindows } from './merge-windows.ts';
import { forecastReads } from './forecast-reads.ts';
import type { StoredFeature } from './stored-feature.ts';

export interface MergeOptions {
  /** Bytes that the windows of all blocks and what is read ahead take together. */
  bufferBytes?: number;
  signal?: AbortSignal;
}

/**
 * Gives the features of many blocks in the order of their Hilbert keys; of equal keys those of an earlier block first. Of each
 * block whose keys have been reached it holds a window, and of some what comes next: together the same however many there are.
 * The fewer they are at once the larger is each, so that blocks of features that lie close together, as most files have them,
 * are read in a few large pieces.
 *
 *     while (await merge.load()) {
 *       while (merge.advance()) writer.add(merge.feature);
 *     }
 */
export class FeatureMerge {
  readonly #signal: AbortSignal | undefined;
  /** Blocks that have not been reached, the next one last. */
  readonly #waiting: BlockCursor[];
  /** Blocks that have, as a heap: the one with the least key first. */
  readonly #heap: BlockCursor[] = [];
  /** The first block of the heap has passed a record, and its place is to be found again. */
  #isUnplaced = false;
  /** The first block of the heap has given its record, or drops it. */
  #isGiven = false;
  /** Features given so far. */
  count = 0;
  /** Most bytes of the window of one block, but for the feature that is given. */
  readonly windowBytes: number;
  readonly #mostReads: number;

  /** @throws LonghaulError `feature-blocks-too-many` (final) */
  constructor(blocks: readonly MergedBlock[], { bufferBytes = MERGE_BUFFER_BYTES, signal }: MergeOptions = {}) {
    if (blocks.length > MAX_BLOCKS) throw tooManyBlocks(blocks.length, MAX_BLOCKS);
    const filled = [...blocks.entries()].filter(([, { preamble }]) => preamble.features > 0);
    const { windowBytes, mostReads } = mergeWindows(
      filled.map(([, block]) => block),
      bufferBytes,
    );
    this.windowBytes = windowBytes;
    this.#mostReads = mostReads;
    this.#signal = signal;
    this.#waiting = filled
      .map(([ordinal, block]) => new BlockCursor(block, ordinal, windowBytes, signal))
      .sort((a, b) => b.firstKey - a.firstKey || b.ordinal - a.ordinal);
  }

  /** The feature that `advance` moved to. */
  get feature(): StoredFeature {
    return this.#heap[0]!;
  }

  /** Bytes of all windows and of what is read ahead. */
  get heldBytes(): number {
    return [...this.#waiting, ...this.#heap].reduce((sum, { heldBytes }) => sum + heldBytes, 0);
  }

  /**
   * Moves to the next feature.
   * @returns false when a block has to be read first, or there is no further feature: see `load`
   * @throws LonghaulError `feature-block-corrupt` (final)
   */
  advance(): boolean {
    for (;;) {
      if (this.#isGiven) {
        this.#heap[0]!.skip();
        this.#isGiven = false;
        this.#isUnplaced = true;
      }
      if (this.#isUnplaced && !this.#place()) return false;
      const first = this.#heap[0];
      if (first === undefined || !first.hasRecord) return false;
      if (this.#waiting.length > 0 && this.#waiting.at(-1)!.firstKey <= first.key) return false;
      this.#isGiven = true;
      if (first.isDropped) continue;
      first.readRecord();
      this.count++;
      return true;
    }
  }

  /**
   * Reads what `advance` waits for.
   * @returns false when there is no further feature
   * @throws LonghaulError `feature-block-corrupt` (final); whatever a source throws; the signal's reason
   */
  async load(): Promise<boolean> {
    this.#signal?.throwIfAborted();
    if (this.#isGiven) return true;
    while (this.#isUnplaced && !this.#place()) await this.#fill(this.#heap[0]!);
    await this.#reach();
    const first = this.#heap[0];
    if (first === undefined) return false;
    while (!first.hasRecord) await this.#fill(first, true);
    return true;
  }

  /** Takes every block into the heap whose keys have been reached. */
  async #reach(): Promise<void> {
    for (;;) {
      const next = this.#waiting.at(-1);
      if (next === undefined) return;
      const first = this.#heap[0];
      if (first !== undefined && next.firstKey > first.key) return;
      forecastReads(this.#heap, this.#waiting, this.#mostReads);
      while (!next.hasHead) await this.#fill(next);
      next.readHead();
      this.#waiting.pop();
      this.#heap.push(next);
      this.#siftUp();
    }
  }

  async #fill(cursor: BlockCursor, whole = false): Promise<void> {
    await cursor.fill(whole);
    forecastReads(this.#heap, this.#waiting, this.#mostReads);
  }

  /** @returns false when the head of the next record has to be read first */
  #place(): boolean {
    const first = this.#heap[0]!;
    if (first.isAtEnd) {
      first.finish();
      const last = this.#heap.pop()!;
      if (this.#heap.length > 0) this.#heap[0] = last;
    } else {
      if (!first.hasHead) return false;
      first.readHead();
    }
    this.#isUnplaced = false;
    this.#siftDown();
    return true;
  }

  #siftUp(): void {
    const heap = this.#heap;
    let index = heap.length - 1;
    const cursor = heap[index]!;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(cursor, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = cursor;
  }

  #siftDown(): void {
    const heap = this.#heap;
    const { length } = heap;
    if (length < 2) return;
    const cursor = heap[0]!;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, cursor)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = cursor;
  }
}

function isBefore(a: BlockCursor, b: BlockCursor): boolean {
  return a.key < b.key || (a.key === b.key && a.ordinal < b.ordinal);
}
