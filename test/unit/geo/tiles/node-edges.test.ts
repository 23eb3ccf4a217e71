import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EdgeSet } from '../../../../shared/geo/tiles/edge-set.ts';
import { passesThrough, windingChange } from '../../../../shared/geo/tiles/node-edges.ts';

type Point = readonly [number, number];

/** Few values, so that vertices, points and corners fall on each other all the time. */
const small = fc.integer({ min: 0, max: 6 });
const point = fc.tuple(small, small);

function edgesOf(ring: readonly Point[]): EdgeSet {
  const edges = ring
    .map((from, index) => [from, ring[(index + 1) % ring.length]!] as const)
    .filter(([from, to]) => from[0] !== to[0] || from[1] !== to[1]);
  return { coordinates: Float64Array.from(edges.flat(2)), count: edges.length };
}

function winding(edges: EdgeSet, path: readonly Point[]): number {
  let sum = 0;
  for (let step = 1; step < path.length; step++) {
    for (let edge = 0; edge < edges.count; edge++)
      sum += windingChange(edges, edge, ...path[step - 1]!, ...path[step]!);
  }
  return sum;
}

/** Parameters t at which a + t·d lies strictly between two values. */
function between(a: number, d: number, min: number, max: number): [number, number] {
  if (d === 0) return a > min && a < max ? [-Infinity, Infinity] : [0, 0];
  const [one, other] = [(min - a) / d, (max - a) / d];
  return [Math.min(one, other), Math.max(one, other)];
}

describe('passesThrough', () => {
  it('is true for the edges with a point inside the box', () => {
    fc.assert(
      fc.property(point, point, point, point, (a, b, c, d) => {
        const box = {
          minX: Math.min(c[0], d[0]),
          minY: Math.min(c[1], d[1]),
          maxX: Math.max(c[0], d[0]) + 1,
          maxY: Math.max(c[1], d[1]) + 1,
        };
        fc.pre(a[0] !== b[0] || a[1] !== b[1]);
        // Quotients of small whole numbers are equal exactly when their doubles are.
        const alongX = between(a[0], b[0] - a[0], box.minX, box.maxX);
        const alongY = between(a[1], b[1] - a[1], box.minY, box.maxY);
        const [from, to] = [Math.max(alongX[0], alongY[0]), Math.min(alongX[1], alongY[1])];
        const edges: EdgeSet = { coordinates: Float64Array.from([...a, ...b]), count: 1 };
        expect(passesThrough(edges, 0, box)).toBe(from < to && from < 1 && to > 0);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('windingChange', () => {
  it('adds up to the same on every path between two points, also through vertices and along edges', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 7 }), point, point, point, (ring, from, via, to) => {
        const edges = edgesOf(ring);
        expect(winding(edges, [from, via, to])).toBe(winding(edges, [from, to]));
      }),
      { numRuns: 3000 },
    );
  });

  it('is 0 outside and one turn inside of a ring', () => {
    const square: Point[] = [
      [1, 1],
      [5, 1],
      [5, 5],
      [1, 5],
    ];
    for (const ring of [square, square.toReversed()]) {
      const edges = edgesOf(ring);
      expect(
        Math.abs(
          winding(edges, [
            [-1, 3],
            [3, 3],
          ]),
        ),
      ).toBe(1);
      expect(
        winding(edges, [
          [-1, 3],
          [9, 3],
        ]),
      ).toBe(0);
      expect(
        winding(edges, [
          [-1, 0],
          [3, 0],
        ]),
      ).toBe(0);
      // A point on the outline lies a hair to its right, and a far smaller hair below it.
      expect(
        Math.abs(
          winding(edges, [
            [-1, 3],
            [1, 3],
          ]),
        ),
      ).toBe(1);
      expect(
        winding(edges, [
          [-1, 3],
          [5, 3],
        ]),
      ).toBe(0);
      expect(
        Math.abs(
          winding(edges, [
            [-1, 0],
            [3, 1],
          ]),
        ),
      ).toBe(1);
      expect(
        winding(edges, [
          [-1, 0],
          [3, 5],
        ]),
      ).toBe(0);
    }
  });
});
