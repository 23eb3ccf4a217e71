import type { RangeReader } from '../../../../sources/range-reader.ts';
import { ReadAhead } from '../../read-ahead.ts';
import type { DatabaseLayout } from './database.ts';
import { databaseTruncated, pageLoop, pageOutOfRange } from './errors.ts';
import { parsePage, type Page } from './page.ts';

/** Bytes in which a page lies. */
export interface PageBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly start: number;
}

/**
 * Reads pages of a database, those ahead along with them. In a sound file each page belongs to one place, so that whoever
 * reads one table meets no more pages than the file has: more are a loop.
 */
export class Pager implements Disposable {
  readonly layout: DatabaseLayout;
  readonly #source: ReadAhead;
  #met = 0;

  constructor(file: RangeReader, layout: DatabaseLayout, signal: AbortSignal) {
    this.layout = layout;
    this.#source = new ReadAhead(file, {
      signal,
      truncated: (_offset, end, size) => databaseTruncated('a page', end, size),
    });
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }

  /** Begins to read another table. */
  restart(): void {
    this.#met = 0;
  }

  /**
   * @param from the page that leads there
   * @throws LonghaulError `sqlite-page-out-of-range`, `sqlite-page-loop` (final); as `RangeReader.read`
   */
  async read(number: number, from: number): Promise<PageBytes> {
    const { pageSize, pages } = this.layout;
    if (number < 1 || number > pages) throw pageOutOfRange(number, from, pages);
    if (++this.#met > pages) throw pageLoop(number);
    const offset = (number - 1) * pageSize;
    const run = this.#source.find(offset, pageSize) ?? (await this.#source.load(offset, pageSize));
    return { bytes: run.bytes, view: run.view, start: offset - run.start };
  }

  /**
   * Reads a page of a table's b-tree.
   * @throws LonghaulError `sqlite-page-…` (final); as `RangeReader.read`
   */
  async readTablePage(number: number, from: number): Promise<Page> {
    const { bytes, view, start } = await this.read(number, from);
    return parsePage(number, bytes, view, start, this.layout);
  }

  /** Offset in the file of a position in the bytes of a page. */
  offsetOf(page: Page, position: number): number {
    return (page.number - 1) * this.layout.pageSize + position - page.start;
  }
}
