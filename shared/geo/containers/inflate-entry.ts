import { crc32, createInflateRaw } from 'node:zlib';
import type { RangeReader } from '../../sources/range-reader.ts';
import { PIECE_BYTES } from './container-limits.ts';
import { decompressPieces, OUTPUT_BYTES } from './decompress-pieces.ts';
import { zipEntryCorrupt } from './errors.ts';
import { locateData } from './locate-data.ts';
import { readPieces } from './read-pieces.ts';
import { STORED, type ZipEntry } from './zip-entry.ts';

/**
 * The content of an entry from its start to its end, stored or deflated. The directory's size and checksum are held, so
 * that what `listArchive` allowed is what comes.
 * @throws LonghaulError `zip-entry-corrupt`, `zip-entries-overlap`, `zip-method-unsupported` (all final); as
 *   `RangeReader.read`
 */
export async function* inflateEntry(
  reader: RangeReader,
  entry: ZipEntry,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { name, compressedBytes } = entry;
  const start = await locateData(reader, entry, signal);
  const pieces = readPieces(reader, start, start + compressedBytes, PIECE_BYTES, signal);
  if (entry.method === STORED) {
    yield* verified(pieces, entry);
    return;
  }
  const inflater = createInflateRaw({ chunkSize: OUTPUT_BYTES });
  const asCorrupt = (error: unknown) => zipEntryCorrupt(name, (error as Error).message, error);
  yield* verified(decompressPieces(pieces, inflater, asCorrupt), entry);
  if (inflater.bytesWritten !== compressedBytes) {
    throw zipEntryCorrupt(name, `its data end after ${inflater.bytesWritten} of ${compressedBytes} compressed bytes`);
  }
}

async function* verified(pieces: AsyncIterable<Uint8Array>, { name, bytes, crc32: told }: ZipEntry) {
  let done = 0;
  let checksum = 0;
  for await (const piece of pieces) {
    done += piece.length;
    if (done > bytes) throw zipEntryCorrupt(name, `it has more than the ${bytes} bytes that the directory tells`);
    checksum = crc32(piece, checksum);
    yield piece;
  }
  if (done < bytes) throw zipEntryCorrupt(name, `it has ${done} bytes, and the directory tells ${bytes}`);
  if (checksum !== told) throw zipEntryCorrupt(name, 'its checksum is wrong');
}
