import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnitRange } from '../../../shared/jobs/numbering.ts';
import { complement, intersect, rangesOf, sizeOf, unite } from '../../../shared/jobs/unit-ranges.ts';

const TOTAL = 30;
const range = (start: number, end: number): UnitRange => ({ start, end });
const drawn = fc.array(
  fc.tuple(fc.nat(TOTAL), fc.nat(TOTAL)).map(([a, b]) => range(a, b)),
  { maxLength: 8 },
);
const numbersOf = (ranges: readonly UnitRange[]): Set<number> =>
  new Set(ranges.flatMap(({ start, end }) => Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)));
const sorted = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

describe('unit ranges', () => {
  it('are joined where they overlap or touch, and not where a unit lies between', () => {
    expect(unite([range(5, 7), range(0, 2), range(2, 4), range(6, 9), range(1, 2), range(3, 3)])).toEqual([
      range(0, 4),
      range(5, 9),
    ]);
    expect(unite([range(0, 9), range(2, 4)])).toEqual([range(0, 9)]);
    expect(unite([range(2, 1)])).toEqual([]);
    expect(rangesOf([8, 3, 4, 3])).toEqual([range(3, 5), range(8, 9)]);
  });

  it('are counted', () => {
    expect(sizeOf([range(0, 4), range(5, 9)])).toBe(8);
    expect(sizeOf([])).toBe(0);
  });

  it('united, intersected and complemented are what the sets of their numbers are', () => {
    fc.assert(
      fc.property(drawn, drawn, (a, b) => {
        const [left, right] = [numbersOf(a), numbersOf(b)];
        expect(sorted(numbersOf(unite(a)))).toEqual(sorted(left));
        expect(unite(unite(a))).toEqual(unite(a));
        expect(intersect(unite(a), unite(b))).toEqual(rangesOf([...left].filter((number) => right.has(number))));
        const rest = Array.from({ length: TOTAL }, (_, number) => number).filter((number) => !left.has(number));
        expect(complement(unite(a), TOTAL)).toEqual(rangesOf(rest));
      }),
    );
  });

  it('leave their own list as it was', () => {
    const ranges = [range(5, 6), range(0, 1), range(1, 3)];
    unite(ranges);
    expect(ranges).toEqual([range(5, 6), range(0, 1), range(1, 3)]);
  });
});
