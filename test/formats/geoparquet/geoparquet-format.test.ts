import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geoParquetFormat } from '../../../shared/geo/formats/geoparquet/geoparquet-format.ts';
import { geometries } from '../../helpers/geometry-arbitraries.ts';
import { geoMetadata, geometryColumn, makeGeoParquet } from '../../helpers/make-geoparquet.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { readSource, type ReadSourceOptions } from '../../helpers/read-source.ts';
import { writeWkb } from '../../helpers/write-wkb.ts';

/** By pyarrow 26.0.1: 30 rows (5 of native encodings) by the rules that the expectations below have, too; Base64. */
const PYARROW = JSON.parse(readFileSync(new URL('pyarrow-files.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

const read = async (bytes: Uint8Array, options?: ReadSourceOptions) =>
  (await readSource(geoParquetFormat, memoryReader(bytes), options))[0]!;
const readPyarrow = (name: string, options?: ReadSourceOptions) => read(Buffer.from(PYARROW[name]!, 'base64'), options);

const point = (index: number) => ({ type: 'Point', coordinates: [index, 0 - index] });
const polygon = (index: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [index, 0],
      [index + 1, 0],
      [index + 1, 1],
      [index, 0],
    ],
  ],
});
/** The feature of a row of `id`, `real`, `text`, `tags` and `geometry`. */
const expectedRow = (index: number, names: readonly string[]) => {
  const values: Record<string, object> = {
    id: { integer: index },
    ...(index % 4 === 0 ? {} : { real: { double: index / 7 }, text: { text: `näme ${index % 3}` } }),
    ...(index % 6 === 0 ? {} : { tags: { json: Array.from({ length: index % 4 }, (_, tag) => `t${tag}`) } }),
  };
  return {
    geometry: index === 7 ? null : index % 3 === 0 ? polygon(index) : point(index),
    properties: Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name))),
  };
};

const wkbOf = (x: number): Buffer => writeWkb({ type: 'Point', coordinates: [x, 0] });

