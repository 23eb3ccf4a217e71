import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSelfIntersections } from '../../../../../shared/geo/features/normalise/count-self-intersections.ts';
import { Normaliser } from '../../../../../shared/geo/features/normalise/normaliser.ts';
import { plainGeometry } from '../../../../helpers/collecting-sink.ts';
import { geometryOf } from '../../../../helpers/fill-geometry.ts';

type Position = readonly [x: number, y: number];

const count = (rings: readonly (readonly Position[])[], most = 1_000) =>
  countSelfIntersections(geometryOf({ type: 'Polygon', coordinates: rings }), 0, most);

const SQUARE: Position[] = [
  [0, 0],
  [8, 0],
  [8, 8],
  [0, 8],
  [0, 0],
];
const BOW: Position[] = [
  [0, 0],
  [4, 4],
  [4, 0],
  [0, 4],
  [0, 0],
];

/** A ring about the origin, whose corners come in the order of their angles. */
function star(corners: number): Position[] {
  const ring = Array.from({ length: corners }, (_, index): Position => {
    const angle = (2 * Math.PI * index) / corners;
    const radius = index % 2 === 0 ? 10 : 9;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return [...ring, ring[0]!];
}

describe('countSelfIntersections', () => {
  it.each<[string, Position[][]]>([
    ['a square', [SQUARE]],
    [
      'a hole',
      [
        SQUARE,
        [
          [1, 1],
          [1, 2],
          [2, 2],
          [1, 1],
        ],
      ],
    ],
    [
      'a hole that touches the outer ring at a corner',
      [
        SQUARE,
        [
          [0, 0],
          [2, 3],
          [3, 2],
          [0, 0],
        ],
      ],
    ],
    [
      'a hole that touches the outer ring on an edge',
      [
        SQUARE,
        [
          [0, 4],
          [2, 5],
          [2, 3],
          [0, 4],
        ],
      ],
    ],
    [
      'corners on a straight edge',
      [
        [
          [0, 0],
          [1, 0],
          [2, 0],
          [3, 0],
          [3, 3],
          [0, 0],
        ],
      ],
    ],
    ['a star', [star(60)]],
    ['a star of many corners', [star(5_000)]],
  ])('finds none in %s', (_what, rings) => {
    expect(count(rings)).toBe(0);
  });

  it.each<[string, Position[][], number]>([
    ['a bow tie', [BOW], 1],
    [
      'a spike',
      [
        [
          [0, 0],
          [4, 0],
          [4, 4],
          [4, 8],
          [4, 4],
          [0, 4],
          [0, 0],
        ],
      ],
      1,
    ],
    [
      'a ring that touches itself at a corner',
      [
        [
          [0, 0],
          [4, 0],
          [2, 2],
          [4, 4],
          [0, 4],
          [2, 2],
          [0, 0],
        ],
      ],
      1,
    ],
    [
      'a ring whose corner touches an edge of it',
      [
        [
          [0, 0],
          [8, 0],
          [8, 8],
          [4, 0],
          [0, 8],
          [0, 0],
        ],
      ],
      1,
    ],
    [
      'a hole across the outer ring',
      [
        SQUARE,
        [
          [6, 1],
          [10, 1],
          [10, 2],
          [6, 2],
          [6, 1],
        ],
      ],
      1,
    ],
    [
      'a hole along the outer ring',
      [
        SQUARE,
        [
          [2, 0],
          [2, 2],
          [4, 2],
          [4, 0],
          [2, 0],
        ],
      ],
      1,
    ],
    ['a ring that is twice there', [SQUARE, SQUARE.toReversed()], 1],
  ])('finds some in %s', (_what, rings, least) => {
    expect(count(rings)).toBeGreaterThanOrEqual(least);
  });

  it('finds the one place among many corners', () => {
    const ring = star(5_000).map((position) => [...position] as [number, number]);
    [ring[1_000], ring[1_002]] = [ring[1_002]!, ring[1_000]!];
    expect(count([ring])).toBeGreaterThan(0);
  });

  it('stops counting where it is told to', () => {
    expect(count([BOW, SQUARE, SQUARE], 2)).toBe(2);
  });

  it('finds by a grid what it finds by comparing all', () => {
    const position = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }));
    fc.assert(
      fc.property(fc.array(position, { minLength: 3, maxLength: 30 }), (positions) => {
        const distinct = positions.filter(([x, y], index) => {
          const [beforeX, beforeY] = positions[(index + positions.length - 1) % positions.length]!;
          return x !== beforeX || y !== beforeY;
        });
        if (distinct.length < 3) return;
        const ring = [...distinct, distinct[0]!];
        // Far rings that are right take it over the number up to which all are compared.
        const far = Array.from({ length: 20 }, (_, index): Position[] =>
          SQUARE.map(([x, y]) => [x + 100 + 20 * index, y]),
        );
        const alone = count([ring], 1);
        const among = count([ring, ...far], 1);
        expect(among).toBe(alone);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves a polygon alone that would take too long', () => {
    // 200,000 edges from one side to the other: each box overlaps with each.
    const ring: Position[] = Array.from({ length: 200_000 }, (_, index) => [
      index % 2 === 0 ? index : 1e6 + index,
      index % 2 === 0 ? index : 1e6 + index,
    ]);
    expect(count([[...ring, ring[0]!]])).toBeUndefined();
  });

  it('searches edges that are long along one axis', () => {
    const up: Position[] = Array.from({ length: 20_000 }, (_, index) => [index % 2 === 0 ? 0 : 1_000, index]);
    const down: Position[] = [
      [-10, 20_000],
      [-10, -1],
    ];
    expect(count([[...up, ...down, up[0]!]])).toBe(0);
  });
});

describe('Normaliser with repair', () => {
  const repaired = (rings: readonly (readonly (readonly number[])[])[]) => {
    const geometry = geometryOf({ type: 'Polygon', coordinates: rings });
    const notes: string[] = [];
    new Normaliser({ geographic: false, repair: true }).normalise(geometry, ({ code }) => notes.push(code));
    return { geometry: plainGeometry(geometry), notes };
  };

  it('divides a bow tie, and keeps the heights of its corners', () => {
    expect(repaired([BOW.map(([x, y]) => [x, y, x + 10])])).toEqual({
      geometry: {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [0, 0, 10],
              [2, 2, NaN],
              [0, 4, 10],
              [0, 0, 10],
            ],
          ],
          [
            [
              [2, 2, NaN],
              [4, 0, 14],
              [4, 4, 14],
              [2, 2, NaN],
            ],
          ],
        ],
      },
      notes: ['geometry-ring-without-area', 'geometry-self-intersection', 'geometry-repaired'],
    });
  });

  it('takes a spike off, and leaves a polygon a polygon', () => {
    const { geometry, notes } = repaired([
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [4, 8],
        [4, 4],
        [0, 4],
        [0, 0],
      ],
    ]);
    expect(geometry).toEqual({
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [4, 0],
          [4, 4],
          [0, 4],
          [0, 0],
        ],
      ],
    });
    expect(notes).toEqual(['geometry-self-intersection', 'geometry-repaired']);
  });

  it('leaves what is right alone', () => {
    expect(repaired([SQUARE])).toEqual({ geometry: { type: 'Polygon', coordinates: [SQUARE] }, notes: [] });
  });

  it('says what it cannot repair', () => {
    expect(
      repaired([
        [
          [0, 0],
          [1, 0],
          [2, 0],
          [1, 0],
          [0, 0],
        ],
      ]).notes,
    ).toContain('geometry-repair-failed');
    const tangle = Array.from({ length: 301 }, (_, index) => {
      const angle = (2 * Math.PI * ((index * 149) % 300)) / 300;
      return [Math.cos(angle), Math.sin(angle)];
    });
    expect(repaired([tangle]).notes).toContain('geometry-repair-failed');
  });
});
