import type { Pager } from './pager.ts';
import { readRows } from './read-rows.ts';

/** Tables, indexes, views and triggers of a database. */
const MAX_SCHEMA_ROWS = 100_000;

/** What sqlite_schema tells of a table or view. */
export interface SchemaEntry {
  kind: 'table' | 'view';
  /** As its definition writes it. */
  name: string;
  /** First page of its rows; 0 for a view or a virtual table, which have none. */
  root: number;
  sql: string;
}

/**
 * Tables and views by name in lower case; triggers and indexes are passed over.
 * @throws LonghaulError `sqlite-…` (final); as `RangeReader.read`
 */
export async function readSchema(pager: Pager): Promise<Map<string, SchemaEntry>> {
  const entries = new Map<string, SchemaEntry>();
  await readRows(pager, { name: 'sqlite_schema', root: 1 }, MAX_SCHEMA_ROWS, ({ values }) => {
    const [kind, name, , root, sql] = values;
    if ((kind !== 'table' && kind !== 'view') || typeof name !== 'string') return;
    entries.set(name.toLowerCase(), {
      kind,
      name,
      root: typeof root === 'number' ? root : 0,
      sql: typeof sql === 'string' ? sql : '',
    });
  });
  return entries;
}
