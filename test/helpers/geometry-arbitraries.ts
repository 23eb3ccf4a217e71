import fc from 'fast-check';
import type { Dimensions, PlainGeometry } from './write-wkb.ts';

const coordinate = fc.double({ noNaN: true, noDefaultInfinity: true });

/** A position of these dimensions as `plainGeometry` gives it: z is NaN where there is an m alone. */
function positionOf(dimensions: Dimensions): fc.Arbitrary<number[]> {
  const zAndM: fc.Arbitrary<number>[] = {
    xy: [],
    xyz: [coordinate],
    xym: [fc.constant(NaN), coordinate],
    xyzm: [coordinate, coordinate],
  }[dimensions];
  return fc.tuple(coordinate, coordinate, ...zAndM).map((values) => [...values]);
}

/** Any geometry of RFC 7946 with these dimensions, none of its parts empty. */
export function geometries(dimensions: Dimensions): fc.Arbitrary<PlainGeometry> {
  const position = positionOf(dimensions);
  const line = fc.array(position, { minLength: 1, maxLength: 80 });
  const lines = fc.array(line, { minLength: 1, maxLength: 4 });
  const polygons = fc.array(lines, { minLength: 1, maxLength: 3 });
  const of = (type: PlainGeometry['type'], coordinates: fc.Arbitrary<unknown>) =>
    fc.record({ type: fc.constant(type), coordinates });
  return fc.letrec<{ geometry: PlainGeometry }>((tie) => ({
    geometry: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      of('Point', position),
      of('LineString', line),
      of('Polygon', lines),
      of('MultiPoint', line),
      of('MultiLineString', lines),
      of('MultiPolygon', polygons),
      fc.record({
        type: fc.constant('GeometryCollection' as const),
        geometries: fc.array(tie('geometry'), { maxLength: 3 }),
      }),
    ),
  })).geometry;
}
