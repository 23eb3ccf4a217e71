import { createGunzip } from 'node:zlib';
import type { RangeReader } from '../../sources/range-reader.ts';
import { PIECE_BYTES, RATIO_FLOOR_BYTES, type ContainerLimits } from './container-limits.ts';
import { decompressPieces, OUTPUT_BYTES } from './decompress-pieces.ts';
import { gzipCorrupt, gzipRatioTooHigh, gzipTooLarge } from './errors.ts';
import { readPieces } from './read-pieces.ts';

export interface GunzipOptions {
  limits: Pick<ContainerLimits, 'bytes' | 'ratio'>;
  /** Bytes that are read at once. */
  pieceBytes?: number;
  signal?: AbortSignal;
}

/**
 * The content of a gzip file (RFC 1952) of one or more members; checksums are verified, and zeros behind the last member
 * are padding.
 * @throws LonghaulError `gzip-corrupt`, `gzip-too-large`, `gzip-ratio-too-high` (all final); as `RangeReader.read`
 */
export async function* gunzip(
  reader: RangeReader,
  { limits, pieceBytes = PIECE_BYTES, signal }: GunzipOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzipper = createGunzip({ chunkSize: OUTPUT_BYTES });
  const asCorrupt = (error: unknown) => gzipCorrupt((error as Error).message, error);
  if (reader.size === 0) throw gzipCorrupt('it has no bytes');
  let bytes = 0;
  const pieces = readPieces(reader, 0, reader.size, pieceBytes, signal);
  for await (const piece of decompressPieces(pieces, gunzipper, asCorrupt)) {
    bytes += piece.length;
    if (bytes > limits.bytes) throw gzipTooLarge(bytes, limits.bytes);
    const ratio = bytes / Math.max(gunzipper.bytesWritten, 1);
    if (bytes > RATIO_FLOOR_BYTES && ratio > limits.ratio) throw gzipRatioTooHigh(Math.ceil(ratio), limits.ratio);
    yield piece;
  }
}
