import { parseTable } from './parse-table.ts';
import { readRows, type StoredValue } from './sqlite/read-rows.ts';
import type { Pager } from './sqlite/pager.ts';
import type { SchemaEntry } from './sqlite/schema.ts';
import { storedColumns } from './column.ts';

/** Rows of a table that describes others. */
const MAX_ROWS = 100_000;

/** Gives a value of one row by the name of its column in lower case; undefined where the table has no such column. */
export type RowValue = (column: string) => StoredValue | undefined;

/**
 * Visits the rows of a table that describes others; none when it is not there.
 * @throws LonghaulError `sqlite-…` (final); as `RangeReader.read`
 */
export async function readTable(
  pager: Pager,
  entry: SchemaEntry | undefined,
  visit: (value: RowValue) => void,
): Promise<void> {
  if (entry === undefined || entry.root === 0) return;
  const columns = storedColumns(parseTable(entry));
  const numbers = new Map(columns.map(({ name }, number) => [name.toLowerCase(), number]));
  const rowid = columns.findIndex(({ isRowid }) => isRowid === true);
  await readRows(pager, { name: entry.name, root: entry.root }, MAX_ROWS, (row) => {
    visit((column) => {
      const number = numbers.get(column);
      if (number === undefined) return undefined;
      return number === rowid ? row.rowid : (row.values[number] ?? null);
    });
  });
}
