import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import type { Encoding } from 'hyparquet';
import { parquetCorrupt, parquetUnsupported } from './read-errors.ts';
import { MAX_PAGE_BYTES } from './read-limits.ts';

/** What is to be held of the values of a page before it is decoded. */
export interface PageCheck {
  encoding: Encoding;
  /** Values that are stored, without nulls. */
  values: number;
  isBoolean: boolean;
  /** Bytes of one value, where all have the same. */
  width: number | undefined;
}

/** Longest index into a dictionary: 16 million entries. */
const MAX_INDEX_BITS = 24;

/** Values of a block of differences; writers take 128. */
const MAX_DELTA_BLOCK = 64 * 1024;

/**
 * Holds runs of repeated and packed values (Parquet, "RLE / Bit-Packing Hybrid") against the number of values that there
 * are: a decoder writes as many as a run says.
 * @returns where the last run ends
 * @throws LonghaulError `parquet-corrupt` (final)
 */
export function checkRuns(bytes: Uint8Array, start: number, end: number, bits: number, count: number): number {
  let at = start;
  for (let seen = 0; seen < count;) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) throw parquetCorrupt('a run of values is cut off');
      const byte = bytes[at++]!;
      header += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    const isPacked = header % 2 === 1;
    const groups = Math.floor(header / 2);
    const values = isPacked ? 8 * groups : groups;
    // The last group is filled up, and may be cut off behind the last value.
    const most = isPacked ? count - seen + 7 : count - seen;
    if (values > most) throw parquetCorrupt(`a run has ${values} values, and ${count - seen} are left`);
    const needed = isPacked ? Math.ceil((Math.min(values, count - seen) * bits) / 8) : Math.ceil(bits / 8);
    if (needed > end - at) throw parquetCorrupt('a run of values is cut off');
    at += isPacked ? Math.min(groups * bits, end - at) : needed;
    seen += values;
  }
  return at;
}

/**
 * Holds what the values of a page say of themselves against its bytes, from `start` on.
 * @throws LonghaulError `parquet-corrupt`, `parquet-unsupported` (final)
 */
export function checkValues(bytes: Uint8Array, start: number, check: PageCheck): void {
  const { encoding, values, isBoolean, width } = check;
  const end = bytes.length;
  if (values === 0) return;
  switch (encoding) {
    case 'PLAIN':
      if (width !== undefined && values * width > end - start) throw parquetCorrupt('a page has too few values');
      return;
    case 'BYTE_STREAM_SPLIT':
      if (width === undefined || values * width > end - start) throw parquetCorrupt('a page has too few values');
      return;
    case 'RLE':
      if (!isBoolean) throw parquetUnsupported('has values other than booleans in the encoding RLE');
      if (start + 4 > end) throw parquetCorrupt('a page has too few values');
      checkRuns(bytes, start + 4, end, 1, values);
      return;
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      const bits = bytes[start] ?? Infinity;
      if (bits > MAX_INDEX_BITS) throw parquetCorrupt(`the indices of a page have ${bits} bits`);
      if (bits > 0) checkRuns(bytes, start + 1, end, bits, values);
      return;
    }
    case 'DELTA_BINARY_PACKED':
    case 'DELTA_LENGTH_BYTE_ARRAY':
      checkDelta(bytes, start);
      return;
    case 'DELTA_BYTE_ARRAY':
      checkDeltaByteArray(bytes, start, values);
      return;
    default:
      throw parquetUnsupported(`has values in the encoding ${encoding}`);
  }
}

/** The numbers before differences: a decoder makes room by them. */
function checkDelta(bytes: Uint8Array, start: number): void {
  const [block, next] = varint(bytes, start);
  const [miniblocks] = varint(bytes, next);
  const isValid = block > 0 && block <= MAX_DELTA_BLOCK && miniblocks > 0 && block % (8 * miniblocks) === 0;
  if (!isValid) throw parquetCorrupt(`differences lie in blocks of ${block} values and ${miniblocks} parts`);
}

/** Texts that share a beginning with the one before: short pages may become very long. */
function checkDeltaByteArray(bytes: Uint8Array, start: number, values: number): void {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: start };
  const [prefixes, suffixes] = [new Int32Array(values), new Int32Array(values)];
  for (const lengths of [prefixes, suffixes]) {
    checkDelta(bytes, reader.offset);
    deltaBinaryUnpack(reader, values, lengths);
  }
  let total = 0;
  for (let index = 0, before = 0; index < values; index++) {
    const prefix = prefixes[index]!;
    const suffix = suffixes[index]!;
    if (prefix < 0 || suffix < 0 || prefix > before) throw parquetCorrupt('a text shares more than the one before has');
    before = prefix + suffix;
    total += before;
  }
  if (total > MAX_PAGE_BYTES) throw parquetCorrupt(`the texts of a page become ${total} bytes`);
}

function varint(bytes: Uint8Array, start: number): [value: number, next: number] {
  let value = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return [value, start + index + 1];
  }
  throw parquetCorrupt('a page is cut off');
}
