import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { bytesToHeader } from 'pmtiles';
import { describe, expect, it } from 'vitest';
import { DirectoryBuilder } from '../../../../shared/geo/pmtiles/directory-builder.ts';
import { decodeDirectory, encodeDirectory } from '../../../../shared/geo/pmtiles/directory.ts';
import { EntryList } from '../../../../shared/geo/pmtiles/entry-list.ts';
import { encodeHeader, type Header } from '../../../../shared/geo/pmtiles/header.ts';

/** Rows of a directory, in order. */
function rows(entries: EntryList): number[][] {
  return Array.from({ length: entries.length }, (_, index) => [
    entries.tileIds[index]!,
    entries.offsets[index]!,
    entries.lengths[index]!,
    entries.runLengths[index]!,
  ]);
}

const entryRows = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: 2 ** 40 }),
    fc.integer({ min: 0, max: 2 ** 45 }),
    fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  ),
  { minLength: 1, maxLength: 50 },
);

describe('DirectoryBuilder', () => {
  it('joins leaf directories in pairs until the root is small enough', async () => {
    const builder = new DirectoryBuilder({ leafEntries: 4, maxRootBytes: 50 });
    for (let tile = 0; tile < 203; tile++) builder.add(tile * 3 + (tile % 2), tile * 1000, 7 + ((tile * tile) % 301));
    const { root, leaves } = await builder.finish();
    expect(root.length).toBeLessThanOrEqual(50);
    expect(leaves.length).toBeGreaterThan(1);
    expect(leaves.length).toBeLessThan(51 / 2);
    const pointers = rows(decodeDirectory(root, leaves.length));
    const perLeaf = 4 * 2 ** Math.ceil(Math.log2(51 / leaves.length));
    const found = leaves.flatMap((leaf, index) => {
      const entries = rows(decodeDirectory(leaf, Math.min(perLeaf, 203 - index * perLeaf)));
      expect(pointers[index]).toEqual([entries[0]![0], pointers[index]![1], leaf.length, 0]);
      return entries;
    });
    expect(found.map(([tileId]) => tileId)).toEqual(Array.from({ length: 203 }, (_, tile) => tile * 3 + (tile % 2)));
    expect(found.map(([, offset]) => offset)).toEqual(Array.from({ length: 203 }, (_, tile) => tile * 1000));
  });

  it('moves to a leaf directory what does not fit the root', async () => {
    const builder = new DirectoryBuilder({ leafEntries: 100, maxRootBytes: 60 });
    for (let tile = 0; tile < 90; tile++) builder.add(tile, tile * 1000, 7 + ((tile * tile) % 301));
    expect((await builder.finish()).leaves).toHaveLength(1);
    expect(builder.count).toBe(90);
  });

  it('continues a run across the end of a leaf directory as a new entry or the same one', async () => {
    const builder = new DirectoryBuilder({ leafEntries: 2 });
    for (const [tileId, offset] of [
      [0, 0],
      [1, 0],
      [2, 5],
      [3, 5],
      [5, 5],
      [6, 9],
    ] as const)
      builder.add(tileId, offset, 1);
    const { leaves } = await builder.finish();
    expect(rows(decodeDirectory(leaves[0]!, 2))).toEqual([
      [0, 0, 1, 2],
      [2, 5, 1, 2],
    ]);
    expect(rows(decodeDirectory(leaves[1]!, 2))).toEqual([
      [5, 5, 1, 1],
      [6, 9, 1, 1],
    ]);
  });

  it('stops when it is aborted while it joins', async () => {
    const builder = new DirectoryBuilder({ leafEntries: 1, maxRootBytes: 40 });
    for (let tile = 0; tile < 500; tile++) builder.add(tile * 2, tile * 1000, 1 + (tile % 7));
    await expect(builder.finish(AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
  });
});

describe('encodeDirectory', () => {
  it('is undone by decodeDirectory for numbers of any size', () => {
    fc.assert(
      fc.property(entryRows, (steps) => {
        const entries = new EntryList(steps.length);
        let tileId = 0;
        for (const [gap, offset, length] of steps) entries.append((tileId += gap), offset, length, 1 + (offset % 9));
        expect(rows(decodeDirectory(encodeDirectory(entries), steps.length))).toEqual(rows(entries));
      }),
    );
  });

  it('writes columns of varints, and 0 for an offset that follows the entry before', () => {
    const entries = new EntryList(3);
    for (const [tileId, offset, length] of [
      [5, 0, 300],
      [6, 300, 3],
      [9, 0, 300],
    ] as const) {
      entries.append(tileId, offset, length, 1);
    }
    const columns = [3, [5, 1, 3], [1, 1, 1], [0xac, 2, 3, 0xac, 2], [1, 0, 1]].flat();
    expect([...gunzipSync(encodeDirectory(entries))]).toEqual(columns);
  });

  it('gives the same bytes at any time, without a name of the system', () => {
    const entries = new EntryList(1);
    entries.append(5, 0, 9, 1);
    expect(Buffer.from(encodeDirectory(entries)).toString('hex')).toBe(
      Buffer.from(encodeDirectory(entries)).toString('hex'),
    );
    expect([...encodeDirectory(entries).subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
  });
});

describe('encodeHeader', () => {
  it('is read by the reference reader, beyond 4 GiB and on all sides of the world', () => {
    const header: Header = {
      root: { offset: 127, length: 1000 },
      metadata: { offset: 1127, length: 50 },
      leaves: { offset: 5e12, length: 7e9 },
      tileData: { offset: 1177, length: 4.9e12 },
      addressedTiles: 3e11,
      tileEntries: 2e11,
      tileContents: 1e11,
      tileType: 'avif',
      tileCompression: 'gzip',
      minzoom: 1,
      maxzoom: 24,
      bounds: [-180, -85.0511287, 180, 85.0511287],
      center: { longitude: -179.9999999, latitude: 0.0000001, zoom: 7 },
    };
    const bytes = encodeHeader(header);
    expect(bytes).toHaveLength(127);
    expect(bytesToHeader(new Uint8Array(bytes).buffer)).toMatchObject({
      rootDirectoryOffset: 127,
      rootDirectoryLength: 1000,
      jsonMetadataOffset: 1127,
      jsonMetadataLength: 50,
      leafDirectoryOffset: 5e12,
      leafDirectoryLength: 7e9,
      tileDataOffset: 1177,
      tileDataLength: 4.9e12,
      numAddressedTiles: 3e11,
      numTileEntries: 2e11,
      numTileContents: 1e11,
      clustered: true,
      internalCompression: 2,
      tileCompression: 2,
      tileType: 5,
      minZoom: 1,
      maxZoom: 24,
      minLon: -180,
      minLat: -85.0511287,
      maxLon: 180,
      maxLat: 85.0511287,
      centerZoom: 7,
      centerLon: -179.9999999,
      centerLat: 0.0000001,
    });
  });
});
