import { IsoDateTime, parseIsoDate, parseIsoDateTime } from './iso-date-time.ts';
import { PROPERTY_TAGS, type PropertyTag } from './property-tags.ts';

const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
/** Longest text that can be more than a text. */
const MAX_LEXEME_BYTES = 400;
/** So many digits without an exponent neither overflow a double nor vanish in one. */
const SURE_BYTES = 300;
/** Digits of the largest integer of 64 bits, and of the least one without its sign. */
const GREATEST_INT64 = '9223372036854775807';
const LEAST_INT64 = '9223372036854775808';

const scratch = new IsoDateTime();

/**
 * What a value of a format without types can be taken for without losing anything of it: numbers with leading zeros or a
 * plus sign, integers beyond 64 bits, numbers beyond a double, `-0`, `NaN` and `yes` stay texts. Spaces around it do not count:
 * the value keeps them, for a column that ends as text.
 */
export function lexemeTag(bytes: Uint8Array, start: number, end: number): PropertyTag {
  const length = end - start;
  if (length === 0 || length > MAX_LEXEME_BYTES) return PROPERTY_TAGS.lexicalText;
  const first = bytes[start]!;
  if (first === SPACE || bytes[end - 1] === SPACE) {
    const lexeme = skipSpaces(bytes, start, end);
    return lexemeTag(bytes, lexeme, skipSpacesBack(bytes, lexeme, end));
  }
  if (first > NINE) return isBoolean(bytes, start, end) ? PROPERTY_TAGS.lexicalBoolean : PROPERTY_TAGS.lexicalText;
  const isDate = length >= 10 && bytes[start + 4] === 0x2d && first >= ZERO;
  return isDate ? dateTag(bytes, start, end) : numberTag(bytes, start, end);
}

/** Where a lexeme begins that may have spaces before it; `end` where there is nothing else. */
export function skipSpaces(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  while (position < end && bytes[position] === SPACE) position++;
  return position;
}

/** Where a lexeme ends that may have spaces behind it; `start` where there is nothing else. */
export function skipSpacesBack(bytes: Uint8Array, start: number, end: number): number {
  let position = end;
  while (position > start && bytes[position - 1] === SPACE) position--;
  return position;
}

/** `true` or `false`, in lower, upper or title case. */
function isBoolean(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length !== 4 && length !== 5) return false;
  const word = String.fromCharCode(...bytes.subarray(start, end));
  return /^(?:true|True|TRUE|false|False|FALSE)$/.test(word);
}

function dateTag(bytes: Uint8Array, start: number, end: number): PropertyTag {
  const days = parseIsoDate(bytes, start, end);
  if (days === days) return PROPERTY_TAGS.lexicalDate;
  return parseIsoDateTime(bytes, start, end, scratch) ? PROPERTY_TAGS.lexicalDateTime : PROPERTY_TAGS.lexicalText;
}

function numberTag(bytes: Uint8Array, start: number, end: number): PropertyTag {
  const negative = bytes[start] === 0x2d;
  const digits = negative ? start + 1 : start;
  let position = skipDigits(bytes, digits, end);
  const integerDigits = position - digits;
  if (integerDigits > 1 && bytes[digits] === ZERO) return PROPERTY_TAGS.lexicalText;
  if (position === end) return integerTag(bytes, digits, integerDigits, negative);
  let fractionDigits = 0;
  if (bytes[position] === 0x2e) {
    const fraction = position + 1;
    position = skipDigits(bytes, fraction, end);
    fractionDigits = position - fraction;
  }
  if (integerDigits + fractionDigits === 0) return PROPERTY_TAGS.lexicalText;
  const mantissaEnd = position;
  if (position < end && (bytes[position]! | 0x20) === 0x65) {
    position++;
    if (bytes[position] === 0x2b || bytes[position] === 0x2d) position++;
    const exponent = position;
    position = skipDigits(bytes, exponent, end);
    if (position === exponent) return PROPERTY_TAGS.lexicalText;
  }
  if (position !== end) return PROPERTY_TAGS.lexicalText;
  const isExact = isZero(bytes, digits, mantissaEnd)
    ? !negative
    : (position === mantissaEnd && position - start <= SURE_BYTES) || isWithinDouble(bytes, start, end);
  return isExact ? PROPERTY_TAGS.lexicalDouble : PROPERTY_TAGS.lexicalText;
}

function integerTag(bytes: Uint8Array, start: number, digits: number, negative: boolean): PropertyTag {
  if (digits === 0 || digits > 19 || (negative && bytes[start] === ZERO)) return PROPERTY_TAGS.lexicalText;
  if (digits < 19) return PROPERTY_TAGS.lexicalInteger;
  const limit = negative ? LEAST_INT64 : GREATEST_INT64;
  for (let index = 0; index < digits; index++) {
    const difference = bytes[start + index]! - limit.charCodeAt(index);
    if (difference !== 0) return difference < 0 ? PROPERTY_TAGS.lexicalInteger : PROPERTY_TAGS.lexicalText;
  }
  return PROPERTY_TAGS.lexicalInteger;
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let position = start; position < end; position++) {
    if (bytes[position]! > ZERO) return false;
  }
  return true;
}

/** Whether a number other than zero neither overflows nor vanishes. */
function isWithinDouble(bytes: Uint8Array, start: number, end: number): boolean {
  const value = Number(String.fromCharCode(...bytes.subarray(start, end)));
  return value !== 0 && Number.isFinite(value);
}

function skipDigits(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  while (position < end && bytes[position]! >= ZERO && bytes[position]! <= NINE) position++;
  return position;
}
