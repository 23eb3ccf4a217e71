/** Digits that fit an int32 whatever they are. */
const SMALL_DIGITS = 9;

/** Integers below it are exact in a double, and so is a product or quotient of one with a power of ten below 10^23. */
const EXACT_INTEGERS = 2 ** 53;

/** 10^0 … 10^22: the powers of ten that are exact in a double. */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const LARGEST_POWER = POWERS_OF_TEN.length - 1;

/** Exponents beyond it are all zero or infinity, whatever is before them; larger ones are not counted on. */
const LARGEST_EXPONENT = 100_000;

const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const UPPER_E = 0x45;
const LOWER_E = 0x65;

/** Returned by `readNumber` where there is no number. */
export const NOT_A_NUMBER = -1;

/**
 * Reads a decimal number from ASCII bytes into `target[index]`: the same double that `Number()` makes of the text, which
 * may be ±Infinity. Numbers of up to 15 digits, and most of 16, need no string: their digits and their power of ten are
 * exact, and one operation rounds once (Clinger, "How to read floating point numbers accurately", 1990).
 *
 * The bytes must end with something that is no part of a number, such as a zero byte.
 * @param lenient takes `+1`, `.5`, `5.` and `007` as well, which JSON does not
 * @returns where the number ends, or `NOT_A_NUMBER`; what follows it is the caller's to check
 */
export function readNumber(bytes: Buffer, start: number, target: Float64Array, index: number, lenient = false): number {
  let at = start;
  let byte = bytes[at]!;
  const negative = byte === MINUS;
  if (negative || (lenient && byte === PLUS)) byte = bytes[++at]!;

  const first = at;
  let small = 0;
  let digit = byte - ZERO;
  while (digit >= 0 && digit <= 9 && at - first < SMALL_DIGITS) {
    small = small * 10 + digit;
    digit = bytes[++at]! - ZERO;
  }
  let mantissa = small;
  while (digit >= 0 && digit <= 9) {
    mantissa = mantissa * 10 + digit;
    digit = bytes[++at]! - ZERO;
  }
  const digits = at - first;
  if (digits > 1 && bytes[first] === ZERO && !lenient) return NOT_A_NUMBER;
  if (digits === 0 && !(lenient && bytes[at] === DOT)) return NOT_A_NUMBER;

  let exponent = 0;
  byte = bytes[at]!;
  if (byte === DOT) {
    const point = ++at;
    let decimals = 0;
    digit = bytes[at]! - ZERO;
    while (digit >= 0 && digit <= 9 && at - point < SMALL_DIGITS) {
      decimals = decimals * 10 + digit;
      digit = bytes[++at]! - ZERO;
    }
    if (at === point && (!lenient || digits === 0)) return NOT_A_NUMBER;
    mantissa = mantissa * POWERS_OF_TEN[at - point]! + decimals;
    while (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digit = bytes[++at]! - ZERO;
    }
    exponent = point - at;
    byte = bytes[at]!;
  }

  if (byte === LOWER_E || byte === UPPER_E) {
    byte = bytes[++at]!;
    const down = byte === MINUS;
    if (down || byte === PLUS) at += 1;
    const power = at;
    let value = 0;
    digit = bytes[at]! - ZERO;
    while (digit >= 0 && digit <= 9) {
      if (value < LARGEST_EXPONENT) value = value * 10 + digit;
      digit = bytes[++at]! - ZERO;
    }
    if (at === power) return NOT_A_NUMBER;
    exponent += down ? -value : value;
  }

  // Each step of the mantissa was exact if the whole is: rounding never brings a larger one below the bound.
  if (mantissa < EXACT_INTEGERS && exponent <= LARGEST_POWER && exponent >= -LARGEST_POWER) {
    const value = exponent < 0 ? mantissa / POWERS_OF_TEN[-exponent]! : mantissa * POWERS_OF_TEN[exponent]!;
    target[index] = negative ? -value : value;
  } else {
    target[index] = Number(bytes.toString('latin1', start, at));
  }
  return at;
}
