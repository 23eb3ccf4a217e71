import type { DeclaredField, DeclaredType } from '../../features/feature-format.ts';
import { tableCorrupt } from './errors.ts';
import type { DbfTextWriter } from './text-decoder.ts';

export const DBF_HEADER_BYTES = 32;
const DESCRIPTOR_BYTES = 32;
const NAME_BYTES = 11;
const TERMINATOR = 0x0d;

/** How the bytes of a field are read. */
export type DbfKind =
  | 'text'
  /** A number in digits; `digits` has none behind the point. */
  | 'digits'
  | 'number'
  | 'logical'
  | 'date'
  | 'integer'
  | 'double'
  | 'date-time'
  | 'currency'
  | 'unread';

/** A field of a .dbf. JSON: it is stored with the plan. */
export interface DbfField {
  name: string;
  kind: DbfKind;
  type?: DeclaredType;
  /** Bytes from the start of the row, whose first byte tells whether it is deleted. */
  offset: number;
  length: number;
}

/** What the rows of a .dbf look like. JSON: it is stored with the plan. */
export interface DbfLayout {
  /** Offset of the first row. */
  start: number;
  /** Bytes of a row. */
  rowBytes: number;
  /** Rows that are in the file, whatever its header claims. */
  rows: number;
  fields: DbfField[];
}

/** Fixed part of a header (dBASE III and IV, FoxPro). */
export interface DbfHead {
  version: number;
  /** Rows by its own account; not to be believed. */
  rows: number;
  headerBytes: number;
  rowBytes: number;
  languageDriver: number;
}

/** @throws LonghaulError `shapefile-table-corrupt` (final) */
export function parseDbfHead(bytes: Uint8Array): DbfHead {
  if (bytes.length < DBF_HEADER_BYTES) throw tableCorrupt(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(0);
  // dBASE 7, whose descriptors are longer.
  if ((version & 0x07) === 4) throw tableCorrupt(`its version is ${version}, of dBASE 7`);
  const headerBytes = view.getUint16(8, true);
  if (headerBytes <= DBF_HEADER_BYTES) throw tableCorrupt(`its header claims ${headerBytes} bytes`);
  const rowBytes = view.getUint16(10, true);
  if (rowBytes < 1) throw tableCorrupt('its rows have no bytes');
  return { version, rows: view.getUint32(4, true), headerBytes, rowBytes, languageDriver: view.getUint8(29) };
}

/**
 * Reads the fields of a header.
 * @param bytes the whole header
 * @throws LonghaulError `shapefile-table-corrupt` (final)
 */
export function parseDbfFields(
  bytes: Uint8Array,
  { version, rowBytes }: DbfHead,
  texts: DbfTextWriter,
): { fields: DbfField[]; notes: string[] } {
  const fields: DbfField[] = [];
  const notes: string[] = [];
  let offset = 1;
  for (
    let at = DBF_HEADER_BYTES;
    at + DESCRIPTOR_BYTES <= bytes.length && bytes[at] !== TERMINATOR;
    at += DESCRIPTOR_BYTES
  ) {
    const descriptor = bytes.subarray(at, at + DESCRIPTOR_BYTES);
    const letter = String.fromCharCode(descriptor[11]!);
    // A text of Clipper and FoxPro may be longer than 255 bytes.
    const decimals = letter === 'C' ? 0 : descriptor[17]!;
    const length = descriptor[16]! + (letter === 'C' ? 256 * descriptor[17]! : 0);
    const stated = texts.decodeName(nameBytes(descriptor)).trim();
    const name = uniqueName(stated, fields);
    if (name !== stated) notes.push(`The field ${fields.length + 1} of the .dbf, «${stated}», was named ${name}.`);
    const read = kindOf(letter, length, decimals, version);
    if (read.kind === 'unread') notes.push(`The field ${name} of the .dbf is of type ${letter}, which is not read.`);
    fields.push({ name, ...read, offset, length });
    offset += length;
  }
  if (offset > rowBytes) throw tableCorrupt(`its fields have ${offset} bytes, and its rows ${rowBytes}`);
  return { fields, notes };
}

function nameBytes(descriptor: Uint8Array): Uint8Array {
  const name = descriptor.subarray(0, NAME_BYTES);
  const end = name.indexOf(0);
  return end < 0 ? name : name.subarray(0, end);
}

/** Names that are empty or come twice get the number of the field. */
function uniqueName(stated: string, fields: readonly DbfField[]): string {
  const isTaken = (name: string) => fields.some((field) => field.name === name);
  let name = stated === '' ? `field_${fields.length + 1}` : stated;
  for (let suffix = fields.length + 1; isTaken(name); suffix++) name = `${stated}_${suffix}`;
  return name;
}

function kindOf(
  letter: string,
  length: number,
  decimals: number,
  version: number,
): { kind: DbfKind; type?: DeclaredType } {
  switch (letter) {
    case 'C':
      return { kind: 'text', type: 'text' };
    case 'N':
      return decimals === 0 ? { kind: 'digits', type: 'integer' } : { kind: 'number', type: 'double' };
    case 'F':
      return { kind: 'number', type: 'double' };
    case 'L':
      return { kind: 'logical', type: 'boolean' };
    case 'D':
      return length === 8 ? { kind: 'date', type: 'date' } : { kind: 'text', type: 'text' };
    case 'I':
    case '+':
      return length === 4 ? { kind: 'integer', type: 'integer' } : { kind: 'unread' };
    case 'O':
      return length === 8 ? { kind: 'double', type: 'double' } : { kind: 'unread' };
    case 'B':
      // A double of Visual FoxPro; a memo of dBASE IV.
      return length === 8 && isVisualFoxPro(version) ? { kind: 'double', type: 'double' } : { kind: 'unread' };
    case '@':
    case 'T':
      return length === 8 ? { kind: 'date-time', type: 'date-time' } : { kind: 'unread' };
    case 'Y':
      return length === 8 ? { kind: 'currency', type: 'double' } : { kind: 'unread' };
    default:
      return { kind: 'unread' };
  }
}

const isVisualFoxPro = (version: number): boolean => version >= 0x30 && version <= 0x32;

export const declaredFields = (fields: readonly DbfField[]): DeclaredField[] =>
  fields
    .filter(({ kind }) => kind !== 'unread')
    .map(({ name, type }) => ({ name, ...(type !== undefined && { type }) }));
