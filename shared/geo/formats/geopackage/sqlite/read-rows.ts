import { TextDecoder } from 'node:util';
import { CellReader } from './cell-reader.ts';
import { descriptionTooLarge, tooManyRows } from './errors.ts';
import type { Pager } from './pager.ts';
import { RecordReader } from './record.ts';
import type { Integer } from './varint.ts';
import { walkTable } from './walk-table.ts';

/** A value as SQLite stores it. */
export type StoredValue = null | Integer | DoubleValue | string | Uint8Array;

/** A double is told apart from an integer of the same value. */
export interface DoubleValue {
  double: number;
}

/** A row of a table, its values by number of the stored column. */
export interface StoredRow {
  rowid: Integer;
  values: StoredValue[];
}

/** Bytes of all rows of such a table. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Columns of the tables that describe a database. */
const MOST_COLUMNS = 64;

/**
 * Visits every row of a small table, such as one that describes the others.
 * @param most rows
 * @throws LonghaulError `sqlite-…` (final); as `RangeReader.read`
 */
export async function readRows(
  pager: Pager,
  table: { name: string; root: number },
  most: number,
  visit: (row: StoredRow) => void,
): Promise<void> {
  const cells = new CellReader(pager);
  const record = new RecordReader(MOST_COLUMNS);
  const decoder = new TextDecoder(pager.layout.encoding, { ignoreBOM: true });
  let rows = 0;
  let bytes = 0;
  pager.restart();
  await walkTable(pager, table.root, { after: undefined, upTo: undefined }, async (leaf) => {
    for (let index = 0; index < leaf.cells; index++) {
      if (++rows > most) throw tooManyRows(table.name, most);
      const isThere = cells.open(leaf, index);
      bytes += cells.length;
      if (bytes > MAX_BYTES) throw descriptionTooLarge(table.name, MAX_BYTES);
      if (!isThere) await cells.join(leaf);
      record.open(cells.bytes, cells.view, cells.start, cells.end);
      const values = Array.from({ length: record.columns }, (_, column) => valueOf(record, column, decoder));
      visit({ rowid: cells.rowid, values });
    }
  });
}

/** One value of a record, copied out of it. */
export function valueOf(record: RecordReader, column: number, decoder: TextDecoder): StoredValue {
  switch (record.typeOf(column)) {
    case 'null':
      return null;
    case 'integer':
      return record.integer(column);
    case 'double':
      return { double: record.double(column) };
    case 'text':
      return decoder.decode(record.bytes.subarray(record.startOf(column), record.endOf(column)));
    case 'blob':
      return record.bytes.slice(record.startOf(column), record.endOf(column));
  }
}
