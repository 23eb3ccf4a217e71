import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import type { RangeReader } from '../../../shared/sources/range-reader.ts';

const MIB = 2 ** 20;

/** Largest single read of a file that is read block by block, in bytes: one block, and its neighbours' gaps. */
const LARGEST_READ = 64 * MIB + 2 * MIB;

/** Reads above this end the case: what is read is counted, and filling memory would only make the test slow. */
const LARGEST_SERVED = 4 * MIB;

export interface WatchedReader extends RangeReader {
  /** Bytes asked for so far. */
  bytes: number;
  /** What was asked for that never may be: outside of the file, or more than a block. */
  readonly misuses: string[];
}

/**
 * A file of `size` bytes that begins with `head` and then holds zeros, so that offsets far into it lead somewhere; it
 * counts what is asked of it.
 */
export function watchedReader(head: Uint8Array, size: number): WatchedReader {
  return {
    url: new URL('memory:///hostile.tif'),
    etag: '"hostile"',
    size,
    bytes: 0,
    misuses: [],
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      this.bytes += length;
      const inside = Number.isSafeInteger(offset) && offset >= 0 && length > 0 && offset < size;
      if (!inside || length > LARGEST_READ) this.misuses.push(`${length} bytes from ${offset} of ${size}`);
      if (!inside || length > LARGEST_SERVED) {
        throw new LonghaulError({ code: 'range-too-large', retryable: false, detail: 'Too much is asked for.' });
      }
      const bytes = new Uint8Array(Math.min(length, size - offset));
      if (offset < head.length) bytes.set(head.subarray(offset, offset + bytes.length));
      return bytes;
    },
  };
}
