import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { serialize } from 'flatgeobuf/lib/mjs/geojson.js';
import { describe, expect, it } from 'vitest';
import { flatGeobufFormat } from '../../../shared/geo/formats/flatgeobuf/flatgeobuf-format.ts';
import { geometries } from '../../helpers/geometry-arbitraries.ts';
import {
  makeFlatGeobuf,
  propertyBytes,
  type ColumnTypeName,
  type FlatGeobufOptions,
} from '../../helpers/make-flatgeobuf.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { readSource, type ReadSourceOptions } from '../../helpers/read-source.ts';

const POINT = { type: 'Point' as const, coordinates: [1, 2] };

async function read(options: FlatGeobufOptions, reading?: ReadSourceOptions) {
  const [layer] = await readSource(flatGeobufFormat, memoryReader(makeFlatGeobuf(options)), reading);
  return layer!;
}

/** Features whose geometries differ in length, each with its number. */
const numbered = (count: number) => ({
  columns: [{ name: 'n', type: 'Int' as const }],
  features: Array.from({ length: count }, (_, index) => ({
    geometry: {
      type: 'LineString' as const,
      coordinates: Array.from({ length: 2 + (index % 17) }, (__, x) => [x, index]),
    },
    properties: [[0, propertyBytes('Int', index)] as const],
  })),
});

