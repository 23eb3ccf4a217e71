/** Digits that a double holds exactly. */
const MAX_EXACT_DIGITS = 15;

/** Powers of ten that a double holds exactly: a quotient of two exact numbers is rounded as it should be. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 63n - 1n;
const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** What a field for numbers holds; null for blanks and for the asterisks that stand for a number too large for it. */
export type NumberField =
  | { kind: 'null' }
  | { kind: 'integer'; value: number }
  | { kind: 'big-integer'; value: bigint }
  | { kind: 'double'; value: number }
  | { kind: 'text'; text: string };

const NULL: NumberField = { kind: 'null' };

/** Reads numbers that are written in digits. The same object is given each time where that can be. */
export class NumberFieldReader {
  readonly #integer = { kind: 'integer' as const, value: 0 };
  readonly #double = { kind: 'double' as const, value: 0 };

  /** @param isInteger whether a number without a point counts as an integer */
  read(bytes: Uint8Array, start: number, end: number, isInteger: boolean): NumberField {
    let first = start;
    let last = end;
    while (first < last && isBlank(bytes[first]!)) first++;
    while (last > first && isBlank(bytes[last - 1]!)) last--;
    if (first === last || bytes[first] === 0x2a) return NULL;
    let at = first;
    const isNegative = bytes[at] === 0x2d;
    if (isNegative || bytes[at] === 0x2b) at++;
    let digits = 0;
    let decimals = 0;
    let value = 0;
    let hasPoint = false;
    for (; at < last; at++) {
      const byte = bytes[at]!;
      if (byte >= 0x30 && byte <= 0x39) {
        value = value * 10 + byte - 0x30;
        // Zeros in front count for nothing.
        if (value > 0) digits++;
        if (hasPoint) decimals++;
      } else if (byte === 0x2e && !hasPoint) hasPoint = true;
      else break;
    }
    const isPlain = at === last && isDigit(bytes[last - 1]!);
    if (!isPlain || digits > MAX_EXACT_DIGITS || decimals >= POWERS.length)
      return readText(bytes, first, last, isInteger);
    if (!hasPoint && isInteger) {
      this.#integer.value = isNegative && value !== 0 ? -value : value;
      return this.#integer;
    }
    const magnitude = value / POWERS[decimals]!;
    this.#double.value = isNegative ? -magnitude : magnitude;
    return this.#double;
  }
}

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0 || byte === 0x09;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** What is long, has an exponent or is no number at all. */
function readText(bytes: Uint8Array, start: number, end: number, isInteger: boolean): NumberField {
  const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
  if (isInteger && INTEGER.test(text)) {
    const exact = BigInt(text.replace(/^\+/, ''));
    if (Number.isSafeInteger(Number(exact))) return { kind: 'integer', value: Number(exact) };
    if (exact >= MIN_INTEGER && exact <= MAX_INTEGER) return { kind: 'big-integer', value: exact };
  }
  return NUMBER.test(text) ? { kind: 'double', value: Number(text) } : { kind: 'text', text };
}
