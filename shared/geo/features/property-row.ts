import type { FeatureRow } from './feature-sink.ts';
import { IsoDateTime, parseIsoDate, parseIsoDateTime } from './iso-date-time.ts';
import { lexemeTag } from './lexeme-tag.ts';
import { MAX_FEATURE_BYTES, MAX_FIELDS } from './limits.ts';
import { FIXED_VALUE_BYTES, PROPERTY_HEAD_BYTES, PROPERTY_TAGS, type PropertyTag } from './property-tags.ts';

const FIRST_BYTES = 4096;
const LENGTH_BYTES = 4;
/** Up to so many bytes a loop is faster than a call. */
const LOOP_BYTES = 48;
/** UTF-8 bytes of a UTF-16 unit at most; long texts are measured instead. */
const MAX_UNIT_BYTES = 3;
const LONG_TEXT = 2 ** 16;
const MAX_INT32 = 2 ** 31 - 1;
const MIN_INT32 = -(2 ** 31);

const encoder = new TextEncoder();
const scratch = new IsoDateTime();

/** Encodes the properties of one feature as they are stored: field, tag and value of each, one behind the other. */
export class PropertyRow implements FeatureRow {
  /** A `Buffer`: it copies ranges without a view for each. */
  bytes = Buffer.from(new ArrayBuffer(FIRST_BYTES));
  view = new DataView(this.bytes.buffer);
  /** Bytes of the row so far. */
  length = 0;
  /** Values that were replaced by a later one of the same field. */
  repeated = 0;
  /** Dates and times that are none: they are kept as texts. */
  misdated = 0;
  /** The row passed `MAX_FEATURE_BYTES`: what came after is left out. */
  isTooLarge = false;
  /** Which row a field was last written in, and where. */
  readonly #rows = new Float64Array(MAX_FIELDS);
  readonly #starts = new Uint32Array(MAX_FIELDS);
  #row = 1;

  /** Begins the row of another feature. */
  clear(): void {
    this.length = 0;
    this.repeated = 0;
    this.misdated = 0;
    this.isTooLarge = false;
    this.#row++;
  }

  /** Whether the field has a value in this row. */
  has(field: number): boolean {
    return this.#rows[field] === this.#row;
  }

  text(field: number, value: string): void {
    this.#string(field, PROPERTY_TAGS.text, value);
  }

  textBytes(field: number, bytes: Uint8Array, start: number, end: number): void {
    this.#bytes(field, PROPERTY_TAGS.text, bytes, start, end);
  }

  lexical(field: number, value: string): void {
    const start = this.#string(field, PROPERTY_TAGS.lexicalText, value);
    if (start >= 0) this.bytes[start + 2] = lexemeTag(this.bytes, start + 7, this.length);
  }

  lexicalBytes(field: number, bytes: Uint8Array, start: number, end: number): void {
    this.#bytes(field, lexemeTag(bytes, start, end), bytes, start, end);
  }

  boolean(field: number, value: boolean): void {
    const position = this.#begin(field, PROPERTY_TAGS.boolean, 1);
    if (position >= 0) this.bytes[position] = value ? 1 : 0;
  }

  integer(field: number, value: number): void {
    if (value >= MIN_INT32 && value <= MAX_INT32 && Number.isInteger(value)) {
      const position = this.#begin(field, PROPERTY_TAGS.int32, 4);
      if (position >= 0) this.view.setInt32(position, value, true);
    } else if (Number.isSafeInteger(value)) {
      this.bigInteger(field, BigInt(value));
    } else {
      this.double(field, value);
    }
  }

  /** An integer beyond 64 bits with a sign, which neither FlatGeobuf nor Parquet readers take everywhere, is kept as text. */
  bigInteger(field: number, value: bigint): void {
    if (value >= BigInt(MIN_INT32) && value <= BigInt(MAX_INT32)) {
      this.integer(field, Number(value));
    } else if (BigInt.asIntN(64, value) === value) {
      const position = this.#begin(field, PROPERTY_TAGS.int64, 8);
      if (position >= 0) this.view.setBigInt64(position, value, true);
    } else {
      this.#string(field, PROPERTY_TAGS.text, value.toString());
    }
  }

