import type { DatabaseLayout } from './database.ts';
import { pageCorrupt } from './errors.ts';

const INTERIOR_TABLE = 0x05;
const LEAF_TABLE = 0x0d;
const INTERIOR_INDEX = 0x02;
const LEAF_INDEX = 0x0a;

/** Bytes before the b-tree header of page 1. */
const DATABASE_HEADER_BYTES = 100;

/** One page of a table's b-tree (https://www.sqlite.org/fileformat2.html, 1.6). */
export interface Page {
  readonly number: number;
  readonly isLeaf: boolean;
  /** Bytes in which the page lies; offsets of cells count from `start`. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly start: number;
  /** End of the bytes that can be used. */
  readonly end: number;
  /** Position of the array of cell pointers. */
  readonly pointers: number;
  readonly cells: number;
  /** Page of the rows behind the last cell of an interior page. */
  readonly rightmost: number;
}

/**
 * Reads the header of a page of a table.
 * @throws LonghaulError `sqlite-page-corrupt` (final)
 */
export function parsePage(
  number: number,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  { usable }: DatabaseLayout,
): Page {
  const header = start + (number === 1 ? DATABASE_HEADER_BYTES : 0);
  const type = bytes[header]!;
  if (type === INTERIOR_INDEX || type === LEAF_INDEX) throw pageCorrupt(number, 'it is of an index, not of a table');
  if (type !== INTERIOR_TABLE && type !== LEAF_TABLE) throw pageCorrupt(number, `its type is ${type}`);
  const isLeaf = type === LEAF_TABLE;
  const cells = view.getUint16(header + 3);
  const pointers = header + (isLeaf ? 8 : 12);
  const end = start + usable;
  if (pointers + 2 * cells > end) throw pageCorrupt(number, `it claims ${cells} cells`);
  const rightmost = isLeaf ? 0 : view.getUint32(header + 8);
  return { number, isLeaf, bytes, view, start, end, pointers, cells, rightmost };
}

/**
 * Position of a cell in the bytes of its page.
 * @param least bytes that a cell takes
 * @throws LonghaulError `sqlite-page-corrupt` (final)
 */
export function cellAt(page: Page, index: number, least: number): number {
  const offset = page.view.getUint16(page.pointers + 2 * index);
  const at = page.start + offset;
  if (at < page.pointers + 2 * page.cells || at + least > page.end) {
    throw pageCorrupt(page.number, `its cell ${index} is at byte ${offset}`);
  }
  return at;
}
