import { FeatureError } from '../feature-error.ts';
import { CellReader } from './sqlite/cell-reader.ts';
import { pageLoop } from './sqlite/errors.ts';
import type { Page } from './sqlite/page.ts';
import type { Pager } from './sqlite/pager.ts';
import type { Integer } from './sqlite/varint.ts';
import { MAX_DEPTH, subtreesOf, type Subtree } from './sqlite/walk-table.ts';

/** Blocks of one table. */
export const MAX_BLOCKS = 65_536;

/** Parts of a table that are looked into to tell how many bytes the others have. */
const SAMPLES = 8;

/** What a part of a table is estimated to hold, overflow pages and all. */
interface Estimate {
  bytes: number;
  /** Parts that it has itself; 0 for a leaf. */
  parts: number;
}

/**
 * Cuts a table into blocks of about `blockBytes`, between parts of its b-tree. The sizes of the parts are estimated from
 * a few of them, so that a table of many gigabytes is cut after reading some pages near its root.
 * @returns the last rowid of each block but the last
 * @throws LonghaulError `sqlite-page-…` (final); as `RangeReader.read`
 */
export async function cutTable(pager: Pager, root: number, blockBytes: number): Promise<Integer[]> {
  const { pages, pageSize } = pager.layout;
  const wanted = Math.max(blockBytes, Math.ceil((pages * pageSize) / MAX_BLOCKS));
  let level: Subtree[] = [{ page: root, upTo: undefined }];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const { bytes, parts } = await sample(pager, level);
    if (parts === 0 || bytes <= wanted) return cutsOf(every(level, Math.max(1, Math.round(wanted / bytes))));
    const partsOfBlock = Math.round((wanted * parts) / bytes);
    // Whoever keeps all parts of a large table, down to its leaves, keeps too many.
    if (partsOfBlock > 1) return cutsOf(await partsBelow(pager, level, partsOfBlock));
    level = await partsBelow(pager, level, 1);
  }
  throw pageLoop(root);
}

function cutsOf(blocks: readonly Subtree[]): Integer[] {
  const cuts = blocks.flatMap(({ upTo }) => (upTo === undefined ? [] : [upTo]));
  return cuts.slice(0, MAX_BLOCKS - 1);
}

function every(parts: readonly Subtree[], step: number): Subtree[] {
  return parts.filter((_, index) => (index + 1) % step === 0);
}

/** Each `step`-th of the parts that these parts have. */
async function partsBelow(pager: Pager, level: readonly Subtree[], step: number): Promise<Subtree[]> {
  pager.restart();
  const kept: Subtree[] = [];
  let met = 0;
  for (const part of level) {
    const page = await pager.readTablePage(part.page, 1);
    // In a sound file all leaves are equally deep.
    const parts = page.isLeaf ? [part] : subtreesOf(page, part.upTo);
    for (const each of parts) if (++met % step === 0) kept.push(each);
    if (met > pager.layout.pages) throw pageLoop(part.page);
  }
  return kept;
}

/** Mean of some parts, spread evenly over all. */
async function sample(pager: Pager, level: readonly Subtree[]): Promise<Estimate> {
  const count = Math.min(SAMPLES, level.length);
  const sum = { bytes: 0, parts: 0 };
  for (let index = 0; index < count; index++) {
    const part = level[Math.floor(((index + 0.5) * level.length) / count)]!;
    const { bytes, parts } = await estimate(pager, part);
    sum.bytes += bytes;
    sum.parts += parts;
  }
  return { bytes: sum.bytes / count, parts: sum.parts / count };
}

/** Goes down the middle of a part to one of its leaves. */
async function estimate(pager: Pager, part: Subtree): Promise<Estimate> {
  pager.restart();
  let leaves = 1;
  let parts = 0;
  let number = part.page;
  let from = 1;
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const page = await pager.readTablePage(number, from);
    if (page.isLeaf) return { bytes: leaves * bytesOfLeaf(pager, page), parts };
    const subtrees = subtreesOf(page, undefined);
    leaves *= subtrees.length;
    if (depth === 0) parts = subtrees.length;
    from = number;
    number = subtrees[Math.floor(subtrees.length / 2)]!.page;
  }
  throw pageLoop(number);
}

/** Bytes of the page, or of its rows where these go on elsewhere. */
function bytesOfLeaf(pager: Pager, page: Page): number {
  const cells = new CellReader(pager);
  let bytes = 0;
  for (let index = 0; index < page.cells; index++) {
    try {
      cells.open(page, index);
    } catch (error) {
      // A row that cannot be read is rejected when its block is read.
      if (!(error instanceof FeatureError)) throw error;
    }
    bytes += Math.min(cells.length, pager.layout.pages * pager.layout.pageSize);
  }
  return Math.max(pager.layout.pageSize, bytes);
}
