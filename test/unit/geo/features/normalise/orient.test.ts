import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orient } from '../../../../../shared/geo/features/normalise/orient.ts';

const number = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }).map((value) => (Math.abs(value) < 1e-100 ? 0 : value)),
  fc.double({ noNaN: true, min: 1e-100, max: 1e150 }),
  fc.constantFrom(0, 1e-100, 0.1, 0.2, 0.3),
);

describe('orient', () => {
  it('tells left from right', () => {
    expect(orient(0, 0, 1, 0, 0, 1)).toBeGreaterThan(0);
    expect(orient(0, 0, 1, 0, 0, -1)).toBeLessThan(0);
    expect(orient(0, 0, 1, 1, 2, 2)).toBe(0);
  });

  it('sees a point off a line by the last digit', () => {
    // Kettner and others (2008), "Classroom examples of robustness problems in geometric computations".
    const step = 2 ** -53;
    expect(orient(12, 12, 24, 24, 0.5, 0.5)).toBe(0);
    expect(Math.sign(orient(12, 12, 24, 24, 0.5, 0.5 + step))).toBe(1);
    expect(Math.sign(orient(12, 12, 24, 24, 0.5 + step, 0.5))).toBe(-1);
    expect(Math.sign(orient(0, 0, 1e300, 1e300, 1e-300, 0))).toBe(-1);
  });

  it('says the same of any rotation of the three, and the opposite of an exchange', () => {
    fc.assert(
      fc.property(number, number, number, number, number, number, (ax, ay, bx, by, px, py) => {
        const sign = Math.sign(orient(ax, ay, bx, by, px, py));
        expect(Math.sign(orient(bx, by, px, py, ax, ay)) === sign).toBe(true);
        expect(Math.sign(orient(bx, by, ax, ay, px, py)) === -sign).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
