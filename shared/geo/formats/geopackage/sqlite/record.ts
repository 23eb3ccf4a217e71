import { recordCorrupt } from './errors.ts';
import { asInteger, VarintReader, type Integer } from './varint.ts';

/** Columns of a table: SQLite's own limit. */
export const MAX_COLUMNS = 32_767;

/** Serial types with a meaning of their own; from 12 on they are lengths (https://www.sqlite.org/fileformat2.html, 2.1). */
export const SERIAL = { null: 0, integer64: 6, double: 7, zero: 8, one: 9, firstBlob: 12 } as const;

/** Bytes of the values of serial types 0 to 11. */
const LENGTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0];

/** The kind of a value, as `typeof()` of SQL tells it. */
export type StorageClass = 'null' | 'integer' | 'double' | 'text' | 'blob';

/** Reads where the values of a record stand. One is used for all rows: nothing is made for a row. */
export class RecordReader {
  /** Columns of the record, which may be fewer or more than those of its table. */
  columns = 0;
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  readonly #varints = new VarintReader();
  readonly #types: Float64Array;
  readonly #starts: Float64Array;
  readonly #most: number;

  /** @param most columns that are looked at */
  constructor(most: number) {
    this.#most = most;
    this.#types = new Float64Array(most);
    this.#starts = new Float64Array(most + 1);
  }

  /**
   * Reads the head of a record.
   * @throws FeatureError `sqlite-record-corrupt`; the columns up to there can be read
   */
  open(bytes: Uint8Array, view: DataView, start: number, end: number): void {
    this.bytes = bytes;
    this.view = view;
    this.columns = 0;
    if (start >= end) throw recordCorrupt('it has no head');
    const headEnd = start + this.#varints.readLength(bytes, start);
    let at = this.#varints.end;
    if (headEnd > end || at > headEnd) throw recordCorrupt('its head is longer than it is');
    let value = headEnd;
    while (at < headEnd && this.columns < this.#most) {
      // One byte for most values.
      let type = bytes[at]!;
      if (type < 0x80) at++;
      else {
        type = this.#varints.readLength(bytes, at);
        at = this.#varints.end;
        if (at > headEnd) throw recordCorrupt('its head is cut off');
      }
      const length = type < SERIAL.firstBlob ? LENGTHS[type]! : Math.floor((type - SERIAL.firstBlob) / 2);
      if (value + length > end) throw recordCorrupt(`its value ${this.columns} ends behind it`);
      this.#types[this.columns] = type;
      this.#starts[this.columns] = value;
      value += length;
      this.columns++;
      this.#starts[this.columns] = value;
    }
  }

  typeOf(column: number): StorageClass {
    const type = this.#types[column]!;
    if (type >= SERIAL.firstBlob) return type % 2 === 0 ? 'blob' : 'text';
    if (type === SERIAL.null || type > SERIAL.one) return 'null';
    return type === SERIAL.double ? 'double' : 'integer';
  }

  startOf(column: number): number {
    return this.#starts[column]!;
  }

  endOf(column: number): number {
    return this.#starts[column + 1]!;
  }

  integer(column: number): Integer {
    const at = this.#starts[column]!;
    const { view } = this;
    switch (this.#types[column]) {
      case 1:
        return view.getInt8(at);
      case 2:
        return view.getInt16(at);
      case 3:
        return view.getInt8(at) * 65_536 + view.getUint16(at + 1);
      case 4:
        return view.getInt32(at);
      case 5:
        return view.getInt16(at) * 4_294_967_296 + view.getUint32(at + 2);
      case SERIAL.integer64:
        return asInteger(view.getBigInt64(at));
      default:
        return this.#types[column] === SERIAL.one ? 1 : 0;
    }
  }

  double(column: number): number {
    return this.view.getFloat64(this.#starts[column]!);
  }
}
