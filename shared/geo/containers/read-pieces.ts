import type { RangeReader } from '../../sources/range-reader.ts';

/**
 * Reads a range of a source piece by piece.
 * @returns what was read, in order; less in all only when the source ends before `end`
 */
export async function* readPieces(
  reader: RangeReader,
  start: number,
  end: number,
  pieceBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let offset = start; offset < Math.min(end, reader.size);) {
    const bytes = await reader.read(offset, Math.min(pieceBytes, end - offset), signal);
    yield bytes;
    offset += bytes.length;
  }
}
