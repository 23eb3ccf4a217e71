import type { RangeReader } from '../../../sources/range-reader.ts';
import { encodingOfLabel, encodingOfLanguageDriver, type Encoding } from './code-pages.ts';
import { DBF_HEADER_BYTES, parseDbfFields, parseDbfHead, type DbfHead, type DbfLayout } from './dbf-header.ts';
import { encodingUnknown } from './errors.ts';
import { DbfTextWriter } from './text-decoder.ts';

/** Bytes of a .cpg that are looked at: it names an encoding. */
const MAX_CPG_BYTES = 256;

/** A .dbf, ready to be read row by row. */
export interface OpenedTable {
  layout: DbfLayout;
  /** Rows by its own account; not to be believed. */
  toldRows: number;
  /** Absent where it is guessed text by text. */
  encoding?: Encoding;
  notes: string[];
}

export interface TableCompanions {
  table: RangeReader;
  /** The .cpg, which names the encoding. */
  codePage: RangeReader | undefined;
  /** The .dbf is the first bytes of a longer one. */
  isFront?: boolean;
}

/**
 * @param label encoding that the caller gives, which goes before what the file says
 * @throws LonghaulError `shapefile-table-corrupt`, `shapefile-encoding-unknown` (final); as `RangeReader.read`
 */
export async function openTable(
  { table, codePage, isFront = false }: TableCompanions,
  label: string | undefined,
  signal: AbortSignal,
): Promise<OpenedTable> {
  const head = parseDbfHead(await readUpTo(table, DBF_HEADER_BYTES, signal));
  const notes: string[] = [];
  const encoding = await encodingOf(head, codePage, label, notes, signal);
  const header = await readUpTo(table, head.headerBytes, signal);
  const { fields, notes: fieldNotes } = parseDbfFields(header, head, new DbfTextWriter(encoding));
  // The last byte is an end mark, which need not be there.
  const present = Math.max(0, Math.floor((table.size - head.headerBytes) / head.rowBytes));
  const rows = Math.min(head.rows, present);
  if (present < head.rows && !isFront) notes.push(`The .dbf claims ${head.rows} rows and has ${present}.`);
  return {
    layout: { start: head.headerBytes, rowBytes: head.rowBytes, rows, fields },
    toldRows: head.rows,
    ...(encoding !== undefined && { encoding }),
    notes: [...notes, ...fieldNotes],
  };
}

async function readUpTo(file: RangeReader, length: number, signal: AbortSignal): Promise<Uint8Array> {
  return file.size === 0 ? new Uint8Array(0) : file.read(0, Math.min(length, file.size), signal);
}

/** By the caller, else by .cpg, else by the language driver of the .dbf. */
async function encodingOf(
  { languageDriver }: DbfHead,
  codePage: RangeReader | undefined,
  label: string | undefined,
  notes: string[],
  signal: AbortSignal,
): Promise<Encoding | undefined> {
  if (label !== undefined) {
    const encoding = encodingOfLabel(label);
    if (encoding === undefined) throw encodingUnknown(label);
    return encoding;
  }
  if (codePage !== undefined) {
    const stated = Buffer.from(await readUpTo(codePage, MAX_CPG_BYTES, signal))
      .toString('latin1')
      .trim();
    const encoding = encodingOfLabel(stated);
    if (encoding !== undefined) return encoding;
    notes.push(`The encoding «${stated.slice(0, 40)}» that the .cpg names is not known.`);
  }
  const encoding = encodingOfLanguageDriver(languageDriver);
  if (encoding === undefined) {
    notes.push('The encoding of texts is not told: what is valid UTF-8 is read as such, and the rest as windows-1252.');
  }
  return encoding;
}
