import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lexemeTag } from '../../../../shared/geo/features/lexeme-tag.ts';
import { parseDouble, parseInteger } from '../../../../shared/geo/features/parse-number.ts';
import { PROPERTY_TAGS } from '../../../../shared/geo/features/property-tags.ts';

function tagOf(text: string): string {
  const bytes = Buffer.from(`--${text}--`);
  const tag = lexemeTag(bytes, 2, bytes.length - 2);
  return Object.entries(PROPERTY_TAGS).find(([, number]) => number === tag)![0];
}

describe('lexemeTag', () => {
  it.each([
    ['0', 'lexicalInteger'],
    ['-17', 'lexicalInteger'],
    ['9223372036854775807', 'lexicalInteger'],
    ['-9223372036854775808', 'lexicalInteger'],
    ['9223372036854775808', 'lexicalText'],
    ['-9223372036854775809', 'lexicalText'],
    ['12345678901234567890', 'lexicalText'],
    ['007', 'lexicalText'],
    ['-0', 'lexicalText'],
    ['+5', 'lexicalText'],
    ['1.50', 'lexicalDouble'],
    ['.5', 'lexicalDouble'],
    ['5.', 'lexicalDouble'],
    ['0.0', 'lexicalDouble'],
    ['-0.0', 'lexicalText'],
    ['1e5', 'lexicalDouble'],
    ['1E-5', 'lexicalDouble'],
    ['1e400', 'lexicalText'],
    ['1e-400', 'lexicalText'],
    ['00.5', 'lexicalText'],
    ['1e', 'lexicalText'],
    ['.', 'lexicalText'],
    ['1.2.3', 'lexicalText'],
    ['1,5', 'lexicalText'],
    ['NaN', 'lexicalText'],
    ['true', 'lexicalBoolean'],
    ['FALSE', 'lexicalBoolean'],
    ['tRUE', 'lexicalText'],
    ['2026-11-26', 'lexicalDate'],
    ['2026-02-30', 'lexicalText'],
    ['2026-11-26T10:00:00Z', 'lexicalDateTime'],
    ['2026-11-26 10:00', 'lexicalDateTime'],
    ['2026-11-26T25:00', 'lexicalText'],
    ['', 'lexicalText'],
    [' 1', 'lexicalInteger'],
    ['1  ', 'lexicalInteger'],
    ['  -3.5  ', 'lexicalDouble'],
    [' true', 'lexicalBoolean'],
    ['false ', 'lexicalBoolean'],
    [' 2026-11-26 ', 'lexicalDate'],
    [' 2026-11-26 10:00 ', 'lexicalDateTime'],
    [' 007', 'lexicalText'],
    [' 9223372036854775808 ', 'lexicalText'],
    [' 1 2 ', 'lexicalText'],
    ['- 1', 'lexicalText'],
    ['\t1', 'lexicalText'],
    [' ', 'lexicalText'],
    ['   ', 'lexicalText'],
    ['9'.repeat(400), 'lexicalText'],
  ])('takes «%s» for %s', (text, expected) => {
    expect(tagOf(text)).toBe(expected);
  });

  it('takes every double and integer for what it is, and reads it back exactly', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        (double, integer) => {
          const text = Buffer.from(String(double));
          if (tagOf(String(double)) === 'lexicalDouble') expect(parseDouble(text, 0, text.length)).toBe(double);
          const digits = Buffer.from(integer.toString());
          expect(tagOf(integer.toString())).toBe('lexicalInteger');
          expect(BigInt(parseInteger(digits, 0, digits.length))).toBe(integer);
        },
      ),
    );
  });

  it('reads short decimals as Number does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.nat(99_999), (whole, fraction) => {
        const text = `${whole}.${fraction}`;
        expect(parseDouble(Buffer.from(text), 0, text.length)).toBe(Number(text));
      }),
    );
  });
});
