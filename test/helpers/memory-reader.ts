import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import type { RangeReader } from '../../shared/sources/range-reader.ts';

export interface MemoryReaderOptions {
  url?: URL;
  etag?: string;
  /** Called before each read: throw to fail it, or return a promise to hold it. */
  onRead?: (offset: number, length: number) => void | Promise<void>;
}

export interface MemoryReader extends RangeReader {
  /** Every read so far, in order. */
  readonly reads: readonly { offset: number; length: number }[];
}

/** A `RangeReader` over bytes in memory that counts its reads. */
export function memoryReader(bytes: Uint8Array, options: MemoryReaderOptions = {}): MemoryReader {
  const reads: { offset: number; length: number }[] = [];
  return {
    url: options.url ?? new URL('memory:///raster.tif'),
    etag: options.etag ?? '"memory"',
    size: bytes.byteLength,
    reads,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      reads.push({ offset, length });
      await options.onRead?.(offset, length);
      signal?.throwIfAborted();
      if (offset < 0 || length <= 0 || offset >= bytes.byteLength) {
        throw new LonghaulError({
          code: 'range-outside-file',
          retryable: false,
          detail: `${length} bytes from ${offset} are not in the ${bytes.byteLength} bytes of this file.`,
        });
      }
      // A copy: a slice of a Node buffer is none.
      return new Uint8Array(bytes.subarray(offset, offset + length));
    },
  };
}
