import { pageCorrupt, pageLoop } from './errors.ts';
import { cellAt, type Page } from './page.ts';
import type { Pager } from './pager.ts';
import { VarintReader, type Integer } from './varint.ts';

/** Pages from the root of a table to its rows: SQLite's own limit. */
export const MAX_DEPTH = 20;

/** Bytes of the smallest cell of an interior page. */
const MIN_INTERIOR_CELL_BYTES = 5;

/** A part of a table's b-tree: its rows have rowids up to `upTo`, or any above those before it. */
export interface Subtree {
  page: number;
  upTo: Integer | undefined;
}

/** Rows after `after` and up to `upTo`; all where they are undefined. */
export interface RowidRange {
  after: Integer | undefined;
  upTo: Integer | undefined;
}

const varints = new VarintReader();

/**
 * What an interior page leads to, in the order of rowids.
 * @param upTo greatest rowid of the page itself
 * @throws LonghaulError `sqlite-page-corrupt` (final)
 */
export function subtreesOf(page: Page, upTo: Integer | undefined): Subtree[] {
  const subtrees: Subtree[] = [];
  let last: Integer | undefined;
  for (let index = 0; index < page.cells; index++) {
    const at = cellAt(page, index, MIN_INTERIOR_CELL_BYTES);
    const key = varints.readInteger(page.bytes, at + 4);
    if (varints.end > page.end) throw pageCorrupt(page.number, `its cell ${index} is cut off`);
    if (last !== undefined && key <= last) throw pageCorrupt(page.number, 'its rowids do not ascend');
    subtrees.push({ page: page.view.getUint32(at), upTo: key });
    last = key;
  }
  subtrees.push({ page: page.rightmost, upTo });
  return subtrees;
}

/**
 * Visits the leaf pages of a table that may have rows of a range, in the order of rowids.
 * @throws LonghaulError `sqlite-page-…` (final); as `RangeReader.read`, and as `visit`
 */
export async function walkTable(
  pager: Pager,
  root: number,
  { after, upTo }: RowidRange,
  visit: (leaf: Page) => Promise<void>,
): Promise<void> {
  const levels: { from: number; subtrees: Subtree[]; next: number }[] = [
    { from: 1, subtrees: [{ page: root, upTo: undefined }], next: 0 },
  ];
  for (;;) {
    const level = levels.at(-1);
    if (level === undefined) return;
    const subtree = level.subtrees[level.next++];
    if (subtree === undefined) {
      levels.pop();
      continue;
    }
    if (after !== undefined && subtree.upTo !== undefined && subtree.upTo <= after) continue;
    const page = await pager.readTablePage(subtree.page, level.from);
    if (page.isLeaf) {
      await visit(page);
    } else {
      if (levels.length > MAX_DEPTH) throw pageLoop(page.number);
      levels.push({ from: page.number, subtrees: subtreesOf(page, subtree.upTo), next: 0 });
    }
    // What follows has rowids above those of this part alone.
    if (upTo !== undefined && subtree.upTo !== undefined && subtree.upTo >= upTo && page.isLeaf) return;
  }
}
