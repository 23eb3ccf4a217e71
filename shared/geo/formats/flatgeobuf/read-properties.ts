import { isUtf8 } from 'node:buffer';
import type { FeatureProblem, FeatureRow } from '../../features/feature-sink.ts';
import { isIsoDate, isoDateTime } from '../iso-date.ts';
import { featureCorrupt } from './read-errors.ts';
import type { FlatGeobufColumn } from './read-header.ts';

/** Types of columns (FlatGeobuf, header.fbs). */
const TYPE = {
  byte: 0,
  unsignedByte: 1,
  boolean: 2,
  short: 3,
  unsignedShort: 4,
  int: 5,
  unsignedInt: 6,
  long: 7,
  unsignedLong: 8,
  float: 9,
  double: 10,
  string: 11,
  json: 12,
  dateTime: 13,
  binary: 14,
} as const;

/** Bytes of values by type; of others the length stands before the value. */
const SIZES = [1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8];
const FIRST_OF_VARIABLE_LENGTH = SIZES.length;

const MAX_INT64 = 2n ** 63n - 1n;

/** Longest text of a date and time. */
const MAX_DATE_BYTES = 64;

export const PROPERTY_NOTES = {
  text: { code: 'text-not-utf8', reason: 'A text that is no UTF-8 was read with replacement characters.' },
  integer: { code: 'integer-above-64-bits', reason: 'An unsigned integer above 2⁶³ − 1 was kept as text.' },
  json: { code: 'json-invalid', reason: 'A value of a JSON column is no JSON and was kept as text.' },
  date: { code: 'date-time-invalid', reason: 'A value of a date column is no ISO 8601 date and was kept as text.' },
} as const satisfies Record<string, FeatureProblem>;

/** Where a property goes. */
export interface PropertyTarget {
  row: FeatureRow;
  /** Number of the field by that of the column. */
  fields: readonly number[];
  note(problem: FeatureProblem): void;
}

/** Reads the properties of features of one set of columns. */
export class PropertyDecoder {
  readonly #columns: readonly FlatGeobufColumn[];
  /** The feature that a column was last read for: each may come once. */
  readonly #readFor: Uint32Array;
  #feature = 0;

  constructor(columns: readonly FlatGeobufColumn[]) {
    this.#columns = columns;
    this.#readFor = new Uint32Array(columns.length);
  }

  /**
   * Writes the properties that lie from `start` to before `end`.
   * @throws FeatureError `flatgeobuf-feature-corrupt`
   */
  read(bytes: Uint8Array, view: DataView, start: number, end: number, target: PropertyTarget): void {
    this.#feature = (this.#feature + 1) >>> 0;
    for (let at = start; at < end;) {
      if (at + 2 > end) throw featureCorrupt('its properties end within the number of a column');
      const number = view.getUint16(at, true);
      const column = this.#columns[number];
      if (column === undefined) throw featureCorrupt(`it has a value for column ${number}, which there is not`);
      if (this.#readFor[number] === this.#feature) throw featureCorrupt(`it has two values for column ${number}`);
      this.#readFor[number] = this.#feature;
      at = writeValue(bytes, view, at + 2, end, column.type, target.fields[number]!, target);
    }
  }
}

/** Writes one value. @returns where it ends */
function writeValue(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  type: number,
  field: number,
  target: PropertyTarget,
): number {
  const { row } = target;
  if (type >= FIRST_OF_VARIABLE_LENGTH) {
    if (at + 4 > end) throw featureCorrupt('its properties end within the length of a value');
    const start = at + 4;
    const valueEnd = start + view.getUint32(at, true);
    if (valueEnd > end) throw featureCorrupt('a value ends behind its properties');
    writeVariable(bytes, start, valueEnd, type, field, target);
    return valueEnd;
  }
  const valueEnd = at + SIZES[type]!;
  if (valueEnd > end) throw featureCorrupt('its properties end within a value');
  switch (type) {
    case TYPE.byte:
      row.integer(field, view.getInt8(at));
      break;
    case TYPE.unsignedByte:
      row.integer(field, view.getUint8(at));
      break;
    case TYPE.boolean:
      row.boolean(field, view.getUint8(at) !== 0);
      break;
    case TYPE.short:
      row.integer(field, view.getInt16(at, true));
      break;
    case TYPE.unsignedShort:
      row.integer(field, view.getUint16(at, true));
      break;
    case TYPE.int:
      row.integer(field, view.getInt32(at, true));
      break;
    case TYPE.unsignedInt:
      row.integer(field, view.getUint32(at, true));
      break;
    case TYPE.long:
      writeLong(view, at, view.getInt32(at + 4, true), field, target);
      break;
    case TYPE.unsignedLong:
      writeLong(view, at, view.getUint32(at + 4, true), field, target);
      break;
    case TYPE.float:
      row.double(field, view.getFloat32(at, true));
      break;
    case TYPE.double:
      row.double(field, view.getFloat64(at, true));
      break;
  }
  return valueEnd;
}

/** @param high upper half, with its sign or without */
function writeLong(view: DataView, at: number, high: number, field: number, target: PropertyTarget): void {
  const low = view.getUint32(at, true);
  const value = high * 2 ** 32 + low;
  if (Number.isSafeInteger(value)) {
    target.row.integer(field, value);
    return;
  }
  const exact = BigInt(high) * 2n ** 32n + BigInt(low);
  if (exact <= MAX_INT64) {
    target.row.bigInteger(field, exact);
    return;
  }
  target.row.text(field, exact.toString());
  target.note(PROPERTY_NOTES.integer);
}

function writeVariable(
  bytes: Uint8Array,
  start: number,
  end: number,
  type: number,
  field: number,
  target: PropertyTarget,
): void {
  const { row } = target;
  if (type === TYPE.binary) {
    row.binary(field, bytes.subarray(start, end));
    return;
  }
  const value = bytes.subarray(start, end);
  if (!isUtf8(value)) {
    row.text(field, decode(value));
    target.note(PROPERTY_NOTES.text);
    return;
  }
  switch (type) {
    case TYPE.string:
      row.textBytes(field, bytes, start, end);
      return;
    case TYPE.json:
      writeJson(decode(value), field, target);
      return;
    case TYPE.dateTime:
      writeDate(value, field, target);
      return;
    default:
      throw featureCorrupt(`a column has the type ${type}, which there is not`);
  }
}

/** Objects and arrays are JSON; a text, a number or a word by itself is text. */
function writeJson(text: string, field: number, target: PropertyTarget): void {
  const { row } = target;
  if (isJson(text)) {
    if (/^\s*[[{]/.test(text)) row.json(field, text);
    else row.text(field, text);
    return;
  }
  row.text(field, text);
  target.note(PROPERTY_NOTES.json);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // A SyntaxError, or a RangeError for what is nested too deep to be parsed.
    return false;
  }
}

function writeDate(value: Uint8Array, field: number, target: PropertyTarget): void {
  const { row } = target;
  const text = decode(value);
  const dateTime = value.length <= MAX_DATE_BYTES ? isoDateTime(text) : undefined;
  if (dateTime !== undefined) row.dateTime(field, dateTime);
  else if (value.length <= MAX_DATE_BYTES && isIsoDate(text)) row.date(field, text);
  else {
    row.text(field, text);
    target.note(PROPERTY_NOTES.date);
  }
}

const decode = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
