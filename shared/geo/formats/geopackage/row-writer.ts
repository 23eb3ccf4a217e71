import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { FeatureSink } from '../../features/feature-sink.ts';
import { isIsoDate, isoDateTime } from '../iso-date.ts';
import type { RowTarget } from '../row-target.ts';
import type { StoredColumn } from './column.ts';
import type { DefaultValue } from './create-table/default-value.ts';
import type { TextEncoding } from './sqlite/database.ts';
import type { RecordReader } from './sqlite/record.ts';
import { asInteger, type Integer } from './sqlite/varint.ts';

interface WrittenColumn extends StoredColumn {
  /** Number in the record. */
  number: number;
  field: number;
}

/** Longest date and time that is looked at, in bytes. */
const MAX_DATE_BYTES = 64;

/** Writes the values of rows: as their column declares them, or else as what they are. */
export class RowWriter {
  readonly #columns: readonly WrittenColumn[];
  readonly #isUtf8: boolean;
  readonly #decoder: TextDecoder;

  /** @param geometry number of the column that is left out */
  constructor(
    sink: FeatureSink,
    columns: readonly StoredColumn[],
    geometry: number | undefined,
    encoding: TextEncoding,
  ) {
    this.#isUtf8 = encoding === 'utf-8';
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
    this.#columns = columns
      .map((column, number) => ({ ...column, number, field: -1 }))
      .filter(({ number }) => number !== geometry)
      .map((column) => ({ ...column, field: sink.field(column.name) }));
  }

  write(target: RowTarget, record: RecordReader, rowid: Integer): void {
    const columns = this.#columns;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index]!;
      if (column.number >= record.columns) this.#writeDefault(target, column, rowid);
      else this.#writeValue(target, record, column, rowid);
    }
  }

  #writeValue(target: RowTarget, record: RecordReader, column: WrittenColumn, rowid: Integer): void {
    const { number, field } = column;
    switch (record.typeOf(number)) {
      case 'null':
        if (column.isRowid === true) this.#writeInteger(target, field, rowid);
        return;
      case 'integer':
        this.#writeNumber(target, column, record.integer(number));
        return;
      case 'double':
        target.row.double(field, record.double(number));
        return;
      case 'text':
        this.#writeText(target, column, record.bytes, record.startOf(number), record.endOf(number));
        return;
      case 'blob':
        target.row.binary(field, record.bytes.subarray(record.startOf(number), record.endOf(number)));
    }
  }

  #writeInteger(target: RowTarget, field: number, value: Integer): void {
    if (typeof value === 'number') target.row.integer(field, value);
    else target.row.bigInteger(field, value);
  }

  #writeNumber(target: RowTarget, { field, type, affinity }: WrittenColumn, value: Integer): void {
    if (type === 'boolean' && (value === 0 || value === 1)) target.row.boolean(field, value === 1);
    // SQLite stores a whole double as an integer, to save room.
    else if (affinity === 'real') target.row.double(field, Number(value));
    else this.#writeInteger(target, field, value);
  }

  #writeText(target: RowTarget, { field, type }: WrittenColumn, bytes: Uint8Array, start: number, end: number): void {
    if ((type === 'date' || type === 'date-time') && end - start <= MAX_DATE_BYTES) {
      this.#writeDate(target, field, type, this.#decoder.decode(bytes.subarray(start, end)));
    } else if (this.#isUtf8 && isValidUtf8(bytes, start, end)) {
      target.row.textBytes(field, bytes, start, end);
    } else {
      const text = this.#decoder.decode(bytes.subarray(start, end));
      if (this.#isUtf8 || text.includes('\ufffd')) this.#noteEncoding(target);
      target.row.text(field, text);
    }
  }

  #writeDate(target: RowTarget, field: number, type: 'date' | 'date-time', text: string): void {
    const { row } = target;
    if (type === 'date' && isIsoDate(text)) {
      row.date(field, text);
      return;
    }
    const dateTime = type === 'date-time' ? isoDateTime(text) : undefined;
    if (dateTime !== undefined) {
      row.dateTime(field, dateTime);
      return;
    }
    target.note({ code: 'date-invalid', reason: 'A column for dates or times has a text that is none.' });
    row.text(field, text);
  }

  #noteEncoding(target: RowTarget): void {
    const reason = 'A text is not in the encoding of its file; what could not be read became U+FFFD.';
    target.note({ code: 'text-encoding-invalid', reason });
  }

  /** What stands for a value that the row, which is older than its column, does not have. */
  #writeDefault(target: RowTarget, column: WrittenColumn, rowid: Integer): void {
    const { row } = target;
    const { field } = column;
    if (column.isRowid === true) {
      this.#writeInteger(target, field, rowid);
      return;
    }
    const value: DefaultValue = column.default ?? { kind: 'null' };
    switch (value.kind) {
      case 'null':
        return;
      case 'unread': {
        const reason = `The default of the column ${column.name} is an expression: it is null in rows older than it.`;
        target.note({ code: 'column-default-unread', reason });
        return;
      }
      case 'integer':
        this.#writeNumber(target, column, asInteger(BigInt(value.digits)));
        return;
      case 'double':
        row.double(field, value.value);
        return;
      case 'text':
        if (column.type === 'date' || column.type === 'date-time')
          this.#writeDate(target, field, column.type, value.text);
        else row.text(field, value.text);
        return;
      case 'blob':
        row.binary(field, Buffer.from(value.hex, 'hex'));
    }
  }
}

/** Most texts are short and of ASCII: those are told without a call into the runtime. */
function isValidUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at]! >= 0x80) return isUtf8(bytes.subarray(at, end));
  }
  return true;
}
