import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orientation, sideOf } from '../../../../shared/geo/tiles/orientation.ts';

const unit = fc.integer({ min: 0, max: 2 ** 48 });

/** 0 for −0 as well. */
const sign = (value: number) => (value > 0 ? 1 : value < 0 ? -1 : 0);

function exact(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  const [a, b, c, d, p, q] = [ax, ay, bx, by, px, py].map(BigInt) as [bigint, bigint, bigint, bigint, bigint, bigint];
  const determinant = (c - a) * (q - b) - (d - b) * (p - a);
  return determinant > 0n ? 1 : determinant < 0n ? -1 : 0;
}

describe('orientation', () => {
  it('has the exact sign anywhere', () => {
    fc.assert(
      fc.property(unit, unit, unit, unit, unit, unit, (...numbers) => {
        expect(sign(orientation(...numbers))).toBe(exact(...numbers));
      }),
    );
  });

  it('has the exact sign a unit beside a long line', () => {
    const near = fc.integer({ min: -1, max: 1 });
    fc.assert(
      fc.property(
        unit,
        unit,
        unit,
        unit,
        fc.double({ min: 0, max: 1, noNaN: true }),
        near,
        near,
        (ax, ay, bx, by, t, dx, dy) => {
          const px = Math.round(ax + t * (bx - ax)) + dx;
          const py = Math.round(ay + t * (by - ay)) + dy;
          expect(sign(orientation(ax, ay, bx, by, px, py))).toBe(exact(ax, ay, bx, by, px, py));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('has the exact sign of the smallest triangles along the longest lines', () => {
    // Neighbours in the Fibonacci sequence span a triangle of twice the area 1, one way and the other.
    let [previous, current, next] = [1, 1, 2];
    for (let step = 0; next < 2 ** 48; step++) {
      const determinant = exact(0, 0, current, next, previous, current);
      expect(Math.abs(determinant)).toBe(1);
      expect(sign(orientation(0, 0, current, next, previous, current))).toBe(determinant);
      [previous, current, next] = [current, next, current + next];
    }
  });

  it('knows a point on a line whose products do not fit a double', () => {
    const step = 2 ** 23 + 1;
    expect(orientation(0, 0, 3 * step * 1_000_003, 3 * step * 999_983, step * 1_000_003, step * 999_983)).toBe(0);
    expect(
      orientation(0, 0, 3 * step * 1_000_003, 3 * step * 999_983, step * 1_000_003, step * 999_983 + 1),
    ).toBeGreaterThan(0);
  });
});

describe('sideOf', () => {
  it('takes a point on an edge to lie a hair to the right and a far smaller hair below', () => {
    // Downward, upward, to the right, to the left; y grows downwards.
    expect(sideOf(0, 0, 0, 10, 0, 5)).toBe(-1);
    expect(sideOf(0, 10, 0, 0, 0, 5)).toBe(1);
    expect(sideOf(0, 0, 10, 0, 5, 0)).toBe(1);
    expect(sideOf(10, 0, 0, 0, 5, 0)).toBe(-1);
    expect(sideOf(0, 0, 10, 10, 5, 5)).toBe(-1);
  });

  it('turns with the direction of the edge', () => {
    const small = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(small, small, small, small, small, small, (ax, ay, bx, by, px, py) => {
        fc.pre(ax !== bx || ay !== by);
        expect(sideOf(ax, ay, bx, by, px, py)).toBe(-sideOf(bx, by, ax, ay, px, py));
      }),
    );
  });
});
