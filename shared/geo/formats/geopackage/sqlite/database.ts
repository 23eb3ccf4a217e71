import type { RangeReader } from '../../../../sources/range-reader.ts';
import { databaseTruncated, headerCorrupt, notADatabase } from './errors.ts';

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';
const ENCODINGS: readonly TextEncoding[] = ['utf-8', 'utf-16le', 'utf-16be'];

/** What the pages of a database look like. JSON: it is stored with the plan. */
export interface DatabaseLayout {
  /** In bytes; a power of two, from 512 to 65,536. */
  pageSize: number;
  /** Bytes of a page without those that an extension has reserved at its end. */
  usable: number;
  /** Pages of the database; the first is 1. */
  pages: number;
  encoding: TextEncoding;
}

export interface Database extends DatabaseLayout {
  applicationId: number;
  userVersion: number;
  /** Whether changes may stand in a file of their own, which is not at hand (write-ahead log). */
  isWriteAhead: boolean;
}

/**
 * Reads the header of a database (https://www.sqlite.org/fileformat2.html, 1.3).
 * @throws LonghaulError `not-a-geopackage`, `sqlite-header-corrupt`, `sqlite-truncated` (final)
 */
export async function readDatabase(file: RangeReader, signal: AbortSignal): Promise<Database> {
  if (file.size === 0) throw notADatabase('it is empty');
  const bytes = await file.read(0, Math.min(HEADER_BYTES, file.size), signal);
  if (Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') !== MAGIC) {
    throw notADatabase('it does not begin as a SQLite database does, or it is encrypted');
  }
  if (bytes.length < HEADER_BYTES) throw databaseTruncated('the header', HEADER_BYTES, file.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const layout = readLayout(view, file.size);
  const end = layout.pages * layout.pageSize;
  if (end > file.size) throw databaseTruncated(`its page ${layout.pages}`, end, file.size);
  return {
    ...layout,
    applicationId: view.getUint32(68),
    userVersion: view.getUint32(60),
    isWriteAhead: view.getUint8(19) === 2,
  };
}

function readLayout(view: DataView, size: number): DatabaseLayout {
  const stored = view.getUint16(16);
  const pageSize = stored === 1 ? 65_536 : stored;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) throw headerCorrupt(`pages have ${stored} bytes`);
  const usable = pageSize - view.getUint8(20);
  if (usable < 480) throw headerCorrupt(`${usable} bytes of a page can be used`);
  const format = view.getUint8(19);
  if (format > 2) throw headerCorrupt(`its version for reading is ${format}`);
  if (view.getUint8(21) !== 64 || view.getUint8(22) !== 32 || view.getUint8(23) !== 32) {
    throw headerCorrupt('the fractions of payload are not 64, 32 and 32');
  }
  // A writer before 3.7.0 leaves the number of pages as it was, and changes the counter beside it alone.
  const isCountValid = view.getUint32(24) === view.getUint32(92) && view.getUint32(28) > 0;
  const pages = isCountValid ? view.getUint32(28) : Math.floor(size / pageSize);
  if (pages === 0) throw databaseTruncated('its first page', pageSize, size);
  // 0 until the first table is made.
  const encoding = ENCODINGS[Math.max(1, view.getUint32(56)) - 1];
  if (encoding === undefined) throw headerCorrupt(`its text encoding is ${view.getUint32(56)}`);
  return { pageSize, usable, pages, encoding };
}
