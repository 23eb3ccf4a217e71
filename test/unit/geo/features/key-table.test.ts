import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyTable } from '../../../../shared/geo/features/key-table.ts';

// Few first words, so that slots are taken and keys share the words that come first.
const digest = fc.tuple(...[3, 2, 2, 2].map((max) => fc.nat({ max }))).map((words) => Uint32Array.from(words));

describe('KeyTable', () => {
  it('finds what was added, and nothing else, as a Map does', () => {
    fc.assert(
      fc.property(fc.array(digest, { maxLength: 60 }), (digests) => {
        const table = new KeyTable(digests.length);
        const model = new Map<string, number>();
        for (const each of digests) {
          const known = table.find(each);
          expect(known).toBe(model.get(each.join()) ?? -1);
          if (known < 0) model.set(each.join(), table.add(each));
        }
        expect(table.size).toBe(model.size);
        for (const each of digests) expect(table.find(each)).toBe(model.get(each.join()));
      }),
    );
  });

  it('is full to the last key that it has room for', () => {
    const table = new KeyTable(2);
    table.add(Uint32Array.of(1, 0, 0, 0));
    table.add(Uint32Array.of(2, 0, 0, 0));
    expect(() => table.add(Uint32Array.of(3, 0, 0, 0))).toThrow(RangeError);
    expect(new KeyTable(0).find(Uint32Array.of(0, 0, 0, 0))).toBe(-1);
  });
});
