import { constants, gunzipSync, gzipSync } from 'node:zlib';

/** Position of the byte that names the operating system in a gzip header (RFC 1952, section 2.3). */
const OPERATING_SYSTEM = 9;

/** "Unknown": the same on every machine. */
const UNKNOWN_SYSTEM = 255;

/** Compresses to the same bytes at any time and on any system: without a time, a file name or the system's number. */
export function gzip(bytes: Uint8Array): Uint8Array {
  const compressed = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
  compressed[OPERATING_SYSTEM] = UNKNOWN_SYSTEM;
  // A copy: what zlib returns may be a view of a larger buffer, and thousands of directories are kept.
  return new Uint8Array(compressed);
}

/**
 * Expands what `gzip` made.
 * @throws RangeError when it would have more than `maxBytes`
 */
export function gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array {
  return gunzipSync(bytes, { maxOutputLength: maxBytes });
}
