import { brotliDecompressSync, unzipSync, zstdDecompressSync } from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import { decodeHadoopLz4, decodeLz4 } from './lz4.ts';
import { parquetCorrupt, parquetUnsupported } from './read-errors.ts';

/**
 * Decompresses a page into a buffer of its own: what is read behind its end is then an error.
 * @param length bytes that the page is to have, which are within the limit
 * @throws LonghaulError `parquet-corrupt`, `parquet-unsupported` (final)
 */
export function decompressPage(bytes: Uint8Array, codec: CompressionCodec, length: number): Uint8Array<ArrayBuffer> {
  let page: Uint8Array<ArrayBuffer>;
  try {
    page = decompress(bytes, codec, length);
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'LonghaulError') throw error;
    throw parquetCorrupt(`a page cannot be decompressed by ${codec}: ${error.message}`, error);
  }
  if (page.length !== length) throw parquetCorrupt(`a page has ${page.length} bytes, not ${length}`);
  return page;
}

function decompress(bytes: Uint8Array, codec: CompressionCodec, length: number): Uint8Array<ArrayBuffer> {
  // No decoder takes 0 for a limit.
  const maxOutputLength = Math.max(length, 1);
  switch (codec) {
    case 'UNCOMPRESSED':
      return new Uint8Array(bytes);
    case 'GZIP':
      return new Uint8Array(unzipSync(bytes, { maxOutputLength }));
    case 'ZSTD':
      return new Uint8Array(zstdDecompressSync(bytes, { maxOutputLength }));
    case 'BROTLI':
      return new Uint8Array(brotliDecompressSync(bytes, { maxOutputLength }));
    case 'SNAPPY':
      return filled(length, (target) => snappyUncompress(bytes, target));
    case 'LZ4':
      return filled(length, (target) => decodeHadoopLz4(bytes, target));
    case 'LZ4_RAW':
      return filled(length, (target) => decodeLz4(bytes, target));
    default:
      throw parquetUnsupported(`is compressed by ${codec}`);
  }
}

function filled(length: number, fill: (target: Uint8Array) => void): Uint8Array<ArrayBuffer> {
  const target = new Uint8Array(length);
  if (length > 0) fill(target);
  return target;
}