describe('flatGeobufFormat', () => {
  it('reads every type of geometry in every dimension', async () => {
    const dimensions = fc.constantFrom('xy', 'xyz', 'xym', 'xyzm').chain((each) => geometries(each as 'xy'));
    await fc.assert(
      fc.asyncProperty(fc.array(dimensions, { minLength: 1, maxLength: 4 }), async (list) => {
        const { sink } = await read({ features: list.map((geometry) => ({ geometry })) });
        expect(sink.rejects).toEqual([]);
        expect(sink.features.map(({ geometry }) => geometry)).toEqual(list);
      }),
      { numRuns: 300 },
    );
  });

  describe('of curves as GDAL writes them', () => {
    type Positions = [number, number][];
    const readCurves = async () => {
      const { base64 } = JSON.parse(readFileSync(new URL('gdal-curves.json', import.meta.url), 'utf8')) as {
        base64: string;
      };
      const [layer] = await readSource(flatGeobufFormat, memoryReader(Buffer.from(base64, 'base64')));
      expect(layer!.sink.rejects).toEqual([]);
      return new Map(
        layer!.sink.features.map(({ properties, geometry }) => [
          (properties['name'] as { text: string }).text,
          geometry,
        ]),
      );
    };
    // Arcs of 90° have 23 chords of at most 4°, and those of 180° have 45.
    const HALF_CIRCLE = 47;
    const CIRCLE = 91;

    it('makes lines of circular strings and compound curves, through all their points', async () => {
      const curves = await readCurves();
      const arc = curves.get('CircularString') as { type: string; coordinates: Positions };
      expect(arc.type).toBe('LineString');
      expect(arc.coordinates).toHaveLength(HALF_CIRCLE);
      for (const point of [[0, 0], [1, 1], [2, 0]]) expect(arc.coordinates).toContainEqual(point); // prettier-ignore
      for (const [x, y] of arc.coordinates) expect(Math.hypot(x - 1, y)).toBeCloseTo(1, 12);
      // The line begins where the arc ends.
      expect(curves.get('CompoundCurve')).toEqual({ type: 'LineString', coordinates: [...arc.coordinates, [3, 0]] });
      const line = [[2, 0], [3, 0]]; // prettier-ignore
      expect(curves.get('MultiCurve')).toEqual({
        type: 'MultiLineString',
        coordinates: [arc.coordinates, [...arc.coordinates, [3, 0]], line],
      });
    });

    it('makes polygons of curve polygons and surfaces', async () => {
      const curves = await readCurves();
      const polygon = curves.get('CurvePolygon') as { type: string; coordinates: Positions[] };
      const [circle, hole] = polygon.coordinates;
      expect(polygon.type).toBe('Polygon');
      expect(circle).toHaveLength(CIRCLE);
      expect([circle![0], circle!.at(-1)]).toEqual([[0, 0], [0, 0]]); // prettier-ignore
      for (const [x, y] of circle!) expect(Math.hypot(x - 2, y)).toBeCloseTo(2, 12);
      expect(hole).toEqual([[1, -0.5], [2, -0.5], [2, 0.5], [1, -0.5]]); // prettier-ignore
      const arc = (curves.get('CircularString') as { coordinates: Positions }).coordinates;
      expect(curves.get('MultiSurface')).toEqual({
        type: 'MultiPolygon',
        coordinates: [polygon.coordinates, [[...arc, [0, 0]]], [[[5, 5], [6, 5], [6, 6], [5, 5]]]], // prettier-ignore
      });
      expect(curves.get('GeometryCollection')).toEqual({
        type: 'GeometryCollection',
        geometries: [curves.get('CircularString'), polygon],
      });
    });
  });

  it('reads what the npm package writes of GeoJSON', async () => {
    const features = [
      { type: 'Feature', geometry: POINT, properties: { text: 'Straße', whole: 7, half: 0.5, yes: true } },
      {
        type: 'Feature',
        geometry: {
          type: 'MultiPolygon',
          coordinates: [
            [
              [
                [0, 0],
                [1, 0],
                [1, 1],
                [0, 0],
              ],
            ],
            [
              [
                [5, 5],
                [6, 5],
                [6, 6],
                [5, 5],
              ],
              [
                [5.5, 5.2],
                [5.6, 5.3],
                [5.6, 5.2],
                [5.5, 5.2],
              ],
            ],
          ],
        },
        properties: { text: '', whole: -7, half: 1e300, yes: false },
      },
    ];
    const bytes = serialize({ type: 'FeatureCollection', features } as never);
    const [layer] = await readSource(flatGeobufFormat, memoryReader(bytes));
    expect(layer!.sink.features.map(({ geometry }) => geometry)).toEqual(features.map(({ geometry }) => geometry));
    const values = layer!.sink.features.map(({ properties }) =>
      Object.fromEntries(Object.entries(properties).map(([name, given]) => [name, Object.values(given)[0]])),
    );
    expect(values).toEqual(features.map(({ properties }) => properties));
  });

  it('takes the type of the layer where a geometry has none, and no geometry for null', async () => {
    const { sink } = await read({
      geometryType: 2,
      features: [{ raw: { type: 0, xy: [1, 2, 3, 4] } }, { geometry: null }, {}],
    });
    expect(sink.features.map(({ geometry }) => geometry)).toEqual([
      {
        type: 'LineString',
        coordinates: [
          [1, 2],
          [3, 4],
        ],
      },
      null,
      null,
    ]);
  });

  it('reads empty geometries as such', async () => {
    const list = [
      { type: 'Point' as const, coordinates: [] },
      { type: 'MultiPolygon' as const, coordinates: [] },
      { type: 'GeometryCollection' as const, geometries: [] },
      { type: 'LineString' as const, coordinates: [] },
    ];
    const { sink } = await read({ features: list.map((geometry) => ({ geometry })) });
    expect(sink.features.map(({ geometry }) => geometry)).toEqual(list);
    const { sink: nan } = await read({ features: [{ raw: { type: 1, xy: [NaN, NaN] } }] });
    expect(nan.features[0]!.geometry).toEqual({ type: 'Point', coordinates: [] });
  });

  it('reads surfaces of flat parts as polygons', async () => {
    const ring = [0, 0, 1, 0, 1, 1, 0, 0];
    const { sink } = await read({ features: [{ raw: { type: 17, xy: ring } }] });
    expect(sink.features[0]!.geometry).toEqual({
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    });
  });

  it('reads properties of every type', async () => {
    const values: [ColumnTypeName, number | bigint | string | boolean | Uint8Array, object][] = [
      ['Byte', -128, { integer: -128 }],
      ['UByte', 255, { integer: 255 }],
      ['Bool', true, { boolean: true }],
      ['Short', -32768, { integer: -32768 }],
      ['UShort', 65535, { integer: 65535 }],
      ['Int', -(2 ** 31), { integer: -(2 ** 31) }],
      ['UInt', 2 ** 32 - 1, { integer: 2 ** 32 - 1 }],
      ['Long', 2n ** 53n - 1n, { integer: 2 ** 53 - 1 }],
      ['Long', -(2n ** 63n), { bigInteger: -(2n ** 63n) }],
      ['Long', -1n, { integer: -1 }],
      ['ULong', 2n ** 63n - 1n, { bigInteger: 2n ** 63n - 1n }],
      ['ULong', 2n ** 64n - 1n, { text: '18446744073709551615' }],
      ['Float', 0.5, { double: 0.5 }],
      ['Double', 0.1, { double: 0.1 }],
      ['String', 'Straße', { text: 'Straße' }],
      ['String', '', { text: '' }],
      ['String', Uint8Array.of(0x66, 0xfc), { text: 'f\ufffd' }],
      ['Json', '{"a":[1]}', { json: { a: [1] } }],
      ['Json', '12', { text: '12' }],
      ['Json', '{', { text: '{' }],
      ['DateTime', '2026-11-26T10:20:30.5Z', { dateTime: '2026-11-26T10:20:30.5Z' }],
      ['DateTime', '2026-11-26 10:20:30', { dateTime: '2026-11-26T10:20:30' }],
      ['DateTime', '2026-11-26', { date: '2026-11-26' }],
      ['DateTime', '2026-02-30', { text: '2026-02-30' }],
      ['Binary', Uint8Array.of(1, 255), { binary: Uint8Array.of(1, 255) }],
    ];
    const { layer, sink } = await read({
      columns: values.map(([type], index) => ({ name: `c${index}`, type, title: `Column ${index}` })),
      features: [
        { geometry: POINT, properties: values.map(([type, value], index) => [index, propertyBytes(type, value)]) },
      ],
    });
    expect(Object.values(sink.features[0]!.properties)).toEqual(values.map(([, , given]) => given));
    expect(sink.notes.map(({ code }) => code)).toEqual([
      'integer-above-64-bits',
      'text-not-utf8',
      'json-invalid',
      'date-time-invalid',
    ]);
    expect(layer.fields?.map(({ type }) => type).filter((type, index, all) => all.indexOf(type) === index)).toEqual([
      'integer',
      'boolean',
      'double',
      'text',
      'json',
      'date-time',
      'binary',
    ]);
    expect(layer.fields?.[3]).toEqual({ name: 'c3', type: 'integer', title: 'Column 3' });
  });

  it('leaves out what a feature has no value for', async () => {
    const columns = [
      { name: 'a', type: 'Int' as const },
      { name: 'b', type: 'Int' as const },
    ];
    const { sink } = await read({
      columns,
      features: [{ properties: [[1, propertyBytes('Int', 5)]] }, { properties: [] }, {}],
    });
    expect(sink.features.map(({ properties }) => properties)).toEqual([{ b: { integer: 5 } }, {}, {}]);
  });

  it('honours columns that a feature brings of its own', async () => {
    const { sink } = await read({
      columns: [{ name: 'a', type: 'Int' }],
      features: [
        { columns: [{ name: 'b', type: 'String' }], properties: [[0, propertyBytes('String', 'x')]] },
        { properties: [[0, propertyBytes('Int', 1)]] },
      ],
    });
    expect(sink.features.map(({ properties }) => properties)).toEqual([{ b: { text: 'x' } }, { a: { integer: 1 } }]);
  });

  it('tells columns of one name apart, and those without', async () => {
    const names = ['a', 'a', '', 'a_2'];
    const { layer } = await read({ columns: names.map((name) => ({ name, type: 'Int' as const })), features: [{}] });
    expect(layer.fields?.map(({ name }) => name)).toEqual(['a', 'a_2', 'column_3', 'a_2_2']);
  });

  it.each([
    [
      { org: 'EPSG', code: 31985 },
      { kind: 'epsg', code: 31985 },
    ],
    [{ code: 4326 }, { kind: 'epsg', code: 4326 }],
    [{ org: 'OGC', codeString: 'CRS84' }, { kind: 'crs84' }],
    [{ wkt: 'GEOGCS["a"]' }, { kind: 'wkt', text: 'GEOGCS["a"]' }],
    [
      { org: 'ESRI', code: 102100, wkt: 'PROJCS["b"]' },
      { kind: 'wkt', text: 'PROJCS["b"]' },
    ],
    [{ org: 'ESRI', code: 102100 }, undefined],
    [undefined, undefined],
  ])('reads the CRS %j', async (crs, declared) => {
    const { layer } = await read({ features: [{}], ...(crs === undefined ? {} : { crs }) });
    expect(layer.crs).toEqual(declared);
  });

  it('names the layer as the file does, and else as it is told', async () => {
    expect((await read({ name: 'roads', features: [{}] })).layer).toMatchObject({ name: 'roads', features: 1 });
    const unsaid = await read({ features: [{}], featuresCount: 0 });
    expect(unsaid.layer.name).toBe('file');
    expect(unsaid.layer).not.toHaveProperty('features');
  });

  it('reads a file without features', async () => {
    expect((await read({ features: [] })).layer.blocks).toBe(0);
  });

  it.each([0, 2, 16])(
    'cuts blocks that give every feature once and in order (index of nodes of %i)',
    async (indexNodeSize) => {
      for (const count of [1, 2, 17, 5_000]) {
        const options = { ...numbered(count), indexNodeSize };
        const { layer, sink } = await read(options, { blockBytes: 40_000 });
        expect(sink.features.map(({ properties }) => properties['n'])).toEqual(
          Array.from({ length: count }, (_, integer) => ({ integer })),
        );
        expect(sink.features.map(({ place }) => place.number)).toEqual(Array.from({ length: count }, (_, n) => n));
        expect(sink.rejects).toEqual([]);
        expect(layer).not.toHaveProperty('notes');
        if (count === 5_000) {
          const sizes = layer.detail.starts.map(
            (start, index) => (layer.detail.starts[index + 1] ?? layer.detail.end) - start,
          );
          expect(sizes.length).toBeGreaterThan(20);
          expect(Math.max(...sizes)).toBeLessThan(60_000);
        }
      }
    },
  );

  it('finds blocks by the index without reading the features', async () => {
    const reader = memoryReader(makeFlatGeobuf({ ...numbered(20_000), indexNodeSize: 16 }));
    await flatGeobufFormat.inspect(
      { file: reader },
      { blockBytes: 500_000, name: 'a', signal: new AbortController().signal },
    );
    const bytes = reader.reads.reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThan(reader.size / 4);
  });

  it.each<[string, (offset: number, leaf: number) => number]>([
    ['do not ascend', (offset, leaf) => (leaf === 2_500 ? 1 : offset)],
    ['lead between features', (offset, leaf) => (leaf === 0 ? 0 : offset + 4)],
    ['lead out of the file', (offset, leaf) => (leaf > 2_000 ? 2 ** 40 + leaf : offset)],
  ])('reads on by lengths when leaves of the index %s', async (_how, leafOffset) => {
    const { layer, sink } = await read({ ...numbered(5_000), indexNodeSize: 16, leafOffset }, { blockBytes: 40_000 });
    expect(layer.notes).toEqual(['The index does not lead to the features in their order and was not used.']);
    expect(sink.features).toHaveLength(5_000);
  });

  it('reads features that are longer than what is read at once', async () => {
    const coordinates = Array.from({ length: 600_000 }, (_, index) => [index, -index]);
    const long = { geometry: { type: 'LineString' as const, coordinates } };
    const { sink } = await read({ features: [long, { geometry: POINT }, long] });
    expect(sink.features.map(({ geometry }) => (geometry as { coordinates: unknown[] }).coordinates.length)).toEqual([
      600_000, 2, 600_000,
    ]);
    expect((sink.features[2]!.geometry as typeof long.geometry).coordinates.at(-1)).toEqual([599_999, -599_999]);
  });

  it('hands on an abort', async () => {
    const signal = AbortSignal.abort(new Error('over'));
    await expect(read({ features: [{}] }, { signal })).rejects.toThrow('over');
  });
});
