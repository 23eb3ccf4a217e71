import fc from 'fast-check';
import { ArrayReader } from 'flatgeobuf/lib/mjs/array-reader.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createFlatGeobufWriter } from '../../../shared/geo/formats/flatgeobuf/write-flatgeobuf.ts';
import { arbitraryFeature } from '../../helpers/features/arbitrary-feature.ts';
import { comparable } from '../../helpers/features/comparable.ts';
import { readFlatGeobuf } from '../../helpers/features/read-flatgeobuf.ts';
import { dimensionsOf, withDimensions, type TestFeature } from '../../helpers/features/test-feature.ts';
import { inBlocks, makeBlock, writeDataset } from '../../helpers/features/write-dataset.ts';

const point = (x: number, y: number, number: number): TestFeature => ({
  geometry: { type: 'Point', hasZ: false, hasM: false, coordinates: [x, y] },
  properties: { number: { kind: 'integer', value: number } },
});
beforeAll(() => {
  // The package's reader tells of every node that it visits.
  vi.spyOn(console, 'debug').mockImplementation(() => {});
});

describe('createFlatGeobufWriter', () => {
  it('writes features that an independent reader finds again, whatever blocks they came in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryFeature, { maxLength: 24 }),
        fc.integer({ min: 1, max: 9 }),
        async (features, size) => {
          const { bytes, summary } = await writeDataset(inBlocks(features, size), createFlatGeobufWriter);
          const hasZ = features.some(({ geometry }) => dimensionsOf(geometry).hasZ);
          const hasM = features.some(({ geometry }) => dimensionsOf(geometry).hasM);
          const read = readFlatGeobuf(bytes);
          const expected = features.map(({ geometry, properties }) => ({
            geometry: geometry === null ? null : withDimensions(geometry, hasZ, hasM),
            properties: Object.fromEntries(
              Object.entries(properties)
                .map(([name, { kind, value }]) => [name, kind === 'lexical' ? Number(value) : value] as const)
                .sort(([a], [b]) => (a < b ? -1 : 1)),
            ),
          }));
          const found = read.features.map(({ geometry, properties }) => ({
            geometry,
            properties: Object.fromEntries(
              Object.entries(properties)
                .map(
                  ([name, value]) =>
                    [name, typeof value === 'bigint' || name === 'big' ? BigInt(value as number) : value] as const,
                )
                .sort(([a], [b]) => (a < b ? -1 : 1)),
            ),
          }));
          expect(comparable(found)).toEqual(comparable(expected));
          expect(summary).toEqual({ bytes: bytes.length, features: features.length, notes: [] });
          expect(read.header.hasZ()).toBe(hasZ);
          expect(read.header.hasM()).toBe(hasM);
        },
      ),
    );
  });

  it('gives the same bytes for the same features, whatever blocks they came in', async () => {
    const features = Array.from({ length: 300 }, (_, number) =>
      point(((number * 37) % 360) - 180, ((number * 17) % 180) - 90, number),
    );
    const [whole, pieces] = await Promise.all(
      [300, 7].map((size) => writeDataset(inBlocks(features, size), createFlatGeobufWriter)),
    );
    expect(Buffer.compare(whole!.bytes, pieces!.bytes)).toBe(0);
  });

  it('has an index by which the package finds exactly the features of a rectangle', async () => {
    const coordinate = fc.integer({ min: -20, max: 20 });
    const features = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 600 });
    await fc.assert(
      fc.asyncProperty(
        features,
        coordinate,
        coordinate,
        fc.nat(20),
        fc.nat(20),
        async (places, x, y, width, height) => {
          const blocks = inBlocks(
            places.map(([lon, lat], number) => point(lon, lat, number)),
            100,
          );
          const { bytes } = await writeDataset(blocks, createFlatGeobufWriter);
          const found: number[] = [];
          const rect = { minX: x, minY: y, maxX: x + width, maxY: y + height };
          for await (const { feature } of ArrayReader.open(new Uint8Array(bytes)).selectBbox(rect)) {
            found.push(new DataView(feature.propertiesArray()!.slice().buffer).getInt32(2, true));
          }
          const expected = [...places.keys()].filter((number) => {
            const [lon, lat] = places[number]!;
            return lon >= x && lon <= x + width && lat >= y && lat <= y + height;
          });
          expect(found.sort((a, b) => a - b)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    [1, 80],
    [16, 17 * 40],
    [17, (17 + 2 + 1) * 40],
    [257, (257 + 17 + 2 + 1) * 40],
  ])('has an index of as many nodes as the format says for %i features', async (count, indexBytes) => {
    const features = Array.from({ length: count }, (_, number) => point(number % 90, number % 45, number));
    const { bytes } = await writeDataset(inBlocks(features, 50), createFlatGeobufWriter);
    const read = readFlatGeobuf(bytes);
    expect(read.indexBytes).toBe(indexBytes);
    expect(read.features).toHaveLength(count);
    expect(read.header.featuresCount()).toBe(BigInt(count));
    expect(read.header.indexNodeSize()).toBe(16);
  });

  it('writes no index and no envelope without features', async () => {
    const { bytes } = await writeDataset([makeBlock([])], createFlatGeobufWriter);
    const { header, features, headerBytes } = readFlatGeobuf(bytes);
    expect(bytes.length).toBe(headerBytes);
    expect(header.indexNodeSize()).toBe(0);
    expect(header.envelopeLength()).toBe(0);
    expect(features).toEqual([]);
  });

  it('tells name, title, CRS, type, envelope and columns in the header', async () => {
    const { bytes } = await writeDataset([makeBlock([point(1, 2, 3), point(-4, 5, 6)])], createFlatGeobufWriter, {
      name: 'places',
      title: 'Places',
    });
    const { header } = readFlatGeobuf(bytes);
    expect([...bytes.subarray(0, 8)]).toEqual([0x66, 0x67, 0x62, 0x03, 0x66, 0x67, 0x62, 0x00]);
    expect([header.name(), header.title(), header.geometryType()]).toEqual(['places', 'Places', 1]);
    expect([...header.envelopeArray()!]).toEqual([-4, 2, 1, 5]);
    expect([header.crs()!.org(), header.crs()!.code()]).toEqual(['EPSG', 4326]);
    expect(header.columnsLength()).toBe(1);
    expect([header.columns(0)!.name(), header.columns(0)!.type(), header.columns(0)!.nullable()]).toEqual([
      'number',
      5,
      false,
    ]);
  });

  it('tells an unknown type when there are several', async () => {
    const line: TestFeature = {
      geometry: {
        type: 'LineString',
        hasZ: false,
        hasM: false,
        coordinates: [
          [0, 0],
          [1, 1],
        ],
      },
      properties: {},
    };
    const { bytes } = await writeDataset([makeBlock([point(1, 2, 3), line])], createFlatGeobufWriter);
    expect(readFlatGeobuf(bytes).header.geometryType()).toBe(0);
  });

  it('lays a polygon with a hole out as FlatBuffers and the schema of the format say', async () => {
    const ring = (size: number) => [
      [0, 0],
      [size, 0],
      [0, size],
      [0, 0],
    ];
    const polygon: TestFeature = {
      geometry: { type: 'Polygon', hasZ: false, hasM: false, coordinates: [ring(4), ring(1)] },
      properties: { a: { kind: 'text', value: 'é' } },
    };
    const { bytes } = await writeDataset([makeBlock([polygon])], createFlatGeobufWriter);
    const { headerBytes, indexBytes } = readFlatGeobuf(bytes);
    const feature = Buffer.from(bytes.subarray(headerBytes + indexBytes));
    const words = (...values: number[]) => [...new Uint8Array(Uint32Array.from(values).buffer)];
    const shorts = (...values: number[]) => [...new Uint8Array(Uint16Array.from(values).buffer)];
    const doubles = (...values: number[]) => [...new Uint8Array(Float64Array.from(values).buffer)];
    expect([...feature]).toEqual([
      // 0: length behind it; the table is 12 bytes from here.
      ...words(220, 12),
      // 8: vtable of the feature: its length, that of the table, geometry at 4, properties at 8; no columns.
      ...shorts(8, 12, 4, 8),
      // 16: the table: vtable 8 bytes before it, geometry at 20 + 28, properties at 24 + 188.
      ...words(8, 28, 188),
      // 28: vtable of the geometry: ends at 12, xy at 4, no z, m, t and tm, type at 8, no parts.
      ...shorts(20, 16, 12, 4, 0, 0, 0, 0, 8, 0),
      // 48: the table: xy at 52 + 16, type 3, ends at 60 + 140; then four bytes up to a multiple of eight.
      ...words(20, 16, 3, 140, 0),
      // 68: sixteen numbers, from byte 72.
      ...words(16),
      ...doubles(...[...ring(4), ...ring(1)].flat()),
      // 200: two ends.
      ...words(2, 4, 8),
      // 212: eight bytes of properties: column 0, a text of two bytes.
      ...words(8),
      ...shorts(0),
      ...words(2),
      0xc3,
      0xa9,
    ]);
  });

  it('keeps a feature without geometry and an empty one out of every rectangle', async () => {
    const nothing: TestFeature = { geometry: null, properties: {} };
    const empty: TestFeature = {
      geometry: { type: 'Polygon', hasZ: false, hasM: false, coordinates: [] },
      properties: {},
    };
    const { bytes } = await writeDataset([makeBlock([nothing, point(1, 1, 1), empty])], createFlatGeobufWriter);
    const leaves = readFlatGeobuf(bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset + leaves.headerBytes + 40);
    const extents = [0, 1, 2].map((leaf) =>
      [0, 1, 2, 3].map((corner) => view.getFloat64(40 * leaf + 8 * corner, true)),
    );
    expect(extents).toEqual([
      [1, 1, 1, 1],
      [Infinity, Infinity, -Infinity, -Infinity],
      [Infinity, Infinity, -Infinity, -Infinity],
    ]);
    const found: number[] = [];
    for await (const { id } of ArrayReader.open(new Uint8Array(bytes)).selectBbox({
      minX: -180,
      minY: -90,
      maxX: 180,
      maxY: 90,
    })) {
      found.push(id);
    }
    expect(found).toEqual([0]);
  });
});
