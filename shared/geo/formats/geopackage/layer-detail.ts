import type { StoredColumn } from './column.ts';
import type { DatabaseLayout } from './sqlite/database.ts';

/** What the reader of a block must know. JSON: it is stored with the plan. */
export type GeoPackageDetail = TableDetail | UnreadDetail;

export interface TableDetail {
  kind: 'table';
  database: DatabaseLayout;
  /** First page of the table. */
  root: number;
  columns: StoredColumn[];
  /** Number of the column of geometries; absent for a table of attributes. */
  geometry?: number;
  /** Reference system that geometries should name. */
  srsId?: number;
  /** Last rowid of each block but the last, in decimal digits: rowids have 64 bits. */
  cuts: string[];
}

/** A view or virtual table: its rows would take running the SQL of the file. */
export interface UnreadDetail {
  kind: 'unread';
  reason: string;
}
