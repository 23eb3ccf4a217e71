import type { RangeReader } from '../../shared/sources/range-reader.ts';
import { memoryReader } from './memory-reader.ts';

/**
 * A file that answers each read with no more than so many bytes, although `RangeReader` promises more: what lies on the
 * edge of two pieces in a large file then lies there in a small one.
 * @param most at least 4, so that a byte order mark is whole
 */
export function shortReads(bytes: Uint8Array, most: number): RangeReader {
  const file = memoryReader(bytes);
  return {
    url: file.url,
    etag: file.etag,
    size: file.size,
    read: (offset, length, signal) => file.read(offset, Math.min(length, most), signal),
  };
}
