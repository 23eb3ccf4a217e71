import { crc32 } from 'node:zlib';
import { featureBlockCorrupt } from './errors.ts';
import { roundUp8 } from './geometry-layout.ts';
import { MAX_BLOCK_BYTES, MAX_SUMMARY_BYTES } from './limits.ts';
import { LAST_HILBERT_KEY } from './hilbert-keys.ts';

/*
 * A block: preamble, summary (JSON), rejects (NDJSON), and from the next multiple of 8 bytes the records in the order of their
 * keys. The checksum of each stands in the preamble, and the preamble's own at its end.
 */

/** "LHFB". */
const MAGIC = 0x4246484c;
const VERSION = 1;
export const PREAMBLE_BYTES = 64;
const CHECKED_BYTES = PREAMBLE_BYTES - 4;

/** A part of a block: its length, and the CRC-32 (ISO 3309) of its bytes. */
export interface Section {
  bytes: number;
  crc: number;
}

export interface Preamble {
  summary: Section;
  rejects: Section;
  records: Section;
  /** Features that the records hold. */
  features: number;
  /** Least and greatest key; both 0 when there is no feature. */
  firstKey: number;
  lastKey: number;
}

/** Where the records of a block begin. */
export function recordsStart({ summary, rejects }: Preamble): number {
  return roundUp8(PREAMBLE_BYTES + summary.bytes + rejects.bytes);
}

export function blockBytes(preamble: Preamble): number {
  return recordsStart(preamble) + preamble.records.bytes;
}

export function encodePreamble(preamble: Preamble, target: Uint8Array): void {
  const view = new DataView(target.buffer, target.byteOffset, PREAMBLE_BYTES);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  for (const [index, { bytes, crc }] of sections(preamble).entries()) {
    view.setUint32(8 + 8 * index, bytes, true);
    view.setUint32(12 + 8 * index, crc, true);
  }
  view.setUint32(32, preamble.features, true);
  view.setFloat64(40, preamble.firstKey, true);
  view.setFloat64(48, preamble.lastKey, true);
  view.setUint32(CHECKED_BYTES, crc32(target.subarray(0, CHECKED_BYTES)), true);
}

/** @throws LonghaulError `feature-block-corrupt` (final) */
export function decodePreamble(bytes: Uint8Array, size: number): Preamble {
  if (bytes.length < PREAMBLE_BYTES) throw featureBlockCorrupt(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, PREAMBLE_BYTES);
  if (view.getUint32(0, true) !== MAGIC) throw featureBlockCorrupt('it does not begin like one');
  const version = view.getUint32(4, true);
  if (version !== VERSION) throw featureBlockCorrupt(`its version ${version} is not known`);
  if (view.getUint32(CHECKED_BYTES, true) !== crc32(bytes.subarray(0, CHECKED_BYTES))) {
    throw featureBlockCorrupt('its preamble does not match its checksum');
  }
  const section = (index: number): Section => ({
    bytes: view.getUint32(8 + 8 * index, true),
    crc: view.getUint32(12 + 8 * index, true),
  });
  const preamble: Preamble = {
    summary: section(0),
    rejects: section(1),
    records: section(2),
    features: view.getUint32(32, true),
    firstKey: view.getFloat64(40, true),
    lastKey: view.getFloat64(48, true),
  };
  if (blockBytes(preamble) !== size) throw featureBlockCorrupt(`it has ${size} bytes and tells of another number`);
  const isBounded = preamble.summary.bytes <= MAX_SUMMARY_BYTES && preamble.records.bytes <= MAX_BLOCK_BYTES;
  const isOrdered = preamble.firstKey >= 0 && preamble.firstKey <= preamble.lastKey;
  if (!isBounded || !isOrdered || !(preamble.lastKey <= LAST_HILBERT_KEY)) {
    throw featureBlockCorrupt('its preamble is out of bounds');
  }
  return preamble;
}

function sections({ summary, rejects, records }: Preamble): Section[] {
  return [summary, rejects, records];
}
