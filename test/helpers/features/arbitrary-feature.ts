import fc from 'fast-check';
import type { Position, TestFeature, TestGeometry, TestValue } from './test-feature.ts';

const longitude = fc.double({ min: -180, max: 180, noNaN: true });
const latitude = fc.double({ min: -90, max: 90, noNaN: true });
const height = fc.double({ min: -1e4, max: 1e4, noNaN: true });

function position(hasZ: boolean, hasM: boolean): fc.Arbitrary<Position> {
  return fc.tuple(longitude, latitude, ...(hasZ ? [height] : []), ...(hasM ? [height] : []));
}

/** Geometries of every type but collections, empty ones and empty parts of them included. */
function simpleGeometry(hasZ: boolean, hasM: boolean): fc.Arbitrary<TestGeometry> {
  const point = position(hasZ, hasM);
  const line = fc.array(point, { maxLength: 5 });
  const lines = fc.array(fc.array(point, { minLength: 1, maxLength: 4 }), { maxLength: 3 });
  const polygons = fc.array(fc.array(fc.array(point, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }), {
    maxLength: 3,
  });
  const dimensions = { hasZ: fc.constant(hasZ), hasM: fc.constant(hasM) };
  return fc.oneof(
    fc.record({ type: fc.constant('Point' as const), coordinates: point, ...dimensions }),
    fc.record({
      type: fc.constantFrom('LineString' as const, 'MultiPoint' as const),
      coordinates: line,
      ...dimensions,
    }),
    fc.record({
      type: fc.constantFrom('Polygon' as const, 'MultiLineString' as const),
      coordinates: lines,
      ...dimensions,
    }),
    fc.record({ type: fc.constant('MultiPolygon' as const), coordinates: polygons, ...dimensions }),
  );
}

const anySimple = fc.tuple(fc.boolean(), fc.boolean()).chain(([hasZ, hasM]) => simpleGeometry(hasZ, hasM));

export const arbitraryGeometry: fc.Arbitrary<TestGeometry> = fc.oneof(
  { weight: 5, arbitrary: anySimple },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('GeometryCollection' as const),
      geometries: fc.array(
        fc.oneof(
          { weight: 4, arbitrary: anySimple },
          {
            weight: 1,
            arbitrary: fc.record({
              type: fc.constant('GeometryCollection' as const),
              geometries: fc.array(anySimple, { maxLength: 2 }),
            }),
          },
        ),
        { maxLength: 3 },
      ),
    }),
  },
);

const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.string({ minLength: 50, maxLength: 80 }));
const date = fc
  .date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((value) => value.toISOString().slice(0, 10));
const dateTime = fc
  .date({ min: new Date('1700-01-01T00:00:00Z'), max: new Date('2200-12-31T00:00:00Z'), noInvalidDate: true })
  .map((value) => value.toISOString());
const json = fc
  .oneof(fc.array(fc.integer()), fc.dictionary(fc.string(), fc.string()))
  .map((value) => JSON.stringify(value));

/** One kind of values for each field, so that its column has a type of its own. */
const FIELDS: Record<string, fc.Arbitrary<TestValue>> = {
  text: text.map((value) => ({ kind: 'text', value })),
  flag: fc.boolean().map((value) => ({ kind: 'boolean', value })),
  int: fc.integer().map((value) => ({ kind: 'integer', value })),
  big: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ kind: 'bigInteger', value })),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ kind: 'double', value })),
  date: date.map((value) => ({ kind: 'date', value })),
  time: dateTime.map((value) => ({ kind: 'dateTime', value })),
  json: json.map((value) => ({ kind: 'json', value })),
  binary: fc.uint8Array({ maxLength: 20 }).map((value) => ({ kind: 'binary', value })),
  'lexical number': fc.integer().map((value) => ({ kind: 'lexical', value: String(value) })),
};

const properties = fc.record(FIELDS, { requiredKeys: [] }) as fc.Arbitrary<Record<string, TestValue>>;

export const arbitraryFeature: fc.Arbitrary<TestFeature> = fc.record({
  geometry: fc.option(arbitraryGeometry, { nil: null, freq: 6 }),
  properties,
});
