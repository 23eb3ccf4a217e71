import { CARRIAGE_RETURN, QUOTE } from '../text/characters.ts';
import { MAX_FIELDS } from '../text/limits.ts';

/** Where a row does not end in the bytes that there are. */
export const UNFINISHED = -1;

const FIRST_CELLS = 64;
/** Distance at which a call into V8 becomes cheaper than a loop. */
const NEAR = 32;

/** How rows and cells are told apart: bytes of ASCII. */
export interface Dialect {
  delimiter: number;
  /** Ends a row: a line feed, which a carriage return may stand before, or a carriage return. */
  lineBreak: number;
}

/**
 * Finds the cells of a row of CSV (RFC 4180) in bytes, and makes nothing of them. A cell in quotes has its quotes doubled,
 * and may have delimiters and line breaks in it; a quote elsewhere than at the beginning of a cell is a character.
 */
export class RowScanner {
  /** Cells of the row; beyond `MAX_FIELDS` they are counted only. */
  count = 0;
  /** Of each cell without its quotes. */
  starts = new Int32Array(FIRST_CELLS);
  ends = new Int32Array(FIRST_CELLS);
  /** Of each cell: whether it has quotes that are doubled. */
  doubled = new Uint8Array(FIRST_CELLS);
  /** Something stands between a closing quote and the delimiter. */
  hasStray = false;
  /** The last cell has no closing quote. */
  isOpen = false;
  readonly #delimiter: number;
  readonly #lineBreak: number;

  constructor({ delimiter, lineBreak }: Dialect) {
    this.#delimiter = delimiter;
    this.#lineBreak = lineBreak;
  }

  /** Whether the row has nothing in it: it is none. */
  get isBlank(): boolean {
    return this.count === 1 && this.starts[0] === this.ends[0] && !this.isOpen;
  }

  /**
   * Finds the cells of the row at `from`.
   * @param bytes with a zero byte at `limit`
   * @param isLast nothing follows behind `limit`
   * @returns the position behind the row and its line break, or `UNFINISHED`
   */
  scan(bytes: Buffer, from: number, limit: number, isLast: boolean): number {
    const delimiter = this.#delimiter;
    const lineBreak = this.#lineBreak;
    this.count = 0;
    this.hasStray = false;
    this.isOpen = false;
    let at = from;
    for (;;) {
      const isQuoted = bytes[at] === QUOTE;
      let start = at;
      let end = UNFINISHED;
      let doubled = 0;
      if (isQuoted) {
        start += 1;
        end = start;
        for (;;) {
          end = nextQuote(bytes, end, limit);
          if (end >= limit) break;
          if (bytes[end + 1] !== QUOTE) break;
          doubled = 1;
          end += 2;
        }
        this.isOpen = end >= limit;
        at = Math.min(end + 1, limit);
      }
      const rest = at;
      let byte = bytes[at]!;
      while (byte !== delimiter && byte !== lineBreak && !(byte === 0 && at >= limit)) byte = bytes[++at]!;
      if (at >= limit && !isLast) return UNFINISHED;
      const isRowEnd = at >= limit || byte === lineBreak;
      let cellEnd = at;
      if (isRowEnd && cellEnd > rest && bytes[cellEnd - 1] === CARRIAGE_RETURN) cellEnd -= 1;
      if (isQuoted) this.hasStray ||= cellEnd > rest;
      else end = cellEnd;
      this.#add(start, end, doubled);
      if (isRowEnd) return Math.min(at + 1, limit);
      at += 1;
    }
  }

  #add(start: number, end: number, doubled: number): void {
    const index = this.count++;
    if (index >= MAX_FIELDS) return;
    if (index === this.starts.length) this.#grow();
    this.starts[index] = start;
    this.ends[index] = end;
    this.doubled[index] = doubled;
  }

  #grow(): void {
    const length = 2 * this.starts.length;
    const { starts, ends, doubled } = this;
    this.starts = new Int32Array(length);
    this.starts.set(starts);
    this.ends = new Int32Array(length);
    this.ends.set(ends);
    this.doubled = new Uint8Array(length);
    this.doubled.set(doubled);
  }
}

/** The next quote, or at least `limit`. */
export function nextQuote(bytes: Buffer, from: number, limit: number): number {
  const near = Math.min(from + NEAR, limit);
  for (let at = from; at < near; at++) if (bytes[at] === QUOTE) return at;
  const found = bytes.indexOf(QUOTE, near);
  return found < 0 ? limit : Math.min(found, limit);
}
