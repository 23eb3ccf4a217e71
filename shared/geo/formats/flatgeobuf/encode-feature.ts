import type { Column } from '../../features/column.ts';
import type { GrowableBuffer } from '../../features/growable-buffer.ts';
import { PropertyReader } from '../../features/property-reader.ts';
import type { StoredFeature } from '../../features/stored-feature.ts';
import { encodeGeometry, type Dimensions } from './encode-geometry.ts';

/** Length, offset of the table, vtable and table of a feature. */
const FRAME_BYTES = 28;
const VTABLE = 8;
const TABLE = 16;
const GEOMETRY_FIELD = 4;
const PROPERTIES_FIELD = 8;
/** Column and the longest number. */
const NUMBER_BYTES = 2 + 8;
/** Position of the separator in an ISO 8601 date and time. */
const DATE_BYTES = 10;

/** Encodes features as size-prefixed FlatBuffers tables straight from where they lie in a block. */
export class FeatureEncoder {
  readonly #columns: readonly Column[];
  readonly #dimensions: Dimensions;
  readonly #reader: PropertyReader;

  constructor(columns: readonly Column[], dimensions: Dimensions) {
    this.#columns = columns;
    this.#reader = new PropertyReader(columns.map(({ type }) => type));
    this.#dimensions = dimensions;
  }

  /** Writes a feature behind the others, which end at a multiple of 8 bytes, as it does. */
  encode(out: GrowableBuffer, feature: StoredFeature): void {
    out.ensure(FRAME_BYTES);
    const start = out.length;
    const table = start + TABLE;
    const word = start >>> 2;
    out.uint32[word + 1] = TABLE - 4;
    out.uint32[word + 2] = VTABLE | ((FRAME_BYTES - TABLE) << 16);
    out.uint32[word + 3] = 0;
    out.uint32[word + 4] = TABLE - VTABLE;
    out.uint32[word + 5] = 0;
    out.uint32[word + 6] = 0;
    out.length = start + FRAME_BYTES;
    if (feature.geometry !== undefined) {
      const geometry = encodeGeometry(out, feature.geometry, this.#dimensions);
      out.uint32[(table + GEOMETRY_FIELD) >>> 2] = geometry - table - GEOMETRY_FIELD;
      out.view.setUint16(start + VTABLE + 4, GEOMETRY_FIELD, true);
    }
    if (feature.properties < feature.propertiesEnd) {
      out.uint32[(table + PROPERTIES_FIELD) >>> 2] = out.length - table - PROPERTIES_FIELD;
      out.view.setUint16(start + VTABLE + 6, PROPERTIES_FIELD, true);
      this.#encodeProperties(out, feature);
    }
    out.ensure(8);
    out.align(8);
    out.uint32[word] = out.length - start - 4;
  }

  #encodeProperties(out: GrowableBuffer, feature: StoredFeature): void {
    const vector = out.length;
    out.ensure(4);
    out.length += 4;
    const reader = this.#reader;
    reader.begin(feature);
    while (reader.next()) this.#encodeProperty(out, feature, reader);
    out.uint32[vector >>> 2] = out.length - vector - 4;
  }

  #encodeProperty(out: GrowableBuffer, feature: StoredFeature, reader: PropertyReader): void {
    const { column, start, end } = reader;
    out.ensure(NUMBER_BYTES + end - start);
    out.bytes[out.length] = column & 0xff;
    out.bytes[out.length + 1] = column >> 8;
    out.length += 2;
    const position = out.length;
    const { type } = this.#columns[column]!;
    switch (type) {
      case 'boolean':
        out.bytes[position] = reader.toBoolean() ? 1 : 0;
        out.length += 1;
        break;
      case 'int32':
        out.view.setInt32(position, reader.toInt32(), true);
        out.length += 4;
        break;
      case 'int64':
        out.view.setBigInt64(position, reader.toBigInt(), true);
        out.length += 8;
        break;
      case 'double':
        out.view.setFloat64(position, reader.toNumber(), true);
        out.length += 8;
        break;
      default:
        out.length += 4;
        if (reader.isText || type === 'binary') out.put(feature.bytes, start, end);
        else out.putText(reader.toText());
        out.view.setUint32(position, out.length - position - 4, true);
        if (type === 'date-time' && end - start > DATE_BYTES) out.bytes[position + 4 + DATE_BYTES] = 0x54;
    }
  }
}
