import { payloadCorrupt } from './errors.ts';
import { decodePayload, type MadeTile } from './payload.ts';

/**
 * The tiles of several layers in ascending order of tile ids; of a tile that several layers have, the first layer's.
 * Holds one payload of each layer in memory.
 * @throws LonghaulError `tile-payload-corrupt` (final); what a layer throws
 */
export async function* mergeLayers(layers: readonly AsyncIterable<Uint8Array>[]): AsyncGenerator<MadeTile> {
  const readers = layers.map((layer) => tilesOf(layer));
  try {
    const heads = await Promise.all(readers.map((reader) => next(reader)));
    for (;;) {
      let first: MadeTile | undefined;
      for (const head of heads) {
        if (head !== undefined && (first === undefined || head.tileId < first.tileId)) first = head;
      }
      if (first === undefined) return;
      yield first;
      for (const [index, head] of heads.entries()) {
        if (head?.tileId === first.tileId) heads[index] = await next(readers[index]!);
      }
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return(undefined)));
  }
}

async function next(reader: AsyncGenerator<MadeTile>): Promise<MadeTile | undefined> {
  const result = await reader.next();
  return result.done === true ? undefined : result.value;
}

async function* tilesOf(layer: AsyncIterable<Uint8Array>): AsyncGenerator<MadeTile> {
  let previous = -1;
  for await (const payload of layer) {
    for (const tile of decodePayload(payload)) {
      if (tile.tileId <= previous) throw payloadCorrupt(`tile ${tile.tileId} follows ${previous} of another chunk`);
      previous = tile.tileId;
      yield tile;
    }
  }
}
