import { NO_COUNTS } from './job.ts';
import type { UnitRange } from './numbering.ts';
import type { ChunkPayloads } from './process.ts';

/**
 * Payloads that lie in memory, as a finish reads them.
 * @param ranges units of each; one unit each by default
 */
export function payloadsInOrder(
  payloads: readonly Uint8Array[],
  ranges: readonly UnitRange[][] = payloads.map((_, index) => [{ start: index, end: index + 1 }]),
): ChunkPayloads {
  return {
    async *[Symbol.asyncIterator]() {
      yield* payloads;
    },
    async *stored() {
      for (const [index, payload] of payloads.entries()) {
        const counts = { ...NO_COUNTS, bytes: payload.length };
        // A copy, since what is read is the reader's own.
        const read = async (offset: number, length: number) =>
          new Uint8Array(payload.subarray(offset, offset + length));
        yield { ranges: ranges[index] ?? [], counts, read };
      }
    },
  };
}
