import { FIXED_VALUE_BYTES, PROPERTY_HEAD_BYTES, PROPERTY_TAGS } from './property-tags.ts';
import type { PropertyRow } from './property-row.ts';

/** Most properties of one feature that are told. */
const MAX_TOLD = 256;

const decoder = new TextDecoder();

/** The properties of a row as values, for people to read: those of a feature that is rejected. */
export function rowProperties(row: PropertyRow, nameOf: (field: number) => string): Record<string, unknown> {
  const { bytes, view, length } = row;
  const properties: [string, unknown][] = [];
  for (let position = 0; position < length && properties.length < MAX_TOLD;) {
    const name = nameOf(view.getUint16(position, true));
    const tag = bytes[position + 2]!;
    let start = position + PROPERTY_HEAD_BYTES;
    let size = FIXED_VALUE_BYTES[tag]!;
    if (size === 0) {
      size = view.getUint32(start, true);
      start += 4;
    }
    position = start + size;
    properties.push([name, valueOf(tag, bytes, view, start, position)]);
  }
  return Object.fromEntries(properties);
}

function valueOf(tag: number, bytes: Uint8Array, view: DataView, start: number, end: number): unknown {
  switch (tag) {
    case PROPERTY_TAGS.boolean:
      return bytes[start] === 1;
    case PROPERTY_TAGS.int32:
      return view.getInt32(start, true);
    case PROPERTY_TAGS.int64:
      return view.getBigInt64(start, true);
    case PROPERTY_TAGS.double:
      return view.getFloat64(start, true);
    case PROPERTY_TAGS.binary:
      return bytes.slice(start, end);
    default:
      return decoder.decode(bytes.subarray(start, end));
  }
}
