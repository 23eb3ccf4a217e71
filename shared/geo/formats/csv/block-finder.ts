import { isUtf8 } from 'node:buffer';
import { QUOTE } from '../text/characters.ts';
import { recordTooLong } from '../text/errors.ts';
import { MAX_RECORD_BYTES } from '../text/limits.ts';
import type { TextWindow } from '../text/text-window.ts';
import { wholeCharacters } from '../text/utf8.ts';
import { csvQuoteOpen, notCsv } from './errors.ts';
import { nextQuote, type Dialect } from './row-scanner.ts';

/** Distance at which a call into V8 becomes cheaper than a loop. */
const NEAR = 32;

export interface FoundBlocks {
  /** Source offsets of the first row of each block. */
  starts: number[];
  isUtf8: boolean;
  /** Source offset of the row that the text ends in. */
  lastRow: number;
}

/**
 * Goes once over the rows of a CSV and finds where blocks may begin: line breaks in quotes end no row. What is between two
 * quotes is passed over as a whole.
 */
export class BlockFinder {
  readonly #window: TextWindow;
  readonly #dialect: Dialect;
  readonly #blockBytes: number;
  readonly #starts: number[];
  #at = 0;
  /** Source offset from which on the next block may begin. */
  #target: number;
  /** Source offset of the row that `#at` is in. */
  #rowStart: number;
  /** Source offset of the quote that `#at` is behind. */
  #quote: number | undefined;
  /** The byte before the window. */
  #before: number | undefined;

  /** @param start source offset of the window, where the first row begins */
  constructor(window: TextWindow, dialect: Dialect, blockBytes: number, start: number) {
    this.#window = window;
    this.#dialect = dialect;
    this.#blockBytes = blockBytes;
    this.#starts = [start];
    this.#target = start + blockBytes;
    this.#rowStart = start;
    this.#before = dialect.lineBreak;
  }

  /**
   * @param isFront the text goes on behind its end, which may be within a cell in quotes
   * @throws LonghaulError `csv-quote-open`, `record-too-long`, `not-csv` (final); as `RangeReader.read`
   */
  async find(isFront = false): Promise<FoundBlocks> {
    let areUtf8 = true;
    let checked = 0;
    while (await this.#more(checked)) {
      const { bytes, limit } = this.#window;
      const nul = bytes.indexOf(0);
      if (nul < limit) throw notCsv(`there is a zero byte at byte ${this.#window.offsetOf(nul)}`);
      checked = wholeCharacters(bytes, 0, limit);
      areUtf8 &&= isUtf8(bytes.subarray(0, checked));
      this.#goOver(false);
      this.#checkLength();
    }
    this.#goOver(true);
    if (this.#quote !== undefined && !isFront) throw csvQuoteOpen(this.#quote);
    areUtf8 &&= checked === this.#window.limit || isUtf8(this.#window.bytes.subarray(checked, this.#window.limit));
    return { starts: this.#starts, isUtf8: areUtf8, lastRow: this.#rowStart };
  }

  /** Keeps what is not gone over yet, and half a character. */
  async #more(checked: number): Promise<boolean> {
    const keep = Math.min(this.#at, checked);
    if (keep > 0) this.#before = this.#window.bytes[keep - 1];
    if (!(await this.#window.more(keep))) return false;
    this.#at -= keep;
    return true;
  }

  #goOver(isLast: boolean): void {
    const { bytes, limit } = this.#window;
    while (this.#at < limit) {
      const quote = nextQuote(bytes, this.#at, limit);
      if (this.#quote === undefined) {
        this.#goOverRows(this.#at, quote);
        if (quote < limit && this.#opensCell(quote)) this.#quote = this.#window.offsetOf(quote);
        this.#at = Math.min(quote + 1, limit);
        continue;
      }
      // What follows a quote at the limit decides what it is.
      if (quote + 1 >= limit && !isLast) {
        this.#at = quote;
        return;
      }
      if (quote < limit && bytes[quote + 1] !== QUOTE) this.#quote = undefined;
      this.#at = Math.min(bytes[quote + 1] === QUOTE ? quote + 2 : quote + 1, limit);
    }
  }

  #opensCell(quote: number): boolean {
    const before = quote > 0 ? this.#window.bytes[quote - 1] : this.#before;
    return before === this.#dialect.delimiter || before === this.#dialect.lineBreak;
  }

  /** Goes over bytes outside of quotes: each line break ends a row. */
  #goOverRows(from: number, to: number): void {
    const { bytes } = this.#window;
    const last = lastByte(bytes, this.#dialect.lineBreak, from, to);
    if (last < 0) return;
    this.#rowStart = this.#window.offsetOf(last + 1);
    let at = from;
    while (this.#rowStart >= this.#target) {
      let start: number;
      do {
        at = bytes.indexOf(this.#dialect.lineBreak, at) + 1;
        start = this.#window.offsetOf(at);
      } while (start < this.#target);
      this.#starts.push(start);
      this.#target = start + this.#blockBytes;
    }
  }

  #checkLength(): void {
    if (this.#window.offsetOf(this.#at) - this.#rowStart <= MAX_RECORD_BYTES) return;
    if (this.#quote !== undefined) throw csvQuoteOpen(this.#quote);
    throw recordTooLong('row', this.#rowStart, MAX_RECORD_BYTES);
  }
}

/** The last of some bytes that is this one; negative where none is. */
function lastByte(bytes: Buffer, byte: number, from: number, to: number): number {
  if (to - from > NEAR) {
    const found = bytes.subarray(from, to).lastIndexOf(byte);
    return found < 0 ? found : from + found;
  }
  for (let at = to - 1; at >= from; at--) if (bytes[at] === byte) return at;
  return -1;
}
