/** Makes the error of bytes that are not what they should be. */
export type Corrupt = (reason: string) => Error;

const OFFSET_BYTES = 4;

/**
 * Reads FlatBuffers tables ("Internals" of its documentation) out of untrusted bytes: every offset, length and vtable is
 * held against the bytes that there are. Places are offsets from the beginning of the bytes.
 */
export class TableReader {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  /** No table or vector ends behind. */
  end = 0;
  #start = 0;
  readonly #corrupt: Corrupt;

  constructor(corrupt: Corrupt) {
    this.#corrupt = corrupt;
  }

  /** Takes bytes from `start` to `end`, which begin with the offset of their root. @returns the root */
  open(bytes: Uint8Array, start: number, end: number): number {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#start = start;
    this.end = end;
    return this.#table(start);
  }

  /** Place of a field by its number; 0 when the table has none. */
  field(table: number, number: number, size: number): number {
    const vtable = table - this.view.getInt32(table, true);
    const entry = 4 + 2 * number;
    if (entry + 2 > this.view.getUint16(vtable, true)) return 0;
    const offset = this.view.getUint16(vtable + entry, true);
    if (offset === 0) return 0;
    if (offset + size > this.view.getUint16(vtable + 2, true)) throw this.#corrupt('a field lies outside of its table');
    return table + offset;
  }

  uint8(table: number, number: number, absent: number): number {
    const place = this.field(table, number, 1);
    return place === 0 ? absent : this.bytes[place]!;
  }

  uint16(table: number, number: number, absent: number): number {
    const place = this.field(table, number, 2);
    return place === 0 ? absent : this.view.getUint16(place, true);
  }

  int32(table: number, number: number, absent: number): number {
    const place = this.field(table, number, 4);
    return place === 0 ? absent : this.view.getInt32(place, true);
  }

  uint64(table: number, number: number): bigint {
    const place = this.field(table, number, 8);
    return place === 0 ? 0n : this.view.getBigUint64(place, true);
  }

  /** The table that a field leads to; 0 when there is none. */
  table(table: number, number: number): number {
    const place = this.field(table, number, OFFSET_BYTES);
    return place === 0 ? 0 : this.#table(place);
  }

  /** The place of the length of a vector whose elements take `size` bytes; 0 when there is none. */
  vector(table: number, number: number, size: number): number {
    const place = this.field(table, number, OFFSET_BYTES);
    if (place === 0) return 0;
    const vector = this.#follow(place);
    if (this.view.getUint32(vector, true) * size > this.end - vector - 4) {
      throw this.#corrupt('a vector reaches behind the end');
    }
    return vector;
  }

  /** Number of elements of a vector; 0 when there is none. */
  length(vector: number): number {
    return vector === 0 ? 0 : this.view.getUint32(vector, true);
  }

  /** One of the tables of a vector. */
  element(vector: number, index: number): number {
    return this.#table(vector + 4 + OFFSET_BYTES * index);
  }

  /**
   * A text, with replacement characters where it is no UTF-8; undefined when there is none.
   * @param most bytes: many offsets may lead to one long text
   */
  text(table: number, number: number, most: number): string | undefined {
    const vector = this.vector(table, number, 1);
    if (vector === 0) return undefined;
    const length = this.length(vector);
    if (length > most) throw this.#corrupt(`a text has ${length} bytes, more than ${most}`);
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + vector + 4, length).toString('utf8');
  }

  /** The table that the offset at a place leads to; its vtable lies in the bytes. */
  #table(place: number): number {
    const table = this.#follow(place);
    const vtable = table - this.view.getInt32(table, true);
    if (vtable < this.#start || vtable + 4 > this.end) throw this.#corrupt('a vtable lies outside');
    const vtableBytes = this.view.getUint16(vtable, true);
    const tableBytes = this.view.getUint16(vtable + 2, true);
    if (vtableBytes < 4 || vtableBytes % 2 !== 0 || vtable + vtableBytes > this.end) {
      throw this.#corrupt('a vtable is too long or too short');
    }
    if (tableBytes < 4 || table + tableBytes > this.end) throw this.#corrupt('a table is too long or too short');
    return table;
  }

  /** Where the offset at a place leads: on, by at least its own length, and to four bytes that there are. */
  #follow(place: number): number {
    if (place + OFFSET_BYTES > this.end) throw this.#corrupt('an offset lies outside');
    const offset = this.view.getUint32(place, true);
    const target = place + offset;
    if (offset < OFFSET_BYTES || target + 4 > this.end) throw this.#corrupt('an offset leads outside');
    return target;
  }
}
