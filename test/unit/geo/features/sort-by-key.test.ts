import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortByKey } from '../../../../shared/geo/features/sort-by-key.ts';

describe('sortByKey', () => {
  it('sorts as a stable sort by comparison does', () => {
    const key = fc.oneof(
      fc.maxSafeNat().map((value) => Math.floor(value / 2)),
      fc.nat(3),
      fc.constant(2 ** 52),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 200 }), (keys) => {
        const expected = [...keys.keys()].sort((a, b) => keys[a]! - keys[b]! || a - b);
        expect([...sortByKey(Float64Array.from(keys), keys.length)]).toEqual(expected);
      }),
    );
  });
});
