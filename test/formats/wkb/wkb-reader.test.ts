import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Geometry } from '../../../shared/geo/features/geometry.ts';
import { WkbReader } from '../../../shared/geo/formats/wkb/wkb-reader.ts';
import { plainGeometry } from '../../helpers/collecting-sink.ts';
import { geometries } from '../../helpers/geometry-arbitraries.ts';
import { writeWkb, type PlainGeometry, type WkbOptions } from '../../helpers/write-wkb.ts';

const reader = new WkbReader();
const geometry = new Geometry();

function readBytes(bytes: Uint8Array): unknown {
  const end = reader.read(bytes, 0, bytes.length, geometry);
  expect(end).toBe(bytes.length);
  return plainGeometry(geometry);
}

const read = (plain: PlainGeometry, options?: WkbOptions): unknown => readBytes(writeWkb(plain, options));

const options = fc.record({
  littleEndian: fc.boolean(),
  flavour: fc.constantFrom('iso' as const, 'ewkb' as const),
  dimensions: fc.constantFrom('xy' as const, 'xyz' as const, 'xym' as const, 'xyzm' as const),
});

describe('WkbReader', () => {
  it('reads what was written, of all types, dimensions, byte orders and flavours', () => {
    const cases = options.chain((each) => fc.tuple(geometries(each.dimensions), fc.constant(each)));
    fc.assert(
      fc.property(cases, ([plain, each]) => {
        expect(read(plain, each)).toEqual(plain);
      }),
      { numRuns: 500 },
    );
  });

  it('reads a geometry in the midst of other bytes, and says where it ends', () => {
    const bytes = writeWkb({ type: 'Point', coordinates: [1, 2] });
    const padded = Buffer.concat([Buffer.alloc(3, 7), bytes, Buffer.alloc(5, 7)]);
    expect(reader.read(padded, 3, padded.length, geometry)).toBe(3 + bytes.length);
    expect(plainGeometry(geometry)).toEqual({ type: 'Point', coordinates: [1, 2] });
  });

  it('tells the SRID of EWKB, and none after a geometry without', () => {
    read({ type: 'Point', coordinates: [1, 2] }, { flavour: 'ewkb', srid: 4326 });
    expect(reader.srid).toBe(4326);
    read({ type: 'Point', coordinates: [1, 2] });
    expect(reader.srid).toBeUndefined();
  });

  it('takes a byte order of each member', () => {
    const point = writeWkb({ type: 'Point', coordinates: [3, 4] }, { littleEndian: false });
    const header = writeWkb({ type: 'MultiPoint', coordinates: [] });
    header.writeUInt32LE(1, 5);
    expect(readBytes(Buffer.concat([header, point]))).toEqual({ type: 'MultiPoint', coordinates: [[3, 4]] });
  });

  it('gives NaN to vertices without z beside others with it', () => {
    const flat = writeWkb({ type: 'Point', coordinates: [1, 2] });
    const high = writeWkb({ type: 'Point', coordinates: [3, 4, 5] }, { dimensions: 'xyz' });
    const header = writeWkb({ type: 'MultiPoint', coordinates: [] });
    header.writeUInt32LE(3, 5);
    const expected = [
      [1, 2, NaN],
      [3, 4, 5],
      [1, 2, NaN],
    ];
    expect(readBytes(Buffer.concat([header, flat, high, flat]))).toEqual({ type: 'MultiPoint', coordinates: expected });
  });

  it.each<PlainGeometry>([
    { type: 'Point', coordinates: [] },
    { type: 'LineString', coordinates: [] },
    { type: 'Polygon', coordinates: [] },
    { type: 'MultiPoint', coordinates: [] },
    { type: 'MultiPolygon', coordinates: [] },
    { type: 'GeometryCollection', geometries: [] },
  ])('reads an empty $type', (plain) => {
    expect(read(plain)).toEqual(plain);
    expect(geometry.isEmpty).toBe(true);
  });

  it('leaves empty members of a multi-geometry out', () => {
    expect(read({ type: 'MultiPoint', coordinates: [[], [1, 2], []] })).toEqual({
      type: 'MultiPoint',
      coordinates: [[1, 2]],
    });
    const ring = [
      [0, 0],
      [1, 0],
      [0, 0],
    ];
    expect(read({ type: 'MultiPolygon', coordinates: [[], [ring, []]] })).toEqual({
      type: 'MultiPolygon',
      coordinates: [[ring]],
    });
  });

  it('makes a MultiPolygon of a polyhedral surface and a TIN, and a Polygon of a triangle', () => {
    const ring = [
      [0, 0, 1],
      [1, 0, 1],
      [0, 1, 1],
      [0, 0, 1],
    ];
    const polygons = { type: 'MultiPolygon', coordinates: [[ring], [ring]] };
    expect(read({ type: 'TIN', coordinates: [[ring], [ring]] }, { dimensions: 'xyz' })).toEqual(polygons);
    expect(read({ type: 'PolyhedralSurface', coordinates: [[ring], [ring]] }, { dimensions: 'xyz' })).toEqual(polygons);
    expect(read({ type: 'Triangle', coordinates: [ring] }, { dimensions: 'xyz' })).toEqual({
      type: 'Polygon',
      coordinates: [ring],
    });
  });

  describe('curves', () => {
    const halfCircle = [
      [0, 0],
      [1, 1],
      [2, 0],
    ];

    const vertices = (plain: unknown) => (plain as { coordinates: number[][] }).coordinates;

    it('makes an arc a line that keeps its points and lies within 1/1641 of its radius', () => {
      const plain = read({ type: 'CircularString', coordinates: halfCircle });
      expect(plain).toMatchObject({ type: 'LineString' });
      const line = vertices(plain);
      expect(line).toHaveLength(47);
      for (const point of halfCircle) expect(line).toContainEqual(point);
      for (let index = 1; index < line.length; index++) {
        const [x1, y1] = line[index - 1]!;
        const [x2, y2] = line[index]!;
        expect(Math.hypot(x1! - 1, y1!)).toBeCloseTo(1, 12);
        expect(Math.hypot((x1! + x2!) / 2 - 1, (y1! + y2!) / 2)).toBeGreaterThan(1 - 1 / 1641);
      }
    });

    it('gives an arc and its reverse the same vertices', () => {
      const point = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }));
      fc.assert(
        fc.property(point, point, point, (a, b, c) => {
          const forward = vertices(read({ type: 'CircularString', coordinates: [a, b, c] }));
          const backward = vertices(read({ type: 'CircularString', coordinates: [c, b, a] }));
          // A circle is run through counter-clockwise from either side.
          if (a[0] !== c[0] || a[1] !== c[1]) expect(forward.toReversed()).toEqual(backward);
          expect(forward).toContainEqual(b);
          expect(forward.flat().every(Number.isFinite)).toBe(true);
        }),
      );
    });

    it('makes a circle of an arc that ends where it starts', () => {
      const line = vertices(
        read({
          type: 'CircularString',
          coordinates: [
            [0, 0],
            [2, 0],
            [0, 0],
          ],
        }),
      );
      expect(line).toHaveLength(91);
      for (const [x, y] of line) expect(Math.hypot(x! - 1, y!)).toBeCloseTo(1, 12);
    });

    it('makes a straight line of three points on one', () => {
      const straight = [
        [0, 0],
        [1, 1],
        [2, 2],
      ];
      expect(read({ type: 'CircularString', coordinates: straight })).toEqual({
        type: 'LineString',
        coordinates: straight,
      });
    });

    it('joins the segments of a compound curve at their common vertex', () => {
      const plain = read({
        type: 'CompoundCurve',
        geometries: [
          { type: 'LineString', coordinates: [[-1, 0, 5], [0, 0, 6]] },
          { type: 'CircularString', coordinates: [[0, 0, 6], [1, 1, 7], [2, 0, 8]] },
          { type: 'LineString', coordinates: [[2, 0, 8], [3, 0, 9]] },
        ],
      }, { dimensions: 'xyz' }); // prettier-ignore
      const line = vertices(plain);
      expect(line).toHaveLength(49);
      expect(line.slice(0, 2)).toEqual([
        [-1, 0, 5],
        [0, 0, 6],
      ]);
      expect(line).toContainEqual([1, 1, 7]);
      expect(line.at(-1)).toEqual([3, 0, 9]);
      for (let index = 1; index < line.length; index++) expect(line[index]![2]).toBeGreaterThan(line[index - 1]![2]!);
    });

    it('makes polygons of curve polygons and surfaces, lines of multicurves', () => {
      const square = [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ];
      const line = { type: 'LineString' as const, coordinates: square };
      const surface = { type: 'CurvePolygon' as const, geometries: [line, line] };
      expect(read(surface)).toEqual({ type: 'Polygon', coordinates: [square, square] });
      const polygon = { type: 'Polygon' as const, coordinates: [square] };
      expect(read({ type: 'MultiSurface', geometries: [surface, polygon] })).toEqual({
        type: 'MultiPolygon',
        coordinates: [[square, square], [square]],
      });
      const compound = { type: 'CompoundCurve' as const, geometries: [line] };
      expect(read({ type: 'MultiCurve', geometries: [line, compound] })).toEqual({
        type: 'MultiLineString',
        coordinates: [square, square],
      });
    });
  });

  describe('refuses', () => {
    const line = writeWkb({ type: 'LineString', coordinates: [[1, 2], [3, 4]] }); // prettier-ignore
    const deep = (depth: number): PlainGeometry => ({
      type: 'GeometryCollection',
      geometries: depth === 0 ? [] : [deep(depth - 1)],
    });
    const many = Buffer.concat([
      Buffer.from('01070000000000000000', 'hex').subarray(0, 9),
      ...Array.from({ length: 65_537 }, () => Buffer.from('010700000000000000', 'hex')),
    ]);
    many.writeUInt32LE(65_537, 5);
    const changed = (at: number, value: number) => {
      const bytes = Buffer.from(line);
      bytes.writeUInt32LE(value, at);
      return bytes;
    };
    it.each<[string, Uint8Array, string]>([
      ['no bytes', new Uint8Array(0), 'wkb-truncated'],
      ['a byte order of 2', changed(0, 2).fill(2, 0, 1), 'wkb-byte-order-unknown'],
      ['a type of 99', changed(1, 99), 'wkb-type-unknown'],
      ['an abstract curve', changed(1, 13), 'wkb-type-unknown'],
      ['a type of 4002', changed(1, 4002), 'wkb-type-unknown'],
      ['a count of 3 with two vertices', changed(5, 3), 'wkb-count-too-large'],
      ['a count of 4 × 10⁹', changed(5, 2 ** 32 - 1), 'wkb-count-too-large'],
      ['a point cut off', writeWkb({ type: 'Point', coordinates: [1, 2] }).subarray(0, 20), 'wkb-truncated'],
      ['arcs of two points', changed(1, 8), 'wkb-arc-incomplete'],
      ['33 collections within each other', writeWkb(deep(32)), 'wkb-too-deep'],
      ['65,537 members', many, 'wkb-too-many-members'],
      [
        'a line in a MultiPoint',
        Buffer.concat([Buffer.from('010400000001000000', 'hex'), line]),
        'wkb-member-unexpected',
      ],
      [
        'an empty outer ring',
        writeWkb({ type: 'Polygon', coordinates: [[], [[0, 0], [1, 1], [0, 0]]] }), // prettier-ignore
        'wkb-outer-ring-empty',
      ],
    ])('%s', (_name, bytes, code) => {
      expect(() => reader.read(bytes, 0, bytes.length, geometry)).toThrow(
        expect.objectContaining({ code, retryable: false }),
      );
    });

    it('reads 32 collections within each other', () => {
      expect(read(deep(31))).toEqual(deep(31));
    });
  });
});
