import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import type { RangeReader } from '../../../shared/sources/range-reader.ts';

const MIB = 2 ** 20;

/** Largest single read of a text. */
const LARGEST_READ = 4 * MIB;

export interface VastText extends RangeReader {
  /** Bytes asked for so far. */
  bytes: number;
  /** What was asked for that never may be. */
  readonly misuses: string[];
}

/** A text of any size that is in no memory: a head, a filler as often as it takes, and a tail. */
export function vastText(head: string, filler: string, size: number, tail = ''): VastText {
  const first = Buffer.from(head);
  const last = Buffer.from(tail);
  const middle = Buffer.from(filler);
  return {
    url: new URL('memory:///vast.txt'),
    etag: '"vast"',
    size,
    bytes: 0,
    misuses: [],
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      this.bytes += length;
      const isInside = Number.isSafeInteger(offset) && offset >= 0 && length > 0 && offset < size;
      if (!isInside || length > LARGEST_READ) {
        this.misuses.push(`${length} bytes from ${offset} of ${size}`);
        throw new LonghaulError({ code: 'range-too-large', retryable: false, detail: 'Too much is asked for.' });
      }
      const bytes = Buffer.alloc(Math.min(length, size - offset));
      // The filler begins behind the head, and goes on where the read before ended.
      const phase = (((offset - first.length) % middle.length) + middle.length) % middle.length;
      bytes.set(middle.subarray(phase).subarray(0, bytes.length));
      bytes.fill(middle, middle.length - phase);
      if (offset < first.length) bytes.set(first.subarray(offset, offset + bytes.length));
      const tailStart = size - last.length;
      const from = Math.max(offset, tailStart);
      if (from < offset + bytes.length)
        bytes.set(last.subarray(from - tailStart, offset + bytes.length - tailStart), from - offset);
      return bytes;
    },
  };
}
