import { EntryList } from './entry-list.ts';
import { gunzip, gzip } from './gzip.ts';

/** Most bytes of a number below 2^53 in seven bits each. */
const MAX_VARINT_BYTES = 8;

/** Most bytes of an entry: four numbers. */
const MAX_ENTRY_BYTES = 4 * MAX_VARINT_BYTES;

/** Writes a directory (PMTiles version 3, "Directory Serialization"): columns of varints, compressed. */
export function encodeDirectory(entries: EntryList): Uint8Array {
  const bytes = new Uint8Array(MAX_VARINT_BYTES + entries.length * MAX_ENTRY_BYTES);
  let position = 0;
  const write = (value: number) => {
    let rest = value;
    while (rest >= 0x80) {
      bytes[position++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    bytes[position++] = rest;
  };
  write(entries.length);
  for (let index = 0; index < entries.length; index++) {
    write(entries.tileIds[index]! - (index === 0 ? 0 : entries.tileIds[index - 1]!));
  }
  for (let index = 0; index < entries.length; index++) write(entries.runLengths[index]!);
  for (let index = 0; index < entries.length; index++) write(entries.lengths[index]!);
  for (let index = 0; index < entries.length; index++) {
    const follows = index > 0 && entries.offsets[index] === entries.offsets[index - 1]! + entries.lengths[index - 1]!;
    write(follows ? 0 : entries.offsets[index]! + 1);
  }
  return gzip(bytes.subarray(0, position));
}

/**
 * Reads a directory that `encodeDirectory` wrote; not meant for directories of others.
 * @param count entries in it
 */
export function decodeDirectory(compressed: Uint8Array, count: number): EntryList {
  const bytes = gunzip(compressed, MAX_VARINT_BYTES + count * MAX_ENTRY_BYTES);
  let position = 0;
  const read = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = bytes[position++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const entries = new EntryList(count);
  entries.length = read();
  let tileId = 0;
  for (let index = 0; index < count; index++) entries.tileIds[index] = tileId += read();
  for (let index = 0; index < count; index++) entries.runLengths[index] = read();
  for (let index = 0; index < count; index++) entries.lengths[index] = read();
  for (let index = 0; index < count; index++) {
    const offset = read();
    entries.offsets[index] = offset > 0 ? offset - 1 : entries.offsets[index - 1]! + entries.lengths[index - 1]!;
  }
  return entries;
}
