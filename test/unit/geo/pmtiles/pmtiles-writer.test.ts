import fc from 'fast-check';
import { PMTiles, TileType, tileIdToZxy, type RangeResponse, type Source } from 'pmtiles';
import { describe, expect, it } from 'vitest';
import {
  createPmtilesWriter,
  MAX_TILE_BYTES,
  type PmtilesOptions,
  type PmtilesSummary,
} from '../../../../shared/geo/pmtiles/pmtiles-writer.ts';
import { MAX_METADATA_BYTES } from '../../../../shared/geo/pmtiles/metadata.ts';
import { firstTileId } from '../../../../shared/geo/tiles/tile-id.ts';
import { MemorySink } from '../../../helpers/memory-sink.ts';
import { verifyPmtiles } from '../../../helpers/verify-pmtiles.ts';

type Tile = readonly [tileId: number, bytes: Uint8Array];

const MIB = 1024 * 1024;
const text = (content: string) => new TextEncoder().encode(content);

function options(sink: MemorySink, more: Partial<PmtilesOptions> = {}): PmtilesOptions {
  return {
    sink,
    tileType: 'png',
    tileCompression: 'none',
    metadata: { name: 'scene' },
    bounds: [-10, -20, 30, 40],
    minzoom: 0,
    maxzoom: 24,
    center: { longitude: 10, latitude: 10, zoom: 3 },
    expectedBytes: 0,
    ...more,
  };
}

async function write(
  tiles: Iterable<Tile>,
  more: Partial<PmtilesOptions> = {},
): Promise<{ sink: MemorySink; summary: PmtilesSummary }> {
  const sink = new MemorySink();
  const writer = createPmtilesWriter(options(sink, more));
  for (const [tileId, bytes] of tiles) await writer.add(tileId, bytes);
  return { sink, summary: await writer.finish() };
}

/** The reference reader over an archive in memory. */
function open(archive: Uint8Array): PMTiles {
  const source: Source = {
    getKey: () => 'memory',
    getBytes: async (offset, length): Promise<RangeResponse> => ({
      data: new Uint8Array(archive.subarray(offset, offset + length)).buffer,
    }),
  };
  return new PMTiles(source);
}

async function readTile(reader: PMTiles, tileId: number): Promise<Uint8Array | undefined> {
  const found = await reader.getZxy(...tileIdToZxy(tileId));
  return found === undefined ? undefined : new Uint8Array(found.data);
}

function* numbered(count: number, content: (tileId: number) => string, first = 0): Generator<Tile> {
  for (let tileId = first; tileId < first + count; tileId++) yield [tileId, text(content(tileId))];
}

const tileSets = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom('a', 'bb', 'ccc', 'dddd', 'e')), { maxLength: 80 })
  .map((steps) => {
    let tileId = -1;
    return steps.map(([gap, content]): Tile => [(tileId += 1 + gap), text(content)]);
  });

