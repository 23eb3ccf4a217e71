import { pageOutOfRange, recordCorrupt, recordTooLarge } from './errors.ts';
import type { Page } from './page.ts';
import type { Pager } from './pager.ts';
import { VarintReader, type Integer } from './varint.ts';

const MIB = 1024 * 1024;

/** Bytes of one row: a geometry of four million vertices. */
export const MAX_RECORD_BYTES = 64 * MIB;

/** Bytes of the smallest leaf cell: two integers and a record without columns. */
const MIN_CELL_BYTES = 3;

/** Overflow bytes for which memory is kept from row to row. */
const MAX_KEPT_BYTES = 4 * MIB;

/** Reads the cells of leaf pages: rowid and record, with what stands on overflow pages. */
export class CellReader {
  rowid: Integer = 0;
  /** The record: `start` to `end` of `bytes`, which are those of the page or hold what was put together. */
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  start = 0;
  end = 0;
  /** Where the cell begins in the bytes of its page. */
  position = 0;
  /** Bytes of the record. */
  length = 0;
  /** Bytes of the record that stand on the page itself. */
  #local = 0;
  readonly #varints = new VarintReader();
  readonly #pager: Pager;
  #kept = new Uint8Array(0);

  constructor(pager: Pager) {
    this.#pager = pager;
  }

  /**
   * Reads the head of a cell.
   * @returns whether the record is there; otherwise `join` puts it together
   * @throws FeatureError `sqlite-record-corrupt`, `sqlite-record-too-large`
   */
  open(page: Page, index: number): boolean {
    const { bytes, view, end } = page;
    this.position = page.start + view.getUint16(page.pointers + 2 * index);
    this.rowid = 0;
    this.length = 0;
    this.end = this.start = this.position;
    this.bytes = bytes;
    if (this.position < page.pointers + 2 * page.cells || this.position + MIN_CELL_BYTES > end) {
      throw recordCorrupt(`its place on page ${page.number} lies outside of it`);
    }
    this.length = this.#varints.readLength(bytes, this.position);
    this.rowid = this.#varints.readInteger(bytes, this.#varints.end);
    this.start = this.#varints.end;
    this.end = this.start;
    // Nothing is made for bytes that the file does not have.
    const { pages, pageSize } = this.#pager.layout;
    if (this.length > MAX_RECORD_BYTES) throw recordTooLarge(this.length, MAX_RECORD_BYTES);
    if (this.length > pages * pageSize) throw recordCorrupt(`it claims ${this.length} bytes, more than the file has`);
    this.#local = this.#localBytes(this.length);
    this.end = this.start + this.#local;
    if (this.end > end || (this.#local < this.length && this.end + 4 > end)) {
      this.end = Math.max(this.start, Math.min(this.end, end));
      throw recordCorrupt(`it has ${this.length} bytes, which do not fit page ${page.number}`);
    }
    this.view = view;
    return this.#local === this.length;
  }

  /** Bytes of a record that stand on its leaf page (https://www.sqlite.org/fileformat2.html, 1.6). */
  #localBytes(length: number): number {
    const { usable } = this.#pager.layout;
    const most = usable - 35;
    if (length <= most) return length;
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const local = least + ((length - least) % (usable - 4));
    return local <= most ? local : least;
  }

  /**
   * Puts together the record of the cell that `open` read.
   * @throws FeatureError `sqlite-record-corrupt`; LonghaulError `sqlite-page-loop` (final); as `RangeReader.read`
   */
  async join(page: Page): Promise<void> {
    const { usable, pages } = this.#pager.layout;
    const { length } = this;
    const record = this.#room(length);
    record.set(page.bytes.subarray(this.start, this.end));
    let next = page.view.getUint32(this.end);
    let from = page.number;
    for (let filled = this.#local; filled < length;) {
      if (next < 1 || next > pages) throw recordCorrupt(pageOutOfRange(next, from, pages).detail.replace(/\.$/, ''));
      const overflow = await this.#pager.read(next, from);
      const part = Math.min(usable - 4, length - filled);
      record.set(overflow.bytes.subarray(overflow.start + 4, overflow.start + 4 + part), filled);
      from = next;
      next = overflow.view.getUint32(overflow.start);
      filled += part;
    }
    this.bytes = record;
    this.view = new DataView(record.buffer);
    this.start = 0;
    this.end = length;
  }

  #room(length: number): Uint8Array<ArrayBuffer> {
    if (length > MAX_KEPT_BYTES) return new Uint8Array(length);
    if (this.#kept.length < length) this.#kept = new Uint8Array(Math.min(MAX_KEPT_BYTES, 2 * length));
    return this.#kept;
  }
}
