import { describe, expect, it } from 'vitest';
import { createPmtilesWriter } from '../../../../shared/geo/pmtiles/pmtiles-writer.ts';
import { MemorySink } from '../../../helpers/memory-sink.ts';
import { verifyPmtiles } from '../../../helpers/verify-pmtiles.ts';

const sink = new MemorySink();
const writer = createPmtilesWriter({
  sink,
  tileType: 'png',
  tileCompression: 'none',
  metadata: { name: 'scene' },
  bounds: [-10, -20, 30, 40],
  minzoom: 0,
  maxzoom: 8,
  center: { longitude: 10, latitude: 10, zoom: 5 },
  expectedBytes: 0,
});
for (let tileId = 25; tileId < 5000; tileId++) await writer.add(tileId, Buffer.from(`tile ${tileId % 4900}`));
await writer.finish();
const archive = sink.bytes;

/** The archive with another byte; raised by one when none is given. */
function changed(position: number, byte = archive[position]! + 1): Uint8Array {
  const copy = Uint8Array.from(archive);
  copy[position] = byte;
  return copy;
}

describe('verifyPmtiles', () => {
  it('accepts what the writer writes', () => {
    expect(verifyPmtiles(archive)).toMatchObject({ addressedTiles: 4975, leafDirectories: 2, minzoom: 3, maxzoom: 6 });
  });

  it.each([
    ['the magic number', 0],
    ['the version', 7],
    ['the offset of the root directory', 8],
    ['the length of the root directory', 16],
    ['the offset of the metadata', 24],
    ['the length of the metadata', 32],
    ['the offset of the leaf directories', 40],
    ['the length of the leaf directories', 48],
    ['the offset of the tile data', 56],
    ['the length of the tile data', 64],
    ['the number of tiles', 72],
    ['the number of entries', 80],
    ['the number of contents', 88],
    ['clustered', 96],
    ['the compression of directories', 97],
    ['the compression of tiles', 98, 3],
    ['the lowest zoom', 100],
    ['the highest zoom', 101],
    ['the last byte of the western bound', 105, 0x7f],
    ['the last byte of the longitude of the centre', 122, 0x7f],
    ['a byte of the root directory', 140],
    ['the last byte of the last leaf directory', archive.length - 1],
  ] as [string, number, number?][])('refuses another value of %s', (_, position, byte) => {
    expect(() => verifyPmtiles(changed(position, byte))).toThrow();
  });

  it('refuses bytes that belong to no section, and missing ones', () => {
    expect(() => verifyPmtiles(Buffer.concat([archive, Buffer.from('x')]))).toThrow(/the sections end/);
    expect(() => verifyPmtiles(archive.subarray(0, -1))).toThrow();
  });

  it('refuses a content that is stored twice', () => {
    const text = Buffer.from(archive).toString('latin1').replace('tile 101', 'tile 100');
    expect(() => verifyPmtiles(Buffer.from(text, 'latin1'))).toThrow(/stored once/);
  });
});
