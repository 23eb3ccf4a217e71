const DASH = 0x2d;
const COLON = 0x3a;
const DOT = 0x2e;
const ZERO = 0x30;
const DATE_BYTES = 10;
const DAY_SECONDS = 86_400;
/** Digits behind the second that are kept: nanoseconds. */
const MAX_FRACTION_DIGITS = 9;

/** A date and time as it was read: its parts, not the text. */
export class IsoDateTime {
  /** Whole seconds since 1970-01-01T00:00:00, in UTC where `zoned`. */
  seconds = 0;
  nanoseconds = 0;
  /** Digits behind the second. */
  fractionDigits = 0;
  /** Whether it says its offset to UTC. */
  zoned = false;
}

/**
 * Days from 1970-01-01 of an ISO 8601 calendar date (`2026-11-26`), of the proleptic Gregorian calendar.
 * @returns NaN for anything else, such as 2026-02-30
 */
export function parseIsoDate(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== DATE_BYTES || bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return NaN;
  const year = 100 * twoDigits(bytes, start) + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month))) return NaN;
  return daysFromCivil(year, month, day);
}

/**
 * Reads an ISO 8601 date and time, with `T` or a space between them, with or without seconds, a fraction of up to nine
 * digits, and an offset (`Z`, `+01:00`, `+0100`, `+01`).
 * @returns false for anything else; `into` is then undefined
 */
export function parseIsoDateTime(bytes: Uint8Array, start: number, end: number, into: IsoDateTime): boolean {
  const separator = bytes[start + DATE_BYTES];
  if (end - start < 16 || (separator !== 0x54 && separator !== 0x20)) return false;
  const days = parseIsoDate(bytes, start, start + DATE_BYTES);
  const hours = twoDigits(bytes, start + 11);
  const minutes = twoDigits(bytes, start + 14);
  if (!(days === days && bytes[start + 13] === COLON && hours <= 23 && minutes <= 59)) return false;
  let position = start + 16;
  let seconds = 0;
  if (position < end && bytes[position] === COLON) {
    seconds = position + 3 <= end ? twoDigits(bytes, position + 1) : NaN;
    if (!(seconds <= 59)) return false;
    position += 3;
  }
  into.nanoseconds = 0;
  into.fractionDigits = 0;
  if (position === start + 19 && position < end && bytes[position] === DOT) {
    const first = ++position;
    while (position < end && isDigit(bytes[position]!)) {
      into.nanoseconds = 10 * into.nanoseconds + bytes[position++]! - ZERO;
      if (position - first > MAX_FRACTION_DIGITS) return false;
    }
    into.fractionDigits = position - first;
    if (into.fractionDigits === 0) return false;
    into.nanoseconds *= 10 ** (MAX_FRACTION_DIGITS - into.fractionDigits);
  }
  const offset = parseOffset(bytes, position, end);
  if (offset !== offset) return false;
  into.zoned = position < end;
  into.seconds = days * DAY_SECONDS + hours * 3600 + minutes * 60 + seconds - offset;
  return true;
}

/** Seconds east of UTC; 0 for none, NaN for what is no offset. */
function parseOffset(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return 0;
  const first = bytes[start];
  if (first === 0x5a) return end === start + 1 ? 0 : NaN;
  if (first !== 0x2b && first !== DASH) return NaN;
  const length = end - start;
  const hours = length >= 3 ? twoDigits(bytes, start + 1) : NaN;
  let minutes = 0;
  if (length === 6 && bytes[start + 3] === COLON) minutes = twoDigits(bytes, start + 4);
  else if (length === 5) minutes = twoDigits(bytes, start + 3);
  else if (length !== 3) return NaN;
  if (!(hours <= 23 && minutes <= 59)) return NaN;
  const seconds = hours * 3600 + minutes * 60;
  return first === DASH ? -seconds : seconds;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

/** The number of two digits; NaN when they are none. */
function twoDigits(bytes: Uint8Array, position: number): number {
  const tens = bytes[position]!;
  const ones = bytes[position + 1]!;
  return isDigit(tens) && isDigit(ones) ? 10 * tens + ones - 11 * ZERO : NaN;
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Years are counted from March, so that the day that comes and goes is the last one. */
function daysFromCivil(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
