import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOT_A_NUMBER, readNumber } from '../../../shared/geo/formats/text/read-number.ts';

const target = new Float64Array(1);

/** The value of a text that is a number to its end; undefined for one that is not. */
function valueOf(text: string, lenient = false): number | undefined {
  const bytes = Buffer.from(`${text}\0`);
  return readNumber(bytes, 0, target, 0, lenient) === text.length ? target[0] : undefined;
}

const digits = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength }).map((list) => list.join(''));

/** Numbers of JSON with any number of digits, decimals and exponents about the edges of a double. */
const jsonNumbers = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits(25).map((text) => text.replace(/^0+(?=\d)/, '')),
    fc.option(digits(25), { nil: undefined }),
    fc.option(fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.integer({ min: 0, max: 330 }))),
  )
  .map(([sign, whole, decimals, power]) => {
    const exponent = power === null ? '' : `${power[0]}${power[1]}${power[2]}`;
    return `${sign}${whole}${decimals === undefined ? '' : `.${decimals}`}${exponent}`;
  });

describe('readNumber', () => {
  it('gives the same double as Number for each number of JSON', () => {
    fc.assert(
      fc.property(jsonNumbers, (text) => {
        expect(valueOf(text)).toBe(Number(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('reads back each double that is written shortest, fixed or with an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        // Both write −0 as 0.
        expect(valueOf(value.toExponential())).toBe(value + 0);
        expect(valueOf(String(value))).toBe(value + 0);
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740992],
    ['9007199254740992.9', 9007199254740992],
    ['90071992547409925', 90071992547409920],
    ['0.1234567890123456789', 0.12345678901234568],
    ['1e22', 1e22],
    ['1e23', 1e23],
    ['123456789012345e-22', 123456789012345e-22],
    ['1e400', Infinity],
    ['-1e400', -Infinity],
    ['1e-400', 0],
    ['1e99999999999999999999', Infinity],
    ['0e99999999999999999999', 0],
    ['2.2250738585072011e-308', 2.225073858507201e-308],
    ['-0', -0],
  ])('reads %s exactly', (text, value) => {
    expect(valueOf(text)).toBe(value);
  });

  it('stops behind the number', () => {
    expect(readNumber(Buffer.from('[12.5,3]\0'), 1, target, 0)).toBe(5);
    expect(target[0]).toBe(12.5);
  });

  it.each(['', '-', '+1', '.5', '5.', '007', '-01', '1e', '1e+', '1.e5', 'NaN', 'Infinity', '--1', 'x'])(
    'takes %j for no number of JSON',
    (text) => {
      expect(valueOf(text)).toBeUndefined();
    },
  );

  it.each([
    ['+1', 1],
    ['.5', 0.5],
    ['-.5', -0.5],
    ['5.', 5],
    ['007', 7],
    ['1.e2', 100],
    ['00000000000000000000000000000000001.25', 1.25],
  ])('reads %s where it may be lenient', (text, value) => {
    expect(valueOf(text, true)).toBe(value);
  });

  it.each(['', '.', '-.', '+', '.e5', 'e5'])('takes %j for no number even where it may be lenient', (text) => {
    expect(readNumber(Buffer.from(`${text}\0`), 0, target, 0, true)).toBe(NOT_A_NUMBER);
  });
});