  double(field: number, value: number): void {
    const position = this.#begin(field, PROPERTY_TAGS.double, 8);
    if (position >= 0) this.view.setFloat64(position, value, true);
  }

  date(field: number, value: string): void {
    const start = this.#string(field, PROPERTY_TAGS.date, value);
    if (start < 0) return;
    const days = parseIsoDate(this.bytes, start + 7, this.length);
    if (days !== days) this.#makeText(start);
  }

  dateTime(field: number, value: string): void {
    const start = this.#string(field, PROPERTY_TAGS.dateTime, value);
    if (start >= 0 && !parseIsoDateTime(this.bytes, start + 7, this.length, scratch)) this.#makeText(start);
  }

  json(field: number, value: string): void {
    this.#string(field, PROPERTY_TAGS.json, value);
  }

  binary(field: number, value: Uint8Array): void {
    this.#bytes(field, PROPERTY_TAGS.binary, value, 0, value.length);
  }

  #makeText(start: number): void {
    this.bytes[start + 2] = PROPERTY_TAGS.text;
    this.misdated++;
  }

  /** @returns where the property begins; −1 when there is no room for it */
  #string(field: number, tag: PropertyTag, value: string): number {
    const length = value.length;
    const most = length > LONG_TEXT ? Buffer.byteLength(value) : MAX_UNIT_BYTES * length;
    const position = this.#begin(field, tag, LENGTH_BYTES + most);
    if (position < 0) return -1;
    const start = position + LENGTH_BYTES;
    const { bytes } = this;
    let index = 0;
    if (length <= LOOP_BYTES) {
      for (; index < length; index++) {
        const unit = value.charCodeAt(index);
        if (unit > 0x7f) break;
        bytes[start + index] = unit;
      }
    }
    const written = index === length ? length : encoder.encodeInto(value, bytes.subarray(start)).written;
    this.view.setUint32(position, written, true);
    this.length = start + written;
    return position - PROPERTY_HEAD_BYTES;
  }

  #bytes(field: number, tag: PropertyTag, from: Uint8Array, start: number, end: number): void {
    const position = this.#begin(field, tag, LENGTH_BYTES + end - start);
    if (position < 0) return;
    this.view.setUint32(position, end - start, true);
    const { bytes } = this;
    const target = position + LENGTH_BYTES;
    if (end - start > LOOP_BYTES) bytes.set(from.subarray(start, end), target);
    else for (let index = start; index < end; index++) bytes[target + index - start] = from[index]!;
  }

  /** @returns where the value goes; −1 when there is no room for it */
  #begin(field: number, tag: PropertyTag, valueBytes: number): number {
    if (this.#rows[field] === this.#row) this.#remove(field);
    const end = this.length + PROPERTY_HEAD_BYTES + valueBytes;
    if (end > this.bytes.length && !this.#grow(end)) return -1;
    const { bytes, length } = this;
    this.#rows[field] = this.#row;
    this.#starts[field] = length;
    bytes[length] = field & 0xff;
    bytes[length + 1] = field >> 8;
    bytes[length + 2] = tag;
    this.length = end;
    return length + PROPERTY_HEAD_BYTES;
  }

  #grow(bytes: number): boolean {
    this.isTooLarge ||= bytes > MAX_FEATURE_BYTES;
    if (this.isTooLarge) return false;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, Math.min(2 * this.bytes.length, MAX_FEATURE_BYTES)));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
    return true;
  }

  /** Takes out the value that a field has already: the last one counts, as in `JSON.parse`. */
  #remove(field: number): void {
    const start = this.#starts[field]!;
    const bytes = propertyBytes(this.view, start);
    this.bytes.copyWithin(start, start + bytes, this.length);
    this.length -= bytes;
    this.repeated++;
    for (let position = start; position < this.length; position += propertyBytes(this.view, position)) {
      this.#starts[this.view.getUint16(position, true)] = position;
    }
  }
}

function propertyBytes(view: DataView, position: number): number {
  const fixed = FIXED_VALUE_BYTES[view.getUint8(position + 2)]!;
  const value = fixed > 0 ? fixed : LENGTH_BYTES + view.getUint32(position + PROPERTY_HEAD_BYTES, true);
  return PROPERTY_HEAD_BYTES + value;
}
