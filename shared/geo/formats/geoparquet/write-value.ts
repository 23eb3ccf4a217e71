import { isUtf8 } from 'node:buffer';
import type { SchemaElement } from 'hyparquet';
import { parseFloat16 } from 'hyparquet/src/convert.js';
import type { DeclaredType } from '../../features/feature-format.ts';
import type { FeatureProblem, FeatureRow } from '../../features/feature-sink.ts';
import { parquetUnsupported } from './read-errors.ts';

/** Where a value goes. */
export interface ValueTarget {
  row: FeatureRow;
  note(problem: FeatureProblem): void;
}

/** Writes a value that is not null into a field. */
export type WriteValue = (value: unknown, field: number, target: ValueTarget) => void;

/** How a column of single values is read. */
export interface ValueKind {
  type: DeclaredType;
  write: WriteValue;
}

export const VALUE_NOTES = {
  text: { code: 'text-not-utf8', reason: 'A text that is no UTF-8 was read with replacement characters.' },
  integer: { code: 'integer-above-64-bits', reason: 'An unsigned integer above 2⁶³ − 1 was kept as text.' },
  json: { code: 'json-invalid', reason: 'A value of a JSON column is no JSON and was kept as text.' },
  date: {
    code: 'date-out-of-range',
    reason: 'A date or time before the year 0 or after 9999 was kept as the number that the file has.',
  },
} as const satisfies Record<string, FeatureProblem>;

/** Decimals of so many digits are exact as a double when they are written out again. */
const MAX_DOUBLE_DIGITS = 15;

const MAX_INT64 = 2n ** 63n - 1n;
const DAY_MS = 86_400_000;
/** Milliseconds of the years 0 to 9999, which ISO 8601 writes with four digits. */
const MIN_MS = Date.parse('0000-01-01T00:00:00Z');
const MAX_MS = Date.UTC(10_000, 0, 1);

/** Digits of a second, by unit. */
const UNIT_DIGITS = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const;

/**
 * What a column of single values becomes. Decimals of up to 15 digits are doubles, those of more are text.
 * @throws LonghaulError `parquet-unsupported` (final)
 */
export function valueKind(element: SchemaElement): ValueKind {
  const { type, logical_type: logical, converted_type: converted } = element;
  switch (type) {
    case 'BOOLEAN':
      return { type: 'boolean', write: (value, field, { row }) => row.boolean(field, Boolean(value)) };
    case 'FLOAT':
    case 'DOUBLE':
      return { type: 'double', write: (value, field, { row }) => row.double(field, value as number) };
    case 'INT96':
      return { type: 'date-time', write: writeInt96 };
    case 'INT32':
    case 'INT64':
      return integerKind(element);
    case 'BYTE_ARRAY':
    case 'FIXED_LEN_BYTE_ARRAY':
      if (logical?.type === 'DECIMAL' || converted === 'DECIMAL') return decimalKind(element);
      if (logical?.type === 'FLOAT16') return { type: 'double', write: writeFloat16 };
      if (logical?.type === 'UUID') return { type: 'text', write: writeUuid };
      if (logical?.type === 'JSON' || converted === 'JSON') return { type: 'json', write: writeJson };
      return isText(element) ? { type: 'text', write: writeText } : { type: 'binary', write: writeBinary };
    default:
      throw parquetUnsupported(`has a column of the type ${String(type)}`);
  }
}

const isText = ({ logical_type: logical, converted_type: converted }: SchemaElement): boolean =>
  logical?.type === 'STRING' || logical?.type === 'ENUM' || converted === 'UTF8' || converted === 'ENUM';

function integerKind(element: SchemaElement): ValueKind {
  const { logical_type: logical, converted_type: converted, type } = element;
  if (logical?.type === 'DECIMAL' || converted === 'DECIMAL') return decimalKind(element);
  if (logical?.type === 'DATE' || converted === 'DATE') return { type: 'date', write: writeDate };
  if (logical?.type === 'TIMESTAMP') return timestampKind(logical.unit, logical.isAdjustedToUTC);
  if (converted === 'TIMESTAMP_MILLIS') return timestampKind('MILLIS', true);
  if (converted === 'TIMESTAMP_MICROS') return timestampKind('MICROS', true);
  if (logical?.type === 'TIME') return timeKind(UNIT_DIGITS[logical.unit]);
  if (converted === 'TIME_MILLIS') return timeKind(UNIT_DIGITS.MILLIS);
  if (converted === 'TIME_MICROS') return timeKind(UNIT_DIGITS.MICROS);
  const isUnsigned = (logical?.type === 'INTEGER' && !logical.isSigned) || converted?.startsWith('UINT_') === true;
  if (type === 'INT32') {
    return {
      type: 'integer',
      write: (value, field, { row }) => row.integer(field, isUnsigned ? (value as number) >>> 0 : (value as number)),
    };
  }
  return {
    type: 'integer',
    write: (value, field, target) => {
      const exact = isUnsigned ? BigInt.asUintN(64, value as bigint) : (value as bigint);
      writeBigInteger(exact, field, target);
    },
  };
}

