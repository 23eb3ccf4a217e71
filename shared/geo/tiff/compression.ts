import { promisify } from 'node:util';
import { inflate, zstdDecompress } from 'node:zlib';
import { decodeLzw } from './lzw.ts';
import { decodePackBits } from './packbits.ts';
import { unsupported } from './errors.ts';

/** Compression names by tag value, for those that are read and those that are named in an error. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'CCITT RLE',
  3: 'CCITT Group 3',
  4: 'CCITT Group 4',
  5: 'lzw',
  6: 'old-style JPEG',
  7: 'jpeg',
  8: 'deflate',
  32773: 'packbits',
  32946: 'deflate',
  34661: 'JBIG',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'zstd',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};
const SUPPORTED: ReadonlySet<number> = new Set([1, 5, 7, 8, 32773, 32946, 50000]);
export const JPEG_COMPRESSION = 7;

/** Room after the expected bytes, so that the decoder ends in its first buffer and no copy is made. */
const SLACK_BYTES = 64;

/** @throws LonghaulError `raster-compression-unsupported` (final) that names the compression */
export function compressionName(code: number): string {
  const name = NAMES[code];
  if (name !== undefined && SUPPORTED.has(code)) return name;
  throw unsupported('compression', `${name ?? 'Unknown'} compression (${code}) is not supported.`);
}

const inflateAsync = promisify<Uint8Array, { maxOutputLength: number; chunkSize: number }, Buffer<ArrayBuffer>>(
  inflate,
);
const zstdAsync = promisify<Uint8Array, { maxOutputLength: number; chunkSize: number }, Buffer<ArrayBuffer>>(
  zstdDecompress,
);

/**
 * Decompresses one block by a lossless compression. Deflate and zstd run in the thread pool.
 * @param expected bytes of the decoded block
 * @param limit bytes that it may have: the last strip of some writers is written in full
 * @returns a buffer of its own; it may be shorter or longer than `expected`
 * @throws Error what the decoder says of bytes that are not valid or become more than `limit`
 */
export async function decompress(
  bytes: Uint8Array,
  code: number,
  expected: number,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  switch (code) {
    case 1:
      // A copy: a reader may hand out a view of what it keeps, and samples are changed in place.
      return new Uint8Array(bytes.subarray(0, limit));
    case 5:
      return decodeLzw(bytes, expected);
    case 8:
    case 32946:
      return inflateAsync(bytes, { maxOutputLength: limit, chunkSize: expected + SLACK_BYTES });
    case 32773:
      return decodePackBits(bytes, expected);
    case 50000:
      return zstdAsync(bytes, { maxOutputLength: limit, chunkSize: expected + SLACK_BYTES });
    default:
      throw new RangeError(`compression ${code} is not a lossless one`);
  }
}
