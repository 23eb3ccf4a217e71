import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Normaliser } from '../../../../../shared/geo/features/normalise/normaliser.ts';
import { plainGeometry } from '../../../../helpers/collecting-sink.ts';
import { geometryOf } from '../../../../helpers/fill-geometry.ts';
import type { PlainGeometry } from '../../../../helpers/write-wkb.ts';

type Position = number[];

const SQUARE: Position[] = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];
const HOLE: Position[] = [
  [1, 1],
  [1, 2],
  [2, 2],
  [2, 1],
  [1, 1],
];
const shifted = (ring: Position[], x: number, y = 0): Position[] =>
  ring.map(([ringX = NaN, ringY = NaN]) => [ringX + x, ringY + y]);
const box = (west: number, south: number, east: number, north: number): Position[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const polygon = (...rings: Position[][]): PlainGeometry => ({ type: 'Polygon', coordinates: rings });
const multiPolygon = (...polygons: Position[][][]): PlainGeometry => ({ type: 'MultiPolygon', coordinates: polygons });
const line = (...positions: Position[]): PlainGeometry => ({ type: 'LineString', coordinates: positions });

function normalised(plain: PlainGeometry, options: { geographic?: boolean; repair?: boolean } = {}) {
  const geometry = geometryOf(plain);
  const notes: string[] = [];
  const normaliser = new Normaliser({ geographic: true, repair: false, ...options });
  const problem = normaliser.normalise(geometry, ({ code }) => notes.push(code.replace('geometry-', '')));
  return problem === undefined
    ? { geometry: plainGeometry(geometry), notes }
    : { rejected: problem.code.replace('geometry-', ''), notes };
}

/** Rings from their lowest, leftmost position on: where a ring begins is no matter. */
function canonical(geometry: unknown): unknown {
  const { type, coordinates } = geometry as { type: string; coordinates: Position[][][] };
  const rings = (type === 'Polygon' ? [coordinates as unknown as Position[][]] : coordinates).map((each) =>
    each.map((ring) => {
      const open = ring.slice(0, -1);
      const first = open.reduce((best, position, index) => (String(position) < String(open[best]) ? index : best), 0);
      return [...open.slice(first), ...open.slice(0, first)];
    }),
  );
  return rings;
}

describe('Normaliser', () => {
  it.each<[string, PlainGeometry]>([
    ['a point', { type: 'Point', coordinates: [180, -90] }],
    [
      'points',
      {
        type: 'MultiPoint',
        coordinates: [
          [-180, 90],
          [0, 0],
          [0, 0],
        ],
      },
    ],
    ['a line that turns back and crosses itself', line([0, 0], [2, 2], [0, 0], [2, 0], [0, 2])],
    [
      'lines with heights',
      {
        type: 'MultiLineString',
        coordinates: [
          [
            [0, 0, 1],
            [0, 0, 2],
          ],
        ],
      },
    ],
    ['a polygon', polygon(SQUARE, HOLE)],
    ['polygons that touch', multiPolygon([SQUARE], [shifted(SQUARE, 4)])],
    ['the whole world', polygon(box(-180, -90, 180, 90))],
    ['half a turn', line([-90, 0], [90, 0])],
    ['empty ones', { type: 'MultiPolygon', coordinates: [] }],
    ['nothing', { type: 'GeometryCollection', geometries: [] }],
    [
      'members',
      { type: 'GeometryCollection', geometries: [polygon(SQUARE), { type: 'Point', coordinates: [1, 2, 3, 4] }] },
    ],
  ])('leaves %s alone', (_what, plain) => {
    const before = plainGeometry(geometryOf(plain));
    expect(normalised(plain)).toEqual({ geometry: before, notes: [] });
  });

  it('closes rings, drops repeated vertices and winds them', () => {
    const open = [
      [0, 0],
      [0, 4],
      [0, 4],
      [4, 4],
      [4, 4],
      [4, 0],
    ];
    expect(normalised(polygon(open, HOLE.toReversed()))).toEqual({
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [4, 0],
            [4, 4],
            [0, 4],
            [0, 0],
          ],
          HOLE,
        ],
      },
      notes: ['vertex-duplicate', 'ring-closed', 'winding-reversed'],
    });
  });

  it('closes each of several rings, and keeps heights and measures where they belong', () => {
    const ring = (x: number, z: number) => [
      [x, 0, z, 1],
      [x + 1, 0, z, 2],
      [x, 1, z, 3],
    ];
    const { geometry } = normalised(multiPolygon([ring(0, 7)], [ring(5, 8)]));
    expect(geometry).toEqual({
      type: 'MultiPolygon',
      coordinates: [[[...ring(0, 7), [0, 0, 7, 1]]], [[...ring(5, 8), [5, 0, 8, 1]]]],
    });
  });

  it('turns heights and measures round with their vertices', () => {
    const ring = SQUARE.map(([x = NaN, y = NaN], index) => [x, y, index === 4 ? 0 : index, 10 * x + y]);
    expect(normalised(polygon(ring.toReversed()))).toEqual({
      geometry: { type: 'Polygon', coordinates: [ring] },
      notes: ['winding-reversed'],
    });
  });

  it('takes vertices of two heights for two', () => {
    const wall = line([0, 0, 1], [0, 0, 2], [1, 0, 2], [1, 0, 2]);
    expect(normalised(wall).geometry).toEqual({
      type: 'LineString',
      coordinates: [
        [0, 0, 1],
        [0, 0, 2],
        [1, 0, 2],
      ],
    });
  });

  it('keeps a line of two equal positions, which is valid', () => {
    expect(normalised(line([1, 1], [1, 1], [1, 1]))).toEqual({
      geometry: {
        type: 'LineString',
        coordinates: [
          [1, 1],
          [1, 1],
        ],
      },
      notes: ['vertex-duplicate'],
    });
  });

  it('drops rings and lines that are too short where others are left', () => {
    const short = [
      [1, 1],
      [2, 2],
      [1, 1],
    ];
    expect(normalised(polygon(SQUARE, short, HOLE))).toEqual({
      geometry: { type: 'Polygon', coordinates: [SQUARE, HOLE] },
      notes: ['hole-dropped'],
    });
    expect(normalised(multiPolygon([short, HOLE], [SQUARE, HOLE]))).toEqual({
      geometry: { type: 'MultiPolygon', coordinates: [[SQUARE, HOLE]] },
      notes: ['polygon-dropped'],
    });
    expect(
      normalised({
        type: 'MultiLineString',
        coordinates: [
          [[1, 1]],
          [
            [0, 0],
            [1, 0],
          ],
        ],
      }),
    ).toEqual({
      geometry: {
        type: 'MultiLineString',
        coordinates: [
          [
            [0, 0],
            [1, 0],
          ],
        ],
      },
      notes: ['line-dropped'],
    });
  });

  it.each<[string, string, PlainGeometry]>([
    ['a coordinate that is no number', 'not-finite', line([0, 0], [NaN, 1])],
    [
      'an infinite coordinate of a member',
      'not-finite',
      { type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [0, Infinity] }] },
    ],
    ['a latitude beyond the pole', 'latitude-out-of-range', polygon(shifted(SQUARE, 0, 88))],
    ['a longitude many turns away', 'longitude-out-of-range', { type: 'Point', coordinates: [600, 1] }],
    [
      'a ring of three positions',
      'ring-degenerate',
      polygon([
        [0, 0],
        [1, 1],
        [0, 0],
      ]),
    ],
    [
      'a ring of one place',
      'ring-degenerate',
      polygon([
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
    ],
    ['a line of one position', 'line-degenerate', line([0, 0])],
  ])('rejects %s', (_what, rejected, plain) => {
    expect(normalised(plain)).toEqual({ rejected, notes: [] });
  });

  it('holds no range of other CRSs, and cuts nothing there', () => {
    const far = polygon(shifted(SQUARE, 500_000, 5_000_000));
    expect(normalised(far, { geographic: false })).toEqual({ geometry: plainGeometry(geometryOf(far)), notes: [] });
    expect(normalised(line([-1e300, 0], [1e300, 0]), { geographic: false }).notes).toEqual([]);
    expect(normalised(line([NaN, 0], [1, 0]), { geographic: false }).rejected).toBe('not-finite');
  });

  it('says when a ring encloses nothing', () => {
    const { notes } = normalised(
      polygon([
        [0, 0],
        [1, 0],
        [2, 0],
        [1, 0],
        [0, 0],
      ]),
    );
    expect(notes).toEqual(['ring-without-area', 'self-intersection']);
  });

  it('tells each kind of note once', () => {
    const clockwise = SQUARE.toReversed();
    expect(normalised(multiPolygon([clockwise], [shifted(clockwise, 10)])).notes).toEqual(['winding-reversed']);
  });
});

