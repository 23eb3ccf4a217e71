import { isUtf8 } from 'node:buffer';
import { getFileNameLowLevel, type Entry } from 'yauzl';
import { zipNameUnsafe } from './errors.ts';

/** Bytes of a name: longer ones are no names of files. */
const MAX_NAME_BYTES = 1024;

/** General purpose flag for names in UTF-8 (APPNOTE 4.4.4, bit 11). */
const UTF8_FLAG = 0x800;

/**
 * The name of an entry. Names that are UTF-8 are read as such with or without the flag, which many writers forget;
 * others are in code page 437.
 * @throws LonghaulError `zip-name-unsafe` (final)
 */
export function entryName(entry: Pick<Entry, 'fileNameRaw' | 'extraFields'>): string {
  const { fileNameRaw: raw, extraFields } = entry;
  const name = getFileNameLowLevel(isUtf8(raw) ? UTF8_FLAG : 0, raw, extraFields, true);
  if (raw.length > MAX_NAME_BYTES || name.length > MAX_NAME_BYTES) {
    throw zipNameUnsafe(name, `it has more than ${MAX_NAME_BYTES} bytes`);
  }
  if (name === '') throw zipNameUnsafe(name, 'it is empty');
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) throw zipNameUnsafe(name, 'it has control characters');
  if (name.includes('\\')) throw zipNameUnsafe(name, 'it has a backslash');
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) throw zipNameUnsafe(name, 'it is absolute');
  if (name.split('/').includes('..')) throw zipNameUnsafe(name, 'it climbs out of its folder');
  return name;
}
