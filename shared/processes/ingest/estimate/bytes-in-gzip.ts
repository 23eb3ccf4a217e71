import type { RangeReader } from '../../../sources/range-reader.ts';

/** Last bytes of a gzip file: the length of the content of its last member, modulo 2^32 (RFC 1952, ISIZE). */
const LENGTH_BYTES = 4;
const MODULUS = 2 ** 32;

/** What a byte of gzip becomes, as texts of features go (`test/bench/ingest-throughput.ts`: 5 to 8). */
const TYPICAL_RATIO = 6;

/**
 * About how many bytes a gzip file holds: what it says of itself where that can be, which of the numbers that its four bytes may
 * mean being the likeliest one. A file of several members says nothing of all of them.
 * @throws LonghaulError as `RangeReader.read`
 */
export async function bytesInGzip(file: RangeReader, signal: AbortSignal): Promise<number> {
  const typical = TYPICAL_RATIO * file.size;
  if (file.size < LENGTH_BYTES) return typical;
  const tail = await file.read(file.size - LENGTH_BYTES, LENGTH_BYTES, signal);
  const told = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  const likeliest = told + MODULUS * Math.max(0, Math.round((typical - told) / MODULUS));
  return likeliest < file.size ? typical : likeliest;
}