describe('geoParquetFormat', () => {
  const files = ['codec none', 'codec snappy', 'codec gzip', 'codec zstd', 'codec brotli', 'codec lz4', 'page v2'];
  const others = [
    'page v2 uncompressed',
    'no dictionary, small pages',
    'dictionary, small pages',
    'encodings',
    'page index',
  ];

  it.each([...files, ...others])('reads what pyarrow writes (%s), in blocks of any size', async (name) => {
    for (const blockBytes of [1, 300, 1_000_000]) {
      const { layer, sink } = await readPyarrow(name, { blockBytes });
      const names = layer.fields!.map((field) => field.name);
      expect(sink.features.map(({ geometry, properties }) => ({ geometry, properties }))).toEqual(
        Array.from({ length: 30 }, (_, index) => expectedRow(index, names)),
      );
      expect(sink.features.map(({ place }) => place.number)).toEqual(Array.from({ length: 30 }, (_, index) => index));
      expect(layer).toMatchObject({ name: 'file', features: 30, crs: { kind: 'crs84' } });
      if (blockBytes === 1_000_000) expect(layer.blocks).toBe(1);
      else if (blockBytes === 1) expect(layer.blocks).toBe(30);
    }
  });

  it('reads every type of column exactly', async () => {
    const { layer, sink } = await readPyarrow('types');
    expect(layer.crs).toEqual({ kind: 'epsg', code: 31985 });
    expect(layer.fields).toEqual([
      ...['id', 'big', 'ubig', 'u32', 'small'].map((name) => ({ name, type: 'integer' })),
      ...['real', 'single', 'half'].map((name) => ({ name, type: 'double' })),
      { name: 'flag', type: 'boolean' },
      { name: 'text', type: 'text' },
      { name: 'blob', type: 'binary' },
      { name: 'day', type: 'date' },
      ...['ms', 'us', 'ns'].map((name) => ({ name, type: 'date-time' })),
      { name: 'time', type: 'text' },
      { name: 'dec', type: 'double' },
      { name: 'longdec', type: 'text' },
      ...['tags', 'info', 'map'].map((name) => ({ name, type: 'json' })),
    ]);
    expect(sink.features[1]!.properties).toEqual({
      id: { integer: 1 },
      big: { bigInteger: 2n ** 62n + 1n },
      ubig: { text: '18446744073709551614' },
      u32: { integer: 4_294_967_294 },
      small: { integer: -14 },
      real: { double: 1 / 7 },
      single: { double: 0.25 },
      half: { double: 0.25 },
      flag: { boolean: false },
      text: { text: 'näme 1' },
      blob: { binary: Uint8Array.of(1, 254) },
      day: { date: '2025-04-04' },
      ms: { dateTime: '1970-01-01T00:00:00.501' },
      us: { dateTime: '2024-01-01T00:00:00.000001Z' },
      ns: { dateTime: '2023-11-14T22:13:20.12345679' },
      time: { text: '01:02:03.000001' },
      dec: { double: -89.99 },
      longdec: { text: '12345678901234567891.123' },
      tags: { json: ['t0'] },
      info: { json: { a: 1, b: [1, null], w: '2024-01-01' } },
      map: { json: { k: 1 } },
    });
    expect(sink.features[0]!.properties).toMatchObject({
      ms: { dateTime: '1969-12-31T23:59:59.5' },
      dec: { double: -100 },
    });
    expect(Object.keys(sink.features[0]!.properties)).not.toContain('info');
    expect(new Set(sink.notes.map(({ code }) => code))).toEqual(new Set(['integer-above-64-bits']));
  });

  it('reads the old timestamps of 96 bits', async () => {
    const { sink } = await readPyarrow('int96');
    expect(sink.features[2]!.properties['ns']).toEqual({ dateTime: '2023-11-14T22:13:20.123456791Z' });
  });

  it.each([
    ['point', (index: number) => (index === 2 ? null : point(index))],
    [
      'linestring',
      (index: number) =>
        index === 2
          ? null
          : {
              type: 'LineString',
              coordinates: [
                [index, 0],
                [index, 1],
              ],
            },
    ],
    [
      'multipoint',
      (index: number) => ({ type: 'MultiPoint', coordinates: Array.from({ length: index }, () => [index, 0]) }),
    ],
    [
      'polygon',
      (index: number) => ({
        type: 'Polygon',
        coordinates: Array.from({ length: 1 + (index % 2) }, () => polygon(index).coordinates[0]),
      }),
    ],
    [
      'multilinestring',
      (index: number) => ({
        type: 'MultiLineString',
        coordinates: Array.from({ length: index }, () => [
          [index, 0],
          [index, 1],
        ]),
      }),
    ],
    [
      'multipolygon',
      (index: number) => ({
        type: 'MultiPolygon',
        coordinates: Array.from({ length: index }, () => polygon(index).coordinates),
      }),
    ],
  ])('reads the encoding %s of GeoArrow', async (encoding, expected) => {
    const { layer, sink } = await readPyarrow(`native ${encoding}`);
    expect(sink.rejects).toEqual([]);
    expect(sink.features.map(({ geometry }) => geometry)).toEqual(
      Array.from({ length: 5 }, (_, index) => expected(index)),
    );
    // A CRS that is null is not known.
    expect(layer).not.toHaveProperty('crs');
  });

  it('reads any geometry in any dimension, and any text, number and null', async () => {
    const row = fc.record({
      dimensions: fc.constantFrom('xy' as const, 'xyz' as const, 'xym' as const, 'xyzm' as const),
      text: fc.option(fc.string({ unit: 'grapheme' })),
      number: fc.option(fc.double({ noDefaultInfinity: true, noNaN: true })),
      whole: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    });
    const rows = fc.array(
      row.chain((each) => geometries(each.dimensions).map((geometry) => ({ ...each, geometry }))),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 2_000 }),
        async (list, rowGroupSize, blockBytes) => {
          const bytes = makeGeoParquet({
            columns: [
              { name: 'text', data: list.map(({ text }) => text), type: 'STRING', nullable: true },
              { name: 'number', data: list.map(({ number }) => number), type: 'DOUBLE', nullable: true },
              { name: 'whole', data: list.map(({ whole }) => whole), type: 'INT64', nullable: true },
              geometryColumn(list.map(({ geometry, dimensions }) => writeWkb(geometry, { dimensions }))),
            ],
            rowGroupSize,
            pageSize: 100,
          });
          const { sink } = await read(bytes, { blockBytes });
          expect(sink.rejects).toEqual([]);
          expect(sink.features.map(({ geometry }) => geometry)).toEqual(list.map(({ geometry }) => geometry));
          expect(
            sink.features.map(({ properties }) => Object.values(properties).map((given) => Object.values(given)[0])),
          ).toEqual(
            list.map(({ text, number, whole }) =>
              [text, number, whole === null || !Number.isSafeInteger(Number(whole)) ? whole : Number(whole)].filter(
                (value) => value !== null,
              ),
            ),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('leaves the column of boxes out that the metadata name as such', async () => {
    const covering = {
      bbox: { xmin: ['box', 'xmin'], ymin: ['box', 'ymin'], xmax: ['box', 'xmax'], ymax: ['box', 'ymax'] },
    };
    const columns = [{ name: 'box', data: [1], type: 'INT32' as const }, geometryColumn([wkbOf(1)])];
    const covered = await read(makeGeoParquet({ columns, geo: geoMetadata({ covering }) }));
    expect(covered.layer.fields).toEqual([]);
    expect((await read(makeGeoParquet({ columns }))).layer.fields).toEqual([{ name: 'box', type: 'integer' }]);
  });

  it.each<[string, object, object | undefined, string | undefined]>([
    ['absent', {}, { kind: 'crs84' }, undefined],
    ['null', { crs: null }, undefined, undefined],
    [
      'of EPSG',
      { crs: { type: 'ProjectedCRS', name: 'x', id: { authority: 'EPSG', code: 2193 } } },
      { kind: 'epsg', code: 2193 },
      undefined,
    ],
    ['of EPSG as text', { crs: { id: { authority: 'EPSG', code: '4326' } } }, { kind: 'epsg', code: 4326 }, undefined],
    ['OGC:CRS84', { crs: { id: { authority: 'OGC', code: 'CRS84' } } }, { kind: 'crs84' }, undefined],
    [
      'compound',
      { crs: { type: 'CompoundCRS', components: [{ id: { authority: 'EPSG', code: 25832 } }, {}] } },
      { kind: 'epsg', code: 25832 },
      undefined,
    ],
    [
      'bound',
      { crs: { type: 'BoundCRS', source_crs: { id: { authority: 'EPSG', code: 31467 } } } },
      { kind: 'epsg', code: 31467 },
      undefined,
    ],
    [
      'of Esri',
      { crs: { name: 'WGS_1984_Web_Mercator_Auxiliary_Sphere', id: { authority: 'ESRI', code: 102100 } } },
      { kind: 'epsg', code: 3857 },
      undefined,
    ],
    [
      'of no name',
      { crs: { type: 'ProjectedCRS', name: 'site plan' } },
      undefined,
      'The CRS "site plan" of the file has no code of the EPSG register.',
    ],
  ])('reads a CRS that is %s', async (_how, column, crs, note) => {
    const { layer } = await read(makeGeoParquet({ columns: [geometryColumn([wkbOf(1)])], geo: geoMetadata(column) }));
    expect(layer.crs).toEqual(crs);
    expect(layer.notes).toEqual(note === undefined ? undefined : [note]);
  });

  it('tells of other columns of geometries and of edges on great circles', async () => {
    const geo = { ...geoMetadata({ edges: 'spherical' }) } as { columns: Record<string, object> };
    geo.columns['centre'] = { encoding: 'WKB' };
    const columns = [geometryColumn([wkbOf(1)]), geometryColumn([wkbOf(2)], 'centre')];
    const { layer, sink } = await read(makeGeoParquet({ columns, geo }));
    expect(layer.notes).toEqual([
      'Edges run along great circles; they were taken for straight lines.',
      'Other columns of geometries were read as properties: centre.',
    ]);
    expect(sink.features[0]!.properties).toEqual({ centre: { binary: new Uint8Array(wkbOf(2)) } });
  });

  it('finds geometries by the logical type, and by a usual name', async () => {
    const logical = { name: 'place', data: [{ type: 'Point', coordinates: [3, 4] }], type: 'GEOMETRY' as const };
    const typed = await read(makeGeoParquet({ columns: [logical], geo: null }));
    expect(typed.layer.crs).toEqual({ kind: 'crs84' });
    expect(typed.sink.features[0]!.geometry).toEqual({ type: 'Point', coordinates: [3, 4] });
    const { layer, sink } = await readPyarrow('no geo');
    expect(layer.notes).toEqual([
      'The file has no metadata of GeoParquet: the column geometry was taken for geometries in WKB.',
    ]);
    expect(layer).not.toHaveProperty('crs');
    expect(sink.features[1]!.geometry).toEqual(point(1));
  });

  it('cuts blocks by rows where dictionaries hide their bytes', async () => {
    const data = Array.from({ length: 250_000 }, () => wkbOf(1));
    const { layer, sink } = await read(makeGeoParquet({ columns: [geometryColumn(data)], rowGroupSize: 250_000 }));
    expect(layer.detail.starts).toEqual([0, 83_333, 166_666]);
    expect(sink.features).toHaveLength(250_000);
  });

  it('reads only the pages of a block and what stands before them, a piece at a time', async () => {
    const data = Array.from({ length: 50_000 }, (_, index) => wkbOf(index));
    const reader = memoryReader(makeGeoParquet({ columns: [geometryColumn(data)], pageSize: 10_000 }));
    const [layer] = await readSource(geoParquetFormat, reader, { blockBytes: 200_000 });
    expect(layer!.layer.blocks).toBeGreaterThan(4);
    expect(layer!.sink.features).toHaveLength(50_000);
    expect(Math.max(...reader.reads.map(({ length }) => length))).toBeLessThanOrEqual(4 * 1024 ** 2);
  });

  it('rejects a row whose geometry cannot be read, with its other values', async () => {
    const columns = [
      { name: 'a', data: [1n, 2n], type: 'INT64' as const },
      geometryColumn([Buffer.from([1, 99, 0, 0, 0]), wkbOf(2)]),
    ];
    const { sink } = await read(makeGeoParquet({ columns }));
    expect(sink.rejects).toMatchObject([
      { problem: { code: 'wkb-type-unknown' }, place: { number: 0 }, source: { properties: { a: 1 } } },
    ]);
    expect(sink.features.map(({ properties }) => properties)).toEqual([{ a: { integer: 2 } }]);
  });

  it('hands on an abort', async () => {
    const signal = AbortSignal.abort(new Error('over'));
    await expect(readPyarrow('types', { signal })).rejects.toThrow('over');
  });
});
