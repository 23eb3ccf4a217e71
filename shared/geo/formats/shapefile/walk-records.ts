import type { ReadAhead } from '../read-ahead.ts';
import { HEADER_BYTES, isShapeType } from './main-header.ts';
import { RECORD_HEAD_BYTES, readRecordHead, type RecordHead } from './record-head.ts';
import type { RecordCutter } from './record-cutter.ts';
import type { RecordCut } from './shapefile-detail.ts';

/** Bytes of the smallest record: its head, and the type of a null shape. */
export const MIN_RECORD_BYTES = RECORD_HEAD_BYTES + 4;

/**
 * Cuts blocks by going from record to record. The last record may be one whose end is not in the file, or that is none:
 * what follows it cannot be found, and it is rejected when its block is read.
 * @param length of the .shp by its own account
 * @throws LonghaulError as `RangeReader.read`
 */
export async function walkRecords(
  main: ReadAhead,
  length: number,
  cutter: RecordCutter,
  signal: AbortSignal,
): Promise<{ cuts: RecordCut[]; trailingBytes: number }> {
  let offset = HEADER_BYTES;
  while (offset < main.size && (offset !== length || cutter.records === 0)) {
    signal.throwIfAborted();
    const end = await endOfRecord(main, offset, cutter.records + 1);
    cutter.add(offset, (end ?? main.size) - offset);
    if (end === undefined) return { cuts: cutter.finish(main.size), trailingBytes: 0 };
    offset = end;
  }
  return { cuts: cutter.finish(offset), trailingBytes: main.size - offset };
}

/**
 * The same of the first bytes of a .shp, up to the last record that is whole.
 * @param most records
 * @throws LonghaulError as `RangeReader.read`
 */
export async function walkFront(
  main: ReadAhead,
  length: number,
  cutter: RecordCutter,
  most: number,
  signal: AbortSignal,
): Promise<RecordCut[]> {
  let offset = HEADER_BYTES;
  while (cutter.records < most && (offset !== length || cutter.records === 0)) {
    signal.throwIfAborted();
    const end = await endOfRecord(main, offset, cutter.records + 1);
    if (end === undefined) break;
    cutter.add(offset, end - offset);
    offset = end;
  }
  return cutter.finish(offset);
}

async function endOfRecord(main: ReadAhead, offset: number, number: number): Promise<number | undefined> {
  if (offset + MIN_RECORD_BYTES > main.size) return undefined;
  const head = await readRecordHead(main, offset);
  const end = offset + RECORD_HEAD_BYTES + head.length;
  return isSound(head, number) && end <= main.size ? end : undefined;
}

/** Whether a record is told by its number or its type, and its length leads on. */
export function isSound({ number, length, type }: RecordHead, expected: number): boolean {
  return length >= 4 && (number === expected || isShapeType(type));
}
