/** Digits of which any number is a safe integer. */
const SAFE_DIGITS = 15;

/**
 * The integer of a lexeme with the tag `lexicalInteger`.
 * @returns a number if it is a safe integer, else exactly
 */
export function parseInteger(bytes: Uint8Array, start: number, end: number): number | bigint {
  const negative = bytes[start] === 0x2d;
  const digits = negative ? start + 1 : start;
  if (end - digits > SAFE_DIGITS) {
    const value = BigInt(latin1(bytes, start, end));
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  let value = 0;
  for (let position = digits; position < end; position++) value = 10 * value + bytes[position]! - 0x30;
  // A zero has no sign: `-0` is no integer lexeme.
  return negative ? -value : value;
}

/** The nearest double of a lexeme that is a number. */
export function parseDouble(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === 0x2d;
  let mantissa = 0;
  let fractionDigits = -1;
  let digits = 0;
  for (let position = negative ? start + 1 : start; position < end; position++) {
    const byte = bytes[position]!;
    if (byte >= 0x30 && byte <= 0x39 && digits < SAFE_DIGITS) {
      mantissa = 10 * mantissa + byte - 0x30;
      digits++;
      if (fractionDigits >= 0) fractionDigits++;
    } else if (byte === 0x2e && fractionDigits < 0) {
      fractionDigits = 0;
    } else {
      return Number(latin1(bytes, start, end));
    }
  }
  // Both are exact, so that their quotient is the nearest double (Clinger 1990).
  const value = fractionDigits > 0 ? mantissa / POWERS_OF_TEN[fractionDigits]! : mantissa;
  return negative ? -value : value;
}

const POWERS_OF_TEN = Float64Array.from({ length: SAFE_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** A text of ASCII characters. */
function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
