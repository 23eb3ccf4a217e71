import type { ReadAhead } from '../read-ahead.ts';

export const RECORD_HEAD_BYTES = 8;
const TYPE_BYTES = 4;

/** Head of a record, and the type with which its content begins. */
export interface RecordHead {
  /** From 1. */
  number: number;
  /** Bytes of its content by its own account; not to be believed. */
  length: number;
  type: number;
}

/**
 * @param offset at which 12 bytes are in the file
 * @throws LonghaulError as `RangeReader.read`
 */
export async function readRecordHead(main: ReadAhead, offset: number): Promise<RecordHead> {
  const bytes = RECORD_HEAD_BYTES + TYPE_BYTES;
  const { view, start } = main.find(offset, bytes) ?? (await main.load(offset, bytes));
  const at = offset - start;
  return { number: view.getInt32(at), length: view.getInt32(at + 4) * 2, type: view.getInt32(at + 8, true) };
}
