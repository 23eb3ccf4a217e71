import type { ReadAhead, Run } from '../read-ahead.ts';
import { HEADER_BYTES, isShapeType, parseMainHeader } from './main-header.ts';
import { readRecordHead, RECORD_HEAD_BYTES } from './record-head.ts';
import type { RecordCutter } from './record-cutter.ts';
import type { RecordCut } from './shapefile-detail.ts';

export const ENTRY_BYTES = 8;

/** Entries that are read at once. */
const ENTRIES = 8192;

/** Few: V8 would compile a long loop while it runs, and again when it ends. */
const ENTRIES_AT_ONCE = 64;

/** Records that are looked at to see whether an index that has no gaps tells the truth. */
const SAMPLES = 16;

/** Where a record stands by the index: 0 and 0 for one that is null without being in the .shp. */
export interface IndexEntry {
  offset: number;
  /** Bytes of its content, without its head. */
  length: number;
}

/** An index that does not fit its .shp; the message is a clause. */
class IndexMismatch extends Error {}

/**
 * Checks a .shx against its .shp, and cuts blocks by it. An index without gaps is believed after some of its records
 * were looked at, another when all were.
 * @returns why it cannot be used, or the blocks; as `RangeReader.read`
 */
export async function readIndex(
  index: ReadAhead,
  main: ReadAhead,
  cutter: RecordCutter,
): Promise<{ cuts: RecordCut[] } | { mismatch: string }> {
  try {
    return { cuts: await cutByIndex(index, main, cutter) };
  } catch (error) {
    if (error instanceof IndexMismatch) return { mismatch: error.message };
    throw error;
  }
}

async function cutByIndex(index: ReadAhead, main: ReadAhead, cutter: RecordCutter): Promise<RecordCut[]> {
  const entries = await countEntries(index);
  const walk = new IndexWalk(main.size, entries, cutter);
  for (let first = 0; first < entries; first += ENTRIES) {
    const stop = Math.min(first + ENTRIES, entries);
    const run = await loadEntries(index, first, stop - first);
    for (let number = first; number < stop; number += ENTRIES_AT_ONCE) {
      walk.take(run, number, Math.min(number + ENTRIES_AT_ONCE, stop));
    }
  }
  // Entries that share records would make more features of a file than it has.
  if (walk.bytes > main.size - HEADER_BYTES) throw new IndexMismatch('its records have more bytes than the .shp');
  if (walk.hasGaps) await checkRecords(index, main, entries);
  else for (const sample of walk.samples) await checkRecord(main, sample);
  if (!walk.hasGaps && (await isRecord(main, walk.next, entries + 1))) {
    throw new IndexMismatch('the .shp has more records');
  }
  return cutter.finish(walk.next);
}

/** What the entries of an index say together, which are taken in order. */
class IndexWalk {
  /** Offset behind the last record. */
  next = HEADER_BYTES;
  /** Bytes of all records. */
  bytes = 0;
  /** Whether a record begins elsewhere than the one before it ends. */
  hasGaps = false;
  readonly samples: IndexEntry[] = [];
  readonly #size: number;
  readonly #step: number;
  readonly #cutter: RecordCutter;
  readonly #entry: IndexEntry = { offset: 0, length: 0 };

  /** @param size bytes of the .shp */
  constructor(size: number, entries: number, cutter: RecordCutter) {
    this.#size = size;
    this.#step = Math.max(1, Math.floor(entries / SAMPLES));
    this.#cutter = cutter;
  }

  take(run: Run, first: number, end: number): void {
    const entry = this.#entry;
    for (let number = first; number < end; number++) {
      readEntry(run, number, entry);
      const { offset, length } = entry;
      checkRange(entry, number, this.#size);
      if (length > 0) {
        this.hasGaps ||= offset !== this.next;
        this.next = offset + RECORD_HEAD_BYTES + length;
        this.bytes += RECORD_HEAD_BYTES + length;
      }
      if (number % this.#step === 0) this.samples.push({ offset, length });
      this.#cutter.add(offset, length + RECORD_HEAD_BYTES);
    }
  }
}

/** Looks at every record of an index. */
async function checkRecords(index: ReadAhead, main: ReadAhead, entries: number): Promise<void> {
  const entry: IndexEntry = { offset: 0, length: 0 };
  for (let number = 0; number < entries; number++) {
    readEntry(await loadEntries(index, number, 1), number, entry);
    await checkRecord(main, entry, number);
  }
}

async function countEntries(index: ReadAhead): Promise<number> {
  if (index.size < HEADER_BYTES) throw new IndexMismatch(`it has ${index.size} bytes`);
  const run = await index.load(0, HEADER_BYTES);
  const head = run.bytes.subarray(-run.start, HEADER_BYTES - run.start);
  if (head[0] !== 0 || head[2] !== 0x27 || head[3] !== 0x0a) throw new IndexMismatch('it is none');
  const { length } = parseMainHeader(head);
  const isWhole = length >= HEADER_BYTES && length <= index.size && (length - HEADER_BYTES) % ENTRY_BYTES === 0;
  if (!isWhole) throw new IndexMismatch(`it claims ${length} bytes and has ${index.size}`);
  return (length - HEADER_BYTES) / ENTRY_BYTES;
}

/** Bytes that hold some entries. */
export function loadEntries(index: ReadAhead, first: number, count: number): Promise<Run> {
  return index.load(HEADER_BYTES + first * ENTRY_BYTES, count * ENTRY_BYTES);
}

/** Reads an entry out of the bytes that hold it. Offsets and lengths are in words of 16 bits. */
export function readEntry({ view, start }: Run, number: number, entry: IndexEntry): void {
  const at = HEADER_BYTES + number * ENTRY_BYTES - start;
  entry.offset = view.getUint32(at) * 2;
  entry.length = view.getUint32(at + 4) * 2;
}

function checkRange({ offset, length }: IndexEntry, number: number, size: number): void {
  if (offset === 0 && length === 0) return;
  const isInside = offset >= HEADER_BYTES && length >= 4 && offset + RECORD_HEAD_BYTES + length <= size;
  if (!isInside) throw new IndexMismatch(`its entry ${number} leads to byte ${offset}`);
}

/** @param number of the record, from 0, where it must have its own */
async function checkRecord(main: ReadAhead, { offset, length }: IndexEntry, number?: number): Promise<void> {
  if (length === 0) return;
  const head = await readRecordHead(main, offset);
  const isNumbered = number === undefined || head.number === number + 1;
  if (head.length !== length || !isShapeType(head.type) || !isNumbered) {
    throw new IndexMismatch(`at byte ${offset} of the .shp there is another record than it says`);
  }
}

/** Whether the record of this number, from 1, stands here. */
async function isRecord(main: ReadAhead, offset: number, number: number): Promise<boolean> {
  if (offset + RECORD_HEAD_BYTES + 4 > main.size) return false;
  const head = await readRecordHead(main, offset);
  return head.number === number && isShapeType(head.type) && offset + RECORD_HEAD_BYTES + head.length <= main.size;
}
