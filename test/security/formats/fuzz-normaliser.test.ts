import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { Normaliser } from '../../../shared/geo/features/normalise/normaliser.ts';
import type { Geometry } from '../../../shared/geo/features/geometry.ts';
import { geometryOf } from '../../helpers/fill-geometry.ts';
import type { PlainGeometry } from '../../helpers/write-wkb.ts';
import { fuzz, printCorpora } from '../corpus/fuzz.ts';

const hostile = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(-180, 180, 179, -179, 181, -540, 540, 90, -90, 90.0000000001, 180.0000000001),
  },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324, -0) },
  { weight: 1, arbitrary: fc.double() },
);
const position = fc.oneof(
  fc.tuple(hostile, hostile).map((values) => [...values]),
  fc.tuple(hostile, hostile, hostile, hostile).map((values) => [...values]),
);
const line = fc.array(position, { maxLength: 12 });
const rings = fc.array(line, { maxLength: 4 });
const of = (type: PlainGeometry['type'], coordinates: fc.Arbitrary<unknown>) =>
  fc.record({ type: fc.constant(type), coordinates });
const plain: fc.Arbitrary<PlainGeometry> = fc.oneof(
  of('Point', position),
  of('MultiPoint', line),
  of('LineString', line),
  of('MultiLineString', rings),
  of('Polygon', rings),
  of('MultiPolygon', fc.array(rings, { maxLength: 3 })),
);
const collection = fc.record({
  type: fc.constant('GeometryCollection' as const),
  geometries: fc.array(plain, { maxLength: 4 }),
});

function check(geometry: Geometry, geographic: boolean): void {
  const { xy, vertices, lines, lineEnds, polygons, polygonEnds } = geometry;
  for (let at = 0; at < 2 * vertices; at++) {
    expect(Number.isFinite(xy[at])).toBe(true);
    if (geographic) expect(Math.abs(xy[at]!)).toBeLessThanOrEqual(at % 2 === 0 ? 180 : 90);
  }
  const ends = [...lineEnds.subarray(0, lines)];
  expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  if (lines > 0) expect(ends.at(-1)).toBe(vertices);
  if (polygons > 0) expect(polygonEnds[polygons - 1]).toBe(lines);
  for (let member = 0; member < geometry.memberCount; member++) check(geometry.members[member]!, geographic);
}

describe('a geometry', () => {
  printCorpora('geometries');

  fuzz(
    'of any coordinates is normal afterwards, or rejected by a code',
    fc.record({ given: fc.oneof(plain, collection), geographic: fc.boolean(), repair: fc.boolean() }),
    ({ given, geographic, repair }) => {
      const geometry = geometryOf(given);
      const codes: string[] = [];
      const problem = new Normaliser({ geographic, repair }).normalise(geometry, ({ code }) => codes.push(code));
      expect(new Set(codes).size).toBe(codes.length);
      for (const code of [...codes, problem?.code ?? 'geometry-none']) expect(code).toMatch(/^geometry-[a-z-]+$/);
      if (problem === undefined) check(geometry, geographic);
    },
  );
});
