import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Geometry } from '../../../shared/geo/features/geometry.ts';
import type { FeatureDefect } from '../../../shared/geo/formats/text/feature-defect.ts';
import { WktParser } from '../../../shared/geo/formats/wkt/wkt-parser.ts';
import { plainGeometry } from '../../helpers/collecting-sink.ts';

const parser = new WktParser();
const geometry = new Geometry();

function parse(text: string): unknown {
  const bytes = Buffer.from(`${text}\0`, 'latin1');
  parser.parse(bytes, 0, bytes.length - 1, geometry);
  return plainGeometry(geometry);
}

const codeOf = (text: string): unknown => {
  try {
    return parse(text);
  } catch (error) {
    return (error as FeatureDefect).problem.code;
  }
};

type Position = [number, number, ...number[]];
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const position = (size: number) => fc.array(number, { minLength: size, maxLength: size }) as fc.Arbitrary<Position>;

/** Geometries with two, three or four numbers to a position, as GeoJSON and as WKT. */
const geometries = fc.integer({ min: 2, max: 4 }).chain((size) => {
  const line = fc.array(position(size), { minLength: 2, maxLength: 5 });
  const polygon = fc.array(fc.array(position(size), { minLength: 4, maxLength: 6 }), { minLength: 1, maxLength: 3 });
  const of = <Coordinates>(type: string, coordinates: fc.Arbitrary<Coordinates>) =>
    coordinates.map((value) => ({ type, coordinates: value }));
  const simple = fc.oneof(
    of('Point', position(size)),
    of('LineString', line),
    of('Polygon', polygon),
    of('MultiPoint', fc.array(position(size), { minLength: 1, maxLength: 4 })),
    of('MultiLineString', fc.array(line, { minLength: 1, maxLength: 3 })),
    of('MultiPolygon', fc.array(polygon, { minLength: 1, maxLength: 3 })),
  );
  return fc.oneof(
    simple,
    fc.array(simple, { maxLength: 3 }).map((members) => ({ type: 'GeometryCollection', geometries: members })),
  );
});

const styles = fc.record({
  lower: fc.boolean(),
  space: fc.constantFrom('', ' ', ' \n\t'),
  tag: fc.constantFrom('none', 'apart', 'attached'),
  bare: fc.boolean(),
});
type Style = typeof styles extends fc.Arbitrary<infer Drawn> ? Drawn : never;
type Plain = { type: string; coordinates?: unknown; geometries?: Plain[] };

function wktOf(plain: Plain, style: Style): string {
  const { type, coordinates, geometries } = plain;
  const { space } = style;
  const list = (members: string[]) => `(${space}${members.join(`${space},${space}`)}${space})`;
  const positionText = (value: unknown) => (value as Position).join(' ');
  const nested = (value: unknown): string => {
    const [first] = value as unknown[];
    if (!Array.isArray(first)) return list([positionText(value)]);
    const isPositions = !Array.isArray(first[0]);
    return list(
      (value as unknown[]).map(isPositions && !(type === 'MultiPoint' && !style.bare) ? positionText : nested),
    );
  };
  const size = type === 'GeometryCollection' ? 2 : (flatFirst(coordinates) as Position).length;
  const tag = size === 2 || style.tag === 'none' ? '' : size === 3 ? 'Z' : 'ZM';
  const head = `${type.toUpperCase()}${style.tag === 'apart' ? ' ' : ''}${tag}${space}`;
  const body =
    geometries === undefined
      ? nested(coordinates)
      : geometries.length === 0
        ? ' EMPTY'
        : list(geometries.map((member) => wktOf(member, style)));
  const text = head + body;
  return style.lower ? text.toLowerCase() : text;
}

function flatFirst(value: unknown): unknown {
  const [first] = value as unknown[];
  return Array.isArray(first) ? flatFirst(first) : value;
}

