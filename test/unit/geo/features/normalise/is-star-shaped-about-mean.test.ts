import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSelfIntersections } from '../../../../../shared/geo/features/normalise/count-self-intersections.ts';
import { isStarShapedAboutMean } from '../../../../../shared/geo/features/normalise/is-star-shaped-about-mean.ts';
import { segmentsTouch } from '../../../../../shared/geo/features/normalise/segments-touch.ts';
import { geometryOf } from '../../../../helpers/fill-geometry.ts';

type Position = readonly [x: number, y: number];

const closed = (corners: readonly Position[]): Position[] => [...corners, corners[0]!];

const isStarShaped = (ring: readonly Position[]) =>
  isStarShapedAboutMean(new Float64Array(ring.flat()), 0, ring.length);

/** Corners of a regular polygon, each joined with the one that is `step` further on. */
const regular = (corners: number, step = 1) =>
  Array.from({ length: corners }, (_, index): Position => {
    const angle = (2 * Math.PI * index * step) / corners;
    return [7 + 3 * Math.cos(angle), 46 + 2 * Math.sin(angle)];
  });

/** A house with a bay. */
const HOUSE: readonly Position[] = [
  [0, 0],
  [12, 0],
  [12, 8],
  [8, 8],
  [8, 10],
  [4, 10],
  [4, 8],
  [0, 8],
];

/** Pairs of segments of a ring that meet where they may not, of all pairs that there are. */
function countAll(ring: readonly Position[]): number {
  const xy = new Float64Array(ring.flat());
  const last = ring.length - 2;
  let count = 0;
  for (let a = 0; a <= last; a++) {
    for (let b = a + 1; b <= last; b++) {
      if (segmentsTouch(xy, a, b, true, b === a + 1 || (a === 0 && b === last))) count++;
    }
  }
  return count;
}

const onGrid = fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 }));
/** Parts of a turn and a radius, of few digits: no product of what they give is below 1e-300, where sides are not exact. */
const polar = fc.tuple(
  fc.integer({ min: 0, max: 9_999 }).map((value) => value / 10_000),
  fc.integer({ min: 1, max: 100 }),
);

/** Corners about the origin: in no order, in that of their angles, round it several times, with spikes and corners twice. */
const corners: fc.Arbitrary<readonly Position[]> = fc.oneof(
  fc.array(onGrid, { minLength: 3, maxLength: 12 }),
  fc.array(onGrid, { minLength: 3, maxLength: 12 }).map((all) => all.toSorted((a, b) => angleOf(a) - angleOf(b))),
  fc
    .tuple(fc.array(polar, { minLength: 3, maxLength: 24 }), fc.integer({ min: 1, max: 3 }))
    .map(([all, times]) =>
      all
        .toSorted(([a], [b]) => a - b)
        .map(([turn, radius]): Position => [
          radius * Math.cos(2 * Math.PI * turn * times),
          radius * Math.sin(2 * Math.PI * turn * times),
        ]),
    ),
  fc
    .tuple(fc.integer({ min: 3, max: 24 }), fc.integer({ min: 1, max: 5 }))
    .map(([count, step]) => regular(count, step)),
  fc.constantFrom(HOUSE, [...HOUSE, ...HOUSE]),
);

const angleOf = ([x, y]: Position) => Math.atan2(y, x);

const rings = fc
  .record({
    corners,
    isReversed: fc.boolean(),
    scale: fc.constantFrom(1e-140, 1e-7, 1, 1e5, 1e150),
    shift: fc.constantFrom(0, 0.1, 1e3, 1e9, 1e15),
  })
  .map(({ corners, isReversed, scale, shift }) => {
    const moved = corners.map(([x, y]): Position => [(x + shift) * scale, (y - shift) * scale]);
    return closed(isReversed ? moved.toReversed() : moved);
  });

describe('isStarShapedAboutMean', () => {
  it.each<[string, readonly Position[]]>([
    ['a triangle', regular(3)],
    ['a regular polygon', regular(64)],
    ['a house', HOUSE],
    ['a star', regular(40).map(([x, y], index) => (index % 2 === 0 ? [x, y] : [(x + 7) / 2, (y + 46) / 2]))],
    [
      'a ring with corners on straight edges',
      [
        [0, 0],
        [2, 0],
        [4, 0],
        [4, 4],
        [2, 4],
        [0, 4],
      ],
    ],
  ])('is true of %s, whichever way it runs', (_what, shape) => {
    expect(isStarShaped(closed(shape))).toBe(true);
    expect(isStarShaped(closed(shape).toReversed())).toBe(true);
  });

  it.each<[string, readonly Position[]]>([
    ['a pentagram, which turns twice', closed(regular(5, 2))],
    ['a ring that is gone round twice', closed([...HOUSE, ...HOUSE])],
    ['a ring that is left open', [...HOUSE.slice(0, -1), [0, 9]]],
    ['a corner that is there twice', closed([HOUSE[0]!, ...HOUSE])],
    ['a line there and back', closed(HOUSE.slice(0, 2))],
    ['a ring without corners', []],
    [
      'a bow tie',
      closed([
        [0, 0],
        [4, 4],
        [4, 0],
        [0, 4],
      ]),
    ],
    [
      'a ring whose mean lies outside',
      closed([
        [0, 0],
        [9, 0],
        [9, 1],
        [1, 1],
        [1, 9],
        [0, 9],
      ]),
    ],
    [
      'a ring whose mean lies on an edge',
      closed([
        [0, 0],
        [6, 0],
        [6, 6],
        [3, 3],
        [0, 6],
      ]),
    ],
    ['a ring whose mean is too large a number', closed(HOUSE.map(([x, y]) => [x * 1e307, y * 1e307]))],
  ])('is false of %s', (_what, ring) => {
    expect(isStarShaped(ring)).toBe(false);
  });

  it('is true of none but simple rings', () => {
    fc.assert(
      fc.property(rings, (ring) => {
        fc.pre(isStarShaped(ring));
        expect(countAll(ring)).toBe(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves the count of all pairs as it is', () => {
    const isRepeated = ([x, y]: Position, index: number, ring: Position[]) =>
      index > 0 && x === ring[index - 1]![0] && y === ring[index - 1]![1];
    fc.assert(
      fc.property(rings, (ring) => {
        // A normaliser takes these out before it counts.
        fc.pre(!ring.some(isRepeated));
        const polygon = geometryOf({ type: 'Polygon', coordinates: [ring] });
        expect(countSelfIntersections(polygon, 0, Infinity)).toBe(countAll(ring));
      }),
      { numRuns: 1_000 },
    );
  });
});