function writeBigInteger(value: bigint, field: number, target: ValueTarget): void {
  const { row } = target;
  const number = Number(value);
  if (Number.isSafeInteger(number)) row.integer(field, number);
  else if (value <= MAX_INT64) row.bigInteger(field, value);
  else {
    row.text(field, value.toString());
    target.note(VALUE_NOTES.integer);
  }
}

function decimalKind(element: SchemaElement): ValueKind {
  const { logical_type: logical } = element;
  const scale = (logical?.type === 'DECIMAL' ? logical.scale : element.scale) ?? 0;
  const precision = (logical?.type === 'DECIMAL' ? logical.precision : element.precision) ?? Infinity;
  if (!Number.isInteger(scale) || scale < 0 || scale > 1_000)
    throw parquetUnsupported(`has decimals of scale ${scale}`);
  const isDouble = precision <= MAX_DOUBLE_DIGITS;
  return {
    type: isDouble ? 'double' : 'text',
    write: (value, field, { row }) => {
      const text = decimalText(unscaled(value), scale);
      if (isDouble) row.double(field, Number(text));
      else row.text(field, text);
    },
  };
}

/** Two's complement, the highest byte first. */
function unscaled(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number | bigint);
  if (value.length === 0) return 0n;
  const hex = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  return BigInt.asIntN(8 * value.length, BigInt(`0x${hex}`));
}

function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return value.toString();
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function timestampKind(unit: keyof typeof UNIT_DIGITS, isUtc: boolean): ValueKind {
  const digits = UNIT_DIGITS[unit];
  return {
    type: 'date-time',
    write: (value, field, target) => {
      const text = timestampText(value as bigint, digits, isUtc);
      if (text !== undefined) target.row.dateTime(field, text);
      else writeOutOfRange(value, field, target);
    },
  };
}

/** ISO 8601 of a time since 1970; undefined for years of more or fewer than four digits. */
export function timestampText(value: bigint, digits: number, isUtc: boolean): string | undefined {
  const perSecond = 10n ** BigInt(digits);
  const fraction = ((value % perSecond) + perSecond) % perSecond;
  const ms = Number((value - fraction) / perSecond) * 1000;
  if (!(ms >= MIN_MS && ms < MAX_MS)) return undefined;
  const second = new Date(ms).toISOString().slice(0, 19);
  const part = fraction === 0n ? '' : `.${fraction.toString().padStart(digits, '0').replace(/0+$/, '')}`;
  return `${second}${part}${isUtc ? 'Z' : ''}`;
}

function timeKind(digits: number): ValueKind {
  return {
    type: 'text',
    write: (value, field, { row }) => {
      // A time of day is one of the first day of 1970.
      const text = timestampText(BigInt(value as number | bigint), digits, false);
      row.text(field, text?.startsWith('1970-01-01T') === true ? text.slice(11) : String(value));
    },
  };
}

function writeDate(value: unknown, field: number, target: ValueTarget): void {
  const text = dateText(value as number);
  if (text !== undefined) target.row.date(field, text);
  else writeOutOfRange(value, field, target);
}

/** ISO 8601 of a day since 1970; undefined for years of more or fewer than four digits. */
export function dateText(days: number): string | undefined {
  const ms = days * DAY_MS;
  return ms >= MIN_MS && ms < MAX_MS ? new Date(ms).toISOString().slice(0, 10) : undefined;
}

/** Nanoseconds of a day, and the day by its Julian number (Impala). */
function writeInt96(value: unknown, field: number, target: ValueTarget): void {
  const days = ((value as bigint) >> 64n) - 2_440_588n;
  const nanoseconds = BigInt.asUintN(64, value as bigint);
  const text = timestampText(days * 86_400_000_000_000n + nanoseconds, UNIT_DIGITS.NANOS, true);
  if (text !== undefined) target.row.dateTime(field, text);
  else writeOutOfRange(value, field, target);
}

function writeOutOfRange(value: unknown, field: number, target: ValueTarget): void {
  target.row.text(field, String(value));
  target.note(VALUE_NOTES.date);
}

function writeFloat16(value: unknown, field: number, { row }: ValueTarget): void {
  row.double(field, parseFloat16(value as Uint8Array) ?? NaN);
}

function writeUuid(value: unknown, field: number, { row }: ValueTarget): void {
  const hex = hexOf(value as Uint8Array);
  row.text(field, hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
}

function writeBinary(value: unknown, field: number, { row }: ValueTarget): void {
  row.binary(field, value as Uint8Array);
}

function writeText(value: unknown, field: number, target: ValueTarget): void {
  const bytes = value as Uint8Array;
  if (isUtf8(bytes)) target.row.textBytes(field, bytes, 0, bytes.length);
  else {
    target.row.text(field, textOf(bytes));
    target.note(VALUE_NOTES.text);
  }
}

/** Objects and arrays are JSON; a text, a number or a word by itself is text. */
function writeJson(value: unknown, field: number, target: ValueTarget): void {
  const text = textOf(value as Uint8Array);
  try {
    JSON.parse(text);
    if (/^\s*[[{]/.test(text)) target.row.json(field, text);
    else target.row.text(field, text);
  } catch {
    // A SyntaxError, or a RangeError for what is nested too deep to be parsed.
    target.row.text(field, text);
    target.note(VALUE_NOTES.json);
  }
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
