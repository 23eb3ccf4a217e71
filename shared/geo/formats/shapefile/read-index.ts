import type { ReadAhead, Run } from '../read-ahead.ts';
import { HEADER_BYTES, isShapeType, parseMainHeader } from './main-header.ts';
import { readRecordHead, RECORD_HEAD_BYTES } from './record-head.ts';
import type { RecordCutter } from './record-cutter.ts';
import type { RecordCut } from './shapefile-detail.ts';

export const ENTRY_BYTES = 8;

/** Entries that are read at once. */
const ENTRIES = 8192;

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
  const step = Math.max(1, Math.floor(entries / SAMPLES));
  const samples: IndexEntry[] = [];
  let next = HEADER_BYTES;
  let hasGaps = false;
  let bytes = 0;
  await eachEntry(index, entries, (entry, number) => {
    checkRange(entry, number, main.size);
    if (entry.length > 0) {
      hasGaps ||= entry.offset !== next;
      next = entry.offset + RECORD_HEAD_BYTES + entry.length;
      bytes += RECORD_HEAD_BYTES + entry.length;
    }
    if (number % step === 0) samples.push({ ...entry });
    cutter.add(entry.offset, entry.length + RECORD_HEAD_BYTES);
  });
  // Entries that share records would make more features of a file than it has.
  if (bytes > main.size - HEADER_BYTES) throw new IndexMismatch('its records have more bytes than the .shp');
  if (hasGaps) await eachEntry(index, entries, (entry, number) => checkRecord(main, entry, number));
  else for (const sample of samples) await checkRecord(main, sample);
  if (!hasGaps && (await isRecord(main, next, entries + 1))) throw new IndexMismatch('the .shp has more records');
  return cutter.finish(next);
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

/** Calls for each entry in order, with an object that is filled anew each time. */
async function eachEntry(
  index: ReadAhead,
  entries: number,
  visit: (entry: IndexEntry, number: number) => void | Promise<void>,
): Promise<void> {
  const entry: IndexEntry = { offset: 0, length: 0 };
  for (let first = 0; first < entries; first += ENTRIES) {
    const count = Math.min(ENTRIES, entries - first);
    const run = await loadEntries(index, first, count);
    for (let number = first; number < first + count; number++) {
      readEntry(run, number, entry);
      const visited = visit(entry, number);
      if (visited !== undefined) await visited;
    }
  }
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
