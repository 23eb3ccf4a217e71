import type { FeatureSink } from '../../features/feature-sink.ts';
import { isDay } from '../iso-date.ts';
import type { RowTarget } from '../row-target.ts';
import type { Encoding } from './code-pages.ts';
import type { DbfField } from './dbf-header.ts';
import { NumberFieldReader } from './number-field.ts';
import { DbfTextWriter, type RowBytes } from './text-decoder.ts';

const DELETED = 0x2a;

const DAY = 24 * 60 * 60 * 1000;

/** Julian days of 1970-01-01, and of the first and last day that ISO 8601 writes with four digits. */
const JULIAN_EPOCH = 2_440_588;
const FIRST_JULIAN_DAY = 1_721_426;
const LAST_JULIAN_DAY = 5_373_484;

/** Writes the values of rows of a .dbf. */
export class DbfRowWriter {
  readonly #fields: readonly (DbfField & { field: number })[];
  readonly #texts: DbfTextWriter;
  readonly #numbers = new NumberFieldReader();

  constructor(sink: FeatureSink, fields: readonly DbfField[], encoding: Encoding | undefined) {
    this.#texts = new DbfTextWriter(encoding);
    this.#fields = fields
      .filter(({ kind }) => kind !== 'unread')
      .map((field) => ({ ...field, field: sink.field(field.name) }));
  }

  /** @param start of the row in the bytes */
  isDeleted({ bytes }: RowBytes, start: number): boolean {
    return bytes[start] === DELETED;
  }

  write(target: RowTarget, row: RowBytes, start: number): void {
    const { bytes, view } = row;
    const fields = this.#fields;
    for (let index = 0; index < fields.length; index++) {
      const { field, kind, offset, length } = fields[index]!;
      const at = start + offset;
      switch (kind) {
        case 'text':
          this.#texts.write(target, field, row, at, at + length);
          break;
        case 'digits':
        case 'number':
          this.#writeNumber(target, field, row, at, at + length, kind === 'digits');
          break;
        case 'logical':
          writeLogical(target, field, bytes[at]!);
          break;
        case 'date':
          this.#writeDate(target, field, row, at);
          break;
        case 'integer':
          target.row.integer(field, view.getInt32(at, true));
          break;
        case 'double':
          target.row.double(field, view.getFloat64(at, true));
          break;
        case 'date-time':
          writeDateTime(target, field, view.getInt32(at, true), view.getInt32(at + 4, true));
          break;
        case 'currency':
          target.row.double(field, Number(view.getBigInt64(at, true)) / 10_000);
          break;
        case 'unread':
          break;
      }
    }
  }

  #writeNumber(target: RowTarget, field: number, row: RowBytes, start: number, end: number, isInteger: boolean) {
    const number = this.#numbers.read(row.bytes, start, end, isInteger);
    switch (number.kind) {
      case 'null':
        return;
      case 'integer':
        target.row.integer(field, number.value);
        return;
      case 'big-integer':
        target.row.bigInteger(field, number.value);
        return;
      case 'double':
        target.row.double(field, number.value);
        return;
      case 'text':
        target.note({ code: 'number-invalid', reason: 'A field for numbers has a text that is none.' });
        this.#texts.write(target, field, row, start, end);
    }
  }

  /** Eight digits; blanks and zeros are null. */
  #writeDate(target: RowTarget, field: number, row: RowBytes, start: number): void {
    const { bytes } = row;
    let value = 0;
    let hasDigitsAlone = true;
    let isBlank = true;
    for (let at = start; at < start + 8; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit >= 0 && digit <= 9) value = value * 10 + digit;
      else hasDigitsAlone = false;
      isBlank &&= digit === 0 || bytes[at] === 0x20 || bytes[at] === 0;
    }
    if (isBlank) return;
    const year = Math.floor(value / 10_000);
    const month = Math.floor(value / 100) % 100;
    if (hasDigitsAlone && isDay(year, month, value % 100)) {
      const digits = String(value).padStart(8, '0');
      target.row.date(field, `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`);
      return;
    }
    target.note({ code: 'date-invalid', reason: 'A field for dates has a text that is none.' });
    this.#texts.write(target, field, row, start, start + 8);
  }
}

/** A blank and a question mark are null. */
function writeLogical({ row }: RowTarget, field: number, byte: number): void {
  const letter = String.fromCharCode(byte).toUpperCase();
  if (letter === 'T' || letter === 'Y' || letter === '1') row.boolean(field, true);
  if (letter === 'F' || letter === 'N' || letter === '0') row.boolean(field, false);
}

/** A Julian day and the milliseconds since its midnight; zeros are null. */
function writeDateTime(target: RowTarget, field: number, day: number, milliseconds: number): void {
  if (day === 0 && milliseconds === 0) return;
  const isTime = milliseconds >= 0 && milliseconds < DAY;
  if (!isTime || day < FIRST_JULIAN_DAY || day > LAST_JULIAN_DAY) {
    target.note({ code: 'date-invalid', reason: 'A field for times has a value that is none.' });
    target.row.text(field, `${day} ${milliseconds}`);
    return;
  }
  const instant = new Date((day - JULIAN_EPOCH) * DAY + milliseconds);
  // It has no time zone.
  target.row.dateTime(field, instant.toISOString().slice(0, -1));
}
