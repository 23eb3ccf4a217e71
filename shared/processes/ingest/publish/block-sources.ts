import type { BlockSource } from '../../../geo/features/open-feature-block.ts';
import type { ChunkPayloads } from '../../../jobs/process.ts';

/** Stored blocks by their numbers. */
export type Blocks = ReadonlyMap<number, BlockSource>;

/**
 * The stored blocks of a dataset, in the order of the source; a chunk of ours has one. Of a block that several layers
 * have, the first layer's is taken: it was run last.
 */
export async function blockSources(layers: readonly ChunkPayloads[]): Promise<Blocks> {
  const blocks = new Map<number, BlockSource>();
  for (const layer of layers) {
    for await (const payload of layer.stored()) {
      const number = payload.ranges[0]?.start;
      if (number === undefined || blocks.has(number)) continue;
      const read = (offset: number, length: number): Promise<Uint8Array> => payload.read(offset, length);
      blocks.set(number, { size: payload.counts.bytes, read });
    }
  }
  return new Map([...blocks].sort(([a], [b]) => a - b));
}