describe('createPmtilesWriter', () => {
  it('gives back through the reference reader what was added, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(tileSets, async (tiles) => {
        const { sink, summary } = await write(tiles);
        const reader = open(sink.bytes);
        const added = new Map(tiles);
        for (let tileId = 0; tileId < (tiles.at(-1)?.[0] ?? 0) + 3; tileId++) {
          expect(await readTile(reader, tileId)).toEqual(added.get(tileId));
        }
        expect(verifyPmtiles(sink.bytes)).toMatchObject({ ...summaryCounts(summary), tiles: added });
        expect(summary).toMatchObject({ addressedTiles: tiles.length, bytes: sink.bytes.length });
        expect(summary.tileContents).toBe(new Set(tiles.map(([, bytes]) => String(bytes))).size);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same bytes for the same tiles, whatever size was expected', async () => {
    await fc.assert(
      fc.asyncProperty(tileSets, fc.nat(1e12), async (tiles, expectedBytes) => {
        const [one, other] = [await write(tiles), await write(tiles, { expectedBytes })];
        expect(Buffer.compare(one.sink.bytes, other.sink.bytes)).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('writes what the header of the reference reader shows', async () => {
    const tiles: Tile[] = [
      [5, text('a')],
      [6, text('a')],
      [7, text('b')],
      [90, text('a')],
    ];
    const { sink } = await write(tiles, { tileType: 'webp', metadata: { name: 'scene', attribution: '© someone' } });
    const reader = open(sink.bytes);
    expect(await reader.getHeader()).toMatchObject({
      specVersion: 3,
      numAddressedTiles: 4,
      numTileEntries: 3,
      numTileContents: 2,
      clustered: true,
      tileType: TileType.Webp,
      minZoom: 2,
      maxZoom: 4,
      minLon: -10,
      minLat: -20,
      maxLon: 30,
      maxLat: 40,
      centerLon: 10,
      centerLat: 10,
      centerZoom: 3,
    });
    expect(await reader.getMetadata()).toEqual({ name: 'scene', attribution: '© someone' });
  });

  it('opens without any tile', async () => {
    const { sink, summary } = await write([], { minzoom: 3, maxzoom: 5 });
    const reader = open(sink.bytes);
    expect(await reader.getHeader()).toMatchObject({ numAddressedTiles: 0, minZoom: 3, maxZoom: 5 });
    expect(await readTile(reader, firstTileId(4))).toBeUndefined();
    expect(summary).toEqual({ bytes: sink.bytes.length, addressedTiles: 0, tileEntries: 0, tileContents: 0 });
  });

  it('stores one tile', async () => {
    const { sink } = await write([[firstTileId(24), text('deep')]]);
    expect(await readTile(open(sink.bytes), firstTileId(24))).toEqual(text('deep'));
    expect(verifyPmtiles(sink.bytes)).toMatchObject({ minzoom: 24, maxzoom: 24, tileContents: 1, leafDirectories: 0 });
  });

  it('stores a thousand tiles in the root directory', async () => {
    const { sink } = await write(numbered(1000, String));
    expect(verifyPmtiles(sink.bytes)).toMatchObject({ addressedTiles: 1000, tileEntries: 1000, leafDirectories: 0 });
  });

  it('stores a hundred thousand tiles under leaf directories', async () => {
    const { sink } = await write(numbered(100_000, (tileId) => String(tileId * 7), 1000));
    expect(verifyPmtiles(sink.bytes)).toMatchObject({
      addressedTiles: 100_000,
      tileContents: 100_000,
      leafDirectories: 25,
    });
    const reader = open(sink.bytes);
    for (const tileId of [1000, 1001, 5095, 5096, 50_000, 100_999]) {
      expect(await readTile(reader, tileId)).toEqual(text(String(tileId * 7)));
    }
    expect(await readTile(reader, 101_000)).toBeUndefined();
  });

  it('stores a run of equal tiles as one entry', async () => {
    const { sink, summary } = await write(numbered(20_000, () => 'sea', 21));
    expect(summary).toMatchObject({ addressedTiles: 20_000, tileEntries: 1, tileContents: 1 });
    expect(sink.bytes.length).toBeLessThan(300);
    expect(await readTile(open(sink.bytes), 20_020)).toEqual(text('sea'));
  });

  it('sends large archives in parts that S3 takes, few at once', async () => {
    const tile = (tileId: number) => Buffer.alloc(MIB, tileId);
    const tiles = Array.from({ length: 70 }, (_, tileId): Tile => [tileId, tile(tileId)]);
    const { sink } = await write(tiles);
    expect([...sink.parts.keys()].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(sink.parts.get(1)!.length).toBeGreaterThan(5 * MIB);
    expect(sink.parts.get(2)!.length).toBe(8 * MIB);
    expect(sink.mostInFlight).toBeLessThanOrEqual(4);
    expect(sink.mostInFlight).toBeGreaterThan(1);
    const verified = verifyPmtiles(sink.bytes);
    for (const [tileId, bytes] of tiles) expect(Buffer.compare(verified.tiles.get(tileId)!, bytes)).toBe(0);
  });

  it.each([5 * MIB - 1, 5 * MIB, 5 * MIB + 1, 13 * MIB - 1, 13 * MIB, 13 * MIB + 1])(
    'keeps every byte when the tile data has %d bytes',
    async (size) => {
      const [first, second] = [Buffer.alloc(3 * MIB, 1), Buffer.alloc(size - 3 * MIB, 2)];
      const { sink, summary } = await write([
        [0, first],
        [1, second],
      ]);
      const { tiles } = verifyPmtiles(sink.bytes);
      expect(Buffer.compare(tiles.get(0)!, first) || Buffer.compare(tiles.get(1)!, second)).toBe(0);
      expect(summary.bytes).toBe(sink.bytes.length);
    },
  );

  it('copies what is added', async () => {
    const sink = new MemorySink();
    const writer = createPmtilesWriter(options(sink));
    const buffer = text('first');
    await writer.add(0, buffer);
    buffer.set(text('other'));
    await writer.add(1, buffer);
    await writer.finish();
    expect(await readTile(open(sink.bytes), 0)).toEqual(text('first'));
  });

  it.each([
    ['tile-out-of-order', 8, text('x')],
    ['tile-out-of-order', 9, text('x')],
    ['tile-outside-zooms', 4, text('x')],
    ['tile-outside-zooms', firstTileId(4), text('x')],
    ['tile-outside-zooms', 9.5, text('x')],
    ['tile-empty', 10, text('')],
    ['tile-too-large', 10, new Uint8Array(MAX_TILE_BYTES + 1)],
  ] as const)('refuses with %s tile %d after tile 9', async (code, tileId, bytes) => {
    const sink = new MemorySink();
    const writer = createPmtilesWriter(options(sink, { minzoom: 2, maxzoom: 3 }));
    await writer.add(9, text('nine'));
    await expect(writer.add(tileId, bytes)).rejects.toMatchObject({ code, retryable: false });
    await expect(writer.finish()).rejects.toMatchObject({ code: 'archive-misused' });
    await writer.abort();
    expect(sink.state).toBe('aborted');
  });

  it('refuses tiles that overtake each other, and tiles after the end', async () => {
    const writer = createPmtilesWriter(options(new MemorySink()));
    const first = writer.add(0, text('a'));
    await expect(writer.add(1, text('b'))).rejects.toMatchObject({ code: 'archive-misused' });
    await first;
    await writer.finish();
    await expect(writer.add(2, text('c'))).rejects.toMatchObject({ code: 'archive-misused' });
  });

  it('refuses metadata and zooms beyond its limits', () => {
    const create = (more: Partial<PmtilesOptions>) => () => createPmtilesWriter(options(new MemorySink(), more));
    expect(create({ metadata: { name: 'x'.repeat(MAX_METADATA_BYTES) } })).toThrow(
      expect.objectContaining({ code: 'metadata-too-large' }),
    );
    expect(create({ maxzoom: 25 })).toThrow(expect.objectContaining({ code: 'zoom-out-of-range' }));
    expect(create({ minzoom: 3, maxzoom: 2 })).toThrow(expect.objectContaining({ code: 'minzoom-above-maxzoom' }));
  });

  it('ends with the failure of a part, when no part is in flight any more', async () => {
    const sink = new MemorySink();
    const putPart = sink.putPart.bind(sink);
    sink.putPart = async (partNumber, bytes) => {
      await putPart(partNumber, bytes);
      if (partNumber === 3) throw new Error('part 3 was lost');
    };
    const writer = createPmtilesWriter(options(sink));
    const addAll = async () => {
      for (let tileId = 0; tileId < 100; tileId++) await writer.add(tileId, Buffer.alloc(MIB, tileId));
    };
    await expect(addAll()).rejects.toThrow('part 3 was lost');
    expect(sink.inFlight).toBe(0);
    await writer.abort();
    expect(sink.state).toBe('aborted');
  });

  it('does not complete when the last part fails', async () => {
    const sink = new MemorySink();
    sink.putPart = () => Promise.reject(new Error('no'));
    const writer = createPmtilesWriter(options(sink));
    await writer.add(0, text('a'));
    await expect(writer.finish()).rejects.toThrow('no');
    expect(sink.state).toBe('open');
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const sink = new MemorySink();
    const writer = createPmtilesWriter(options(sink, { signal: controller.signal }));
    await writer.add(0, text('a'));
    controller.abort(new Error('cancelled'));
    await expect(writer.add(1, text('b'))).rejects.toThrow('cancelled');
    expect(sink.state).toBe('open');
  });
});

function summaryCounts({ addressedTiles, tileEntries, tileContents }: PmtilesSummary) {
  return { addressedTiles, tileEntries, tileContents };
}