describe('Normaliser at the antimeridian', () => {
  it('brings back points by whole turns', () => {
    expect(
      normalised({
        type: 'MultiPoint',
        coordinates: [
          [190, 1],
          [-200, 2],
          [360, 3],
          [180.0000000001, 4],
        ],
      }),
    ).toEqual({
      geometry: {
        type: 'MultiPoint',
        coordinates: [
          [-170, 1],
          [160, 2],
          [0, 3],
          [180, 4],
        ],
      },
      notes: ['longitude-wrapped'],
    });
  });

  it('cuts a line, whether its longitudes jump or run on', () => {
    const parts = [
      [
        [170, 0],
        [180, 5],
      ],
      [
        [-180, 5],
        [-170, 10],
      ],
    ];
    const expected = { type: 'MultiLineString', coordinates: parts };
    expect(normalised(line([170, 0], [-170, 10]))).toEqual({ geometry: expected, notes: ['antimeridian-cut'] });
    expect(normalised(line([170, 0], [190, 10]))).toEqual({
      geometry: expected,
      notes: ['antimeridian-cut', 'longitude-wrapped'],
    });
    const back = { type: 'MultiLineString', coordinates: parts.map((part) => part.toReversed()).toReversed() };
    expect(normalised(line([-170, 10], [170, 0])).geometry).toEqual(back);
    expect(normalised(line([190, 10], [170, 0])).geometry).toEqual(back);
  });

  it('interpolates heights and measures where it cuts', () => {
    expect(normalised(line([170, 0, 100, 1], [-170, 10, 200, 2])).geometry).toEqual({
      type: 'MultiLineString',
      coordinates: [
        [
          [170, 0, 100, 1],
          [180, 5, 150, 1.5],
        ],
        [
          [-180, 5, 150, 1.5],
          [-170, 10, 200, 2],
        ],
      ],
    });
  });

  it('moves a line that lies beyond without cutting it', () => {
    expect(normalised(line([185, 0], [190, 1]))).toEqual({
      geometry: {
        type: 'LineString',
        coordinates: [
          [-175, 0],
          [-170, 1],
        ],
      },
      notes: ['longitude-wrapped'],
    });
  });

  it('leaves a line that ends on it whole', () => {
    expect(normalised(line([170, 0], [180, 1])).notes).toEqual([]);
    expect(normalised(line([190, 0], [180, 1])).geometry).toEqual({
      type: 'LineString',
      coordinates: [
        [-170, 0],
        [-180, 1],
      ],
    });
  });

  it.each([
    [
      'jump',
      [
        [170, 0],
        [-170, 0],
        [-170, 10],
        [170, 10],
        [170, 0],
      ],
    ],
    ['run on to the east', box(170, 0, 190, 10)],
    ['run on to the west', box(-190, 0, -170, 10)],
    ['run on and are wound the other way', box(170, 0, 190, 10).toReversed()],
  ])('cuts a polygon whose longitudes %s', (_how, ring) => {
    const { geometry, notes } = normalised(polygon(ring));
    expect((geometry as { type: string }).type).toBe('MultiPolygon');
    expect(canonical(geometry)).toEqual(
      canonical({ type: 'MultiPolygon', coordinates: [[box(170, 0, 180, 10)], [box(-180, 0, -170, 10)]] }),
    );
    expect(notes).toContain('antimeridian-cut');
  });

  it('gives a polygon with a hole across it no hole, but a bay on either side', () => {
    const { geometry } = normalised(polygon(box(170, 0, 190, 10), box(178, 4, 182, 6).toReversed()));
    const west = [
      [170, 0],
      [180, 0],
      [180, 4],
      [178, 4],
      [178, 6],
      [180, 6],
      [180, 10],
      [170, 10],
    ];
    const east = [
      [-180, 0],
      [-170, 0],
      [-170, 10],
      [-180, 10],
      [-180, 6],
      [-178, 6],
      [-178, 4],
      [-180, 4],
    ];
    const rings = canonical(geometry) as Position[][][];
    expect(rings.map((each) => each.length)).toEqual([1, 1]);
    expect(new Set(rings[0]![0]!.map(String))).toEqual(new Set(west.map(String)));
    expect(new Set(rings[1]![0]!.map(String))).toEqual(new Set(east.map(String)));
  });

  it('gives holes beside it to the part that they lie in', () => {
    // A comb: two teeth to the east, a hole in each.
    const comb = [
      [170, 0],
      [190, 0],
      [190, 3],
      [175, 3],
      [175, 7],
      [190, 7],
      [190, 10],
      [170, 10],
      [170, 0],
    ];
    const holes = [box(184, 1, 186, 2), box(-176, 8, -174, 9)].map((ring) => ring.toReversed());
    const { geometry } = normalised(polygon(comb, ...holes));
    const parts = (geometry as { coordinates: Position[][][] }).coordinates;
    expect(parts.map((rings) => rings.length).toSorted()).toEqual([1, 2, 2]);
    const holeOf = (south: number, north: number) => {
      const part = parts.find(([outer]) => outer!.every(([x = 0, y = 0]) => x < 0 && y >= south && y <= north));
      return canonical({ type: 'Polygon', coordinates: part!.slice(1) });
    };
    const hole = (ring: Position[]) => canonical({ type: 'Polygon', coordinates: [ring.toReversed()] });
    expect(holeOf(0, 3)).toEqual(hole(box(-176, 1, -174, 2)));
    expect(holeOf(7, 10)).toEqual(hole(box(-176, 8, -174, 9)));
  });

  it('cuts a polygon that reaches over more than a turn', () => {
    const { geometry } = normalised(
      polygon([
        [-190, 0],
        [-20, 0],
        [20, 0],
        [190, 0],
        [190, 10],
        [20, 10],
        [-20, 10],
        [-190, 10],
        [-190, 0],
      ]),
    );
    expect((geometry as { coordinates: unknown[] }).coordinates).toHaveLength(3);
  });

  it('leaves a ring round a pole whole, and says so', () => {
    const ring = [
      [0, 80],
      [90, 80],
      [180, 80],
      [-90, 80],
      [0, 80],
    ];
    expect(normalised(polygon(ring))).toEqual({
      geometry: { type: 'Polygon', coordinates: [ring] },
      // On the plane it runs to and fro: so every reader of the result sees it, too.
      notes: ['around-pole', 'ring-without-area', 'self-intersection'],
    });
  });

  it('leaves a polygon whole that runs round twice where it would be cut', () => {
    const twice = [
      [170, 0],
      [190, 0],
      [190, 10],
      [171, 10],
      [171, 1],
      [189, 1],
      [189, 9],
      [170, 9],
      [170, 0],
    ];
    const { geometry, notes } = normalised(polygon(twice));
    expect(geometry).toMatchObject({ type: 'Polygon' });
    expect(notes).toContain('antimeridian-not-cut');
  });

  it('keeps the area, and leaves nothing beyond', () => {
    const corner = fc.record({
      angle: fc.double({ min: 0, max: 1, noNaN: true }),
      radius: fc.double({ min: 0.5, max: 20, noNaN: true }),
    });
    const star = fc.uniqueArray(corner, {
      minLength: 3,
      maxLength: 30,
      selector: ({ angle }) => Math.round(angle * 200),
    });
    fc.assert(
      fc.property(star, fc.double({ min: 150, max: 210, noNaN: true }), fc.boolean(), (corners, middle, jump) => {
        const sorted = corners.toSorted((a, b) => a.angle - b.angle);
        const ring = sorted.map(({ angle, radius }) => [
          middle + radius * Math.cos(2 * Math.PI * angle),
          30 + radius * Math.sin(2 * Math.PI * angle),
        ]);
        const closed = [...ring, ring[0]!];
        const given = jump ? closed.map(([x = NaN, y = NaN]) => [x > 180 ? x - 360 : x, y]) : closed;
        const result = normalised(polygon(given));
        if (result.rejected !== undefined) return;
        const rings = (canonical(result.geometry) as Position[][][]).flat();
        for (const [x = NaN] of rings.flat()) expect(Math.abs(x)).toBeLessThanOrEqual(180);
        if (result.notes.includes('self-intersection')) return;
        const area = rings.reduce((sum, each) => sum + areaOf(each), 0);
        expect(area).toBeCloseTo(Math.abs(areaOf(ring)), 6);
      }),
      { numRuns: 400 },
    );
  });

  it('changes nothing the second time', () => {
    const ring = fc.array(fc.tuple(fc.integer({ min: -200, max: 200 }), fc.integer({ min: -90, max: 90 })), {
      minLength: 3,
      maxLength: 8,
    });
    fc.assert(
      fc.property(ring, (positions) => {
        const first = normalised(polygon(positions.map((position) => [...position])));
        const left = ['around-pole', 'antimeridian-not-cut', 'self-intersection', 'ring-without-area'];
        if (first.rejected !== undefined || first.notes.some((note) => left.slice(0, 2).includes(note))) return;
        const second = normalised(first.geometry as PlainGeometry);
        // A part of a polygon that crosses itself may still have edges along the cut that fall together.
        if (first.notes.includes('self-intersection')) return;
        expect(second.geometry).toEqual(first.geometry);
        expect(second.notes.filter((note) => !left.includes(note))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Shoelace formula. */
function areaOf(ring: Position[]): number {
  return (
    ring.reduce((sum, [x = NaN, y = NaN], index) => {
      const [nextX = NaN, nextY = NaN] = ring[(index + 1) % ring.length]!;
      return sum + (x - 180) * nextY - (nextX - 180) * y;
    }, 0) / 2
  );
}
