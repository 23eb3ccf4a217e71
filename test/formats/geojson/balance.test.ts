import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Balance, UNFINISHED } from '../../../shared/geo/formats/geojson/balance.ts';

/** The end of the value that a text begins with, gone over in pieces that end at these places. */
function endOf(text: string, cuts: readonly number[] = []): number {
  const bytes = Buffer.from(text);
  const balance = new Balance();
  balance.begin(bytes[0]!);
  const ends = [...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const limit of ends) {
    const end = balance.end(bytes, from, limit);
    if (end !== UNFINISHED) return end;
    from = limit;
  }
  return UNFINISHED;
}

describe('Balance', () => {
  it('finds the end of any value, wherever it is cut', () => {
    const values = fc.oneof(
      fc.string().map((text) => ({ text })),
      fc.array(fc.jsonValue()),
      fc.object(),
      fc.string(),
    );
    fc.assert(
      fc.property(values, fc.array(fc.nat(200)), (value, cuts) => {
        const text = JSON.stringify(value);
        expect(endOf(`${text},{"next":1}`, cuts)).toBe(Buffer.byteLength(text));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['{"a":"}"}', 9],
    ['{"a":"\\"}"}', 11],
    ['{"a":"\\\\"}}', 10],
    ['{"a":[}', 7],
    ['[{]', 3],
    ['"a\\"b"', 6],
    ['12 ', 2],
    ['null,', 4],
    ['x]', 1],
  ])('ends %s at %i', (text, end) => {
    expect(endOf(text)).toBe(end);
    expect(endOf(text, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBe(end);
  });

  it.each(['{', '{"a":"}', '[[]', '"a\\"', '12'])('does not end %s', (text) => {
    expect(endOf(text)).toBe(UNFINISHED);
  });

  it('bears a depth of a million', () => {
    const depth = 1_000_000;
    expect(endOf('['.repeat(depth) + ']'.repeat(depth))).toBe(2 * depth);
  });
});
