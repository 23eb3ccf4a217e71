import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePayload, encodePayload } from '../../../../shared/processes/raster-preseed/payload.ts';
import { mergeLayers } from '../../../../shared/processes/raster-preseed/merge-layers.ts';

const tile = fc.record({ tileId: fc.oneof(fc.nat(30), fc.maxSafeNat()), bytes: fc.uint8Array({ maxLength: 20 }) });
const tiles = fc.uniqueArray(tile, { selector: ({ tileId }) => tileId }).map((list) => {
  return list.sort((a, b) => a.tileId - b.tileId);
});

async function* chunksOf(list: { tileId: number; bytes: Uint8Array }[], size: number) {
  for (let start = 0; start < list.length; start += size) yield encodePayload(list.slice(start, start + size));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('payload', () => {
  it('gives back what was encoded', () => {
    const law = fc.property(tiles, (list) => {
      expect([...decodePayload(encodePayload(list))]).toEqual(list);
    });
    fc.assert(law);
  });

  it('reads or refuses any bytes, and never reads beyond them', () => {
    const law = fc.property(tiles, fc.nat(), fc.nat(255), (list, position, value) => {
      const payload = encodePayload(list);
      payload[position % payload.length] = value;
      try {
        for (const { bytes } of decodePayload(payload)) expect(bytes.byteOffset).toBeLessThanOrEqual(payload.length);
      } catch (error) {
        expect(error).toMatchObject({ code: 'tile-payload-corrupt' });
      }
    });
    fc.assert(law);
  });

  it.each([0, 7, 8, 23])('refuses a payload that is cut after %i bytes', (length) => {
    const payload = encodePayload([{ tileId: 5, bytes: Uint8Array.of(1, 2) }]).subarray(0, length);
    expect(() => [...decodePayload(payload)]).toThrow(expect.objectContaining({ code: 'tile-payload-corrupt' }));
  });
});

describe('decodePayload', () => {
  it.each([
    ['a tile longer than the data', 20, 3],
    ['a tile behind the data', 16, 1],
    ['more tiles than it has', 4, 2],
    ['another format', 0, 7],
  ])('refuses a payload that tells of %s', (_what, offset, value) => {
    const payload = encodePayload([{ tileId: 5, bytes: Uint8Array.of(1, 2) }]);
    payload[offset] = value;
    expect(() => [...decodePayload(payload)]).toThrow(expect.objectContaining({ code: 'tile-payload-corrupt' }));
  });
});

describe('mergeLayers', () => {
  it('gives each tile once, in order, from the first layer that has it', async () => {
    const law = fc.asyncProperty(
      fc.array(tiles, { maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      async (layers, size) => {
        const expected = new Map<number, Uint8Array>();
        for (const layer of layers.toReversed()) for (const { tileId, bytes } of layer) expected.set(tileId, bytes);
        const merged = await collect(mergeLayers(layers.map((layer) => chunksOf(layer, size))));
        const sorted = [...expected].sort(([a], [b]) => a - b).map(([tileId, bytes]) => ({ tileId, bytes }));
        expect(merged).toEqual(sorted);
      },
    );
    await fc.assert(law);
  });

  it('refuses chunks that are not in order', async () => {
    const list = [9, 3].map((tileId) => ({ tileId, bytes: Uint8Array.of(1) }));
    await expect(collect(mergeLayers([chunksOf(list, 1)]))).rejects.toMatchObject({
      code: 'tile-payload-corrupt',
    });
  });

  it('closes the layers when its reader stops', async () => {
    let closed = false;
    async function* layer() {
      try {
        yield encodePayload([1, 2].map((tileId) => ({ tileId, bytes: Uint8Array.of(1) })));
      } finally {
        closed = true;
      }
    }
    for await (const { tileId } of mergeLayers([layer()])) if (tileId === 1) break;
    expect(closed).toBe(true);
  });
});