describe('WktParser', () => {
  it('gives back each geometry, however it is written', () => {
    fc.assert(
      fc.property(geometries, styles, (plain, style) => {
        expect(parse(wktOf(plain, style))).toEqual(plain);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['POINT(1 2)', { type: 'Point', coordinates: [1, 2] }],
    ['  Point ( +1 .5 ) ', { type: 'Point', coordinates: [1, 0.5] }],
    ['POINT M (1 2 3)', { type: 'Point', coordinates: [1, 2, NaN, 3] }],
    ['POINTM(1 2 3)', { type: 'Point', coordinates: [1, 2, NaN, 3] }],
    ['POINT(1 2 3 4)', { type: 'Point', coordinates: [1, 2, 3, 4] }],
    ['POINT Z (1 2 nan)', { type: 'Point', coordinates: [1, 2, NaN] }],
    ['POINT EMPTY', { type: 'Point', coordinates: [] }],
    ['POLYGON Z EMPTY', { type: 'Polygon', coordinates: [] }],
    [
      'LINEARRING(0 0,1 0,1 1,0 0)',
      {
        type: 'LineString',
        coordinates: [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      },
    ],
    [
      'TRIANGLE((0 0,1 0,1 1,0 0))',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      },
    ],
    [
      'TIN(((0 0,1 0,1 1,0 0)))',
      {
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
        ],
      },
    ],
    [
      'GEOMETRYCOLLECTION Z (POINT(1 2 3))',
      { type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [1, 2, 3] }] },
    ],
  ])('reads %s', (text, plain) => {
    expect(parse(text)).toEqual(plain);
    expect(parser.srid).toBeUndefined();
  });

  it('reads the SRID of EWKT', () => {
    expect(parse('srid=3857;POINT(1 2)')).toEqual({ type: 'Point', coordinates: [1, 2] });
    expect(parser.srid).toBe(3857);
  });

  it('makes arcs linear, and joins the segments of a curve', () => {
    const { coordinates } = parse('COMPOUNDCURVE((5 0,1 0),CIRCULARSTRING(1 0,0 1,-1 0),(-1 0,-5 0))') as {
      coordinates: [number, number][];
    };
    expect(coordinates.slice(0, 2)).toEqual([
      [5, 0],
      [1, 0],
    ]);
    expect(coordinates.slice(-2)).toEqual([
      [-1, 0],
      [-5, 0],
    ]);
    expect(coordinates).toContainEqual([0, 1]);
    const arc = coordinates.slice(1, -1);
    expect(arc.length).toBeGreaterThan(20);
    for (const [x, y] of arc) expect(Math.hypot(x, y)).toBeCloseTo(1, 12);
    expect(new Set(coordinates.map(String)).size).toBe(coordinates.length);
  });

  it.each([
    ['CURVEPOLYGON(CIRCULARSTRING(1 0,-1 0,1 0),(0 0,.1 0,.1 .1,0 0))', 'Polygon'],
    ['CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(1 0,0 1,-1 0),(-1 0,1 0)))', 'Polygon'],
    ['COMPOUNDCURVE Z (CIRCULARSTRING Z (0 0 1,1 1 1,2 0 1),(2 0 1,3 0 1))', 'LineString'],
    ['MULTICURVE((0 0,1 1),CIRCULARSTRING(0 0,1 1,2 0))', 'MultiLineString'],
    ['MULTISURFACE(((0 0,1 0,1 1,0 0)),CURVEPOLYGON(CIRCULARSTRING(1 0,-1 0,1 0)))', 'MultiPolygon'],
  ])('reads %s', (text, type) => {
    expect(parse(text)).toMatchObject({ type });
  });

  it('leaves out empty parts, and says so', () => {
    expect(parse('MULTIPOINT(EMPTY,(1 2))')).toEqual({ type: 'MultiPoint', coordinates: [[1, 2]] });
    expect(parser.hasEmptyParts).toBe(true);
    expect(parse('MULTIPOLYGON(EMPTY)')).toEqual({ type: 'MultiPolygon', coordinates: [] });
    expect(parse('POINT EMPTY')).toEqual({ type: 'Point', coordinates: [] });
    expect(parser.hasEmptyParts).toBe(false);
  });

  it('gives a position without a height NaN where others have one', () => {
    expect(parse('LINESTRING(1 2,3 4 5,6 7)')).toEqual({
      type: 'LineString',
      coordinates: [
        [1, 2, NaN],
        [3, 4, 5],
        [6, 7, NaN],
      ],
    });
  });

  it.each([
    ['', 'wkt-type-unknown'],
    ['nothing', 'wkt-type-unknown'],
    ['POINTS(1 2)', 'wkt-type-unknown'],
    ['POINT', 'wkt-syntax'],
    ['POINT()', 'wkt-syntax'],
    ['POINT(1)', 'wkt-syntax'],
    ['POINT(1,2)', 'wkt-syntax'],
    ['POINT(1 2', 'wkt-syntax'],
    ['POINT(1 2))', 'wkt-syntax'],
    ['POINT(1 2) POINT(1 2)', 'wkt-syntax'],
    ['POINT(1 2, 3 4)', 'wkt-syntax'],
    ['POINT(nan nan)', 'wkt-syntax'],
    ['POINT(1 2 x)', 'wkt-syntax'],
    ['LINESTRING(1 2;3 4)', 'wkt-syntax'],
    ['SRID=;POINT(1 2)', 'wkt-syntax'],
    ['SRID=1.5;POINT(1 2)', 'wkt-syntax'],
    ['POINT Z (1 2)', 'wkt-dimensions'],
    ['POINT Z (1 2 3 4)', 'wkt-dimensions'],
    ['POINT (1 2 3 4 5)', 'wkt-dimensions'],
    ['POINT(1e400 2)', 'geometry-coordinate-out-of-range'],
    ['LINESTRING(1 2)', 'geometry-line-too-short'],
    ['POLYGON((0 0,1 0,0 0))', 'geometry-ring-too-short'],
    ['POLYGON(EMPTY,(0 0,1 0,1 1,0 0))', 'geometry-outer-ring-empty'],
    ['CIRCULARSTRING(0 0,1 1)', 'wkt-arc-incomplete'],
    ['COMPOUNDCURVE((0 0,1 1),POINT(1 1))', 'wkt-type-unknown'],
    ['MULTISURFACE(LINESTRING(0 0,1 1))', 'wkt-type-unknown'],
    ['CURVEPOLYGON(POINT(0 0))', 'wkt-type-unknown'],
    [`${'GEOMETRYCOLLECTION('.repeat(40)}POINT(1 2)${')'.repeat(40)}`, 'geometry-too-deep'],
  ])('refuses %j', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});
