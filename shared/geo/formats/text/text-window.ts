import { TextDecoder } from 'node:util';
import type { RangeReader } from '../../../sources/range-reader.ts';
import { releaseBytes } from '../../features/release-bytes.ts';
import { bytesOfUnit, type TextEncoding } from './encoding.ts';
import { encodingInvalid } from './errors.ts';
import { FIRST_READ_BEHIND, READ_BYTES } from './limits.ts';

/** A part of a text file. */
export interface TextRange {
  file: RangeReader;
  encoding: TextEncoding;
  /** Bytes of the source. */
  start: number;
  /** End of the block: read ahead up to here, and behind it only what is asked for. */
  blockEnd: number;
  /** Nothing is read from here on. */
  end: number;
  signal: AbortSignal;
}

/**
 * A window that moves over a text: its bytes up to `limit` are UTF-8 whatever the encoding of the file (and are what the
 * file holds where that is UTF-8: they are not checked here), and a zero byte stands at `limit`, so that a scanner needs
 * no check of bounds. While one piece is read from, the next one is on its way.
 */
export class TextWindow {
  bytes = Buffer.alloc(1);
  limit = 0;
  readonly #range: TextRange;
  /** Undefined for UTF-8. */
  readonly #decoder: TextDecoder | undefined;
  readonly #unit: number;
  /** Source offset of the first byte. */
  #base: number;
  /** A position of the window, and its source offset, from which others are counted in transcoded text. */
  #cursor = { position: 0, offset: 0 };
  /** Source offset of the piece that comes next. */
  #next: number;
  #readBehind = FIRST_READ_BEHIND;
  #pending: Promise<Uint8Array> | undefined;

  constructor(range: TextRange) {
    this.#range = range;
    this.#base = range.start;
    this.#next = range.start;
    this.#cursor.offset = range.start;
    this.#unit = bytesOfUnit(range.encoding.name);
    const isUtf8 = range.encoding.name === 'utf-8';
    this.#decoder = isUtf8 ? undefined : new TextDecoder(range.encoding.name, { fatal: true, ignoreBOM: true });
    this.#readAhead();
  }

  /**
   * Drops what is before `keep`, and adds the next piece: positions move by `keep`.
   * @returns false when there is no more
   * @throws LonghaulError `text-encoding-invalid` (final); as `RangeReader.read`
   */
  async more(keep: number): Promise<boolean> {
    if (this.#pending === undefined) this.#startRead();
    if (this.#pending === undefined) return false;
    const piece = await this.#pending;
    const offset = this.#next;
    this.#next += piece.length;
    this.#pending = undefined;
    this.#readAhead();

    this.#base = this.offsetOf(keep);
    this.#cursor = { position: 0, offset: this.#base };
    const kept = this.limit - keep;
    // UTF-16 has at most three bytes of UTF-8 to a unit of two, other encodings three to a character of one.
    this.#moveTo(kept + (this.#decoder === undefined ? piece.length : 3 * (piece.length + 2)) + 1, keep);
    this.limit = kept + this.#add(piece, kept, offset);
    releaseBytes(piece);
    this.bytes[this.limit] = 0;
    return true;
  }

  /**
   * Adds all there is of the range, which must be a small one.
   * @throws LonghaulError as `more`
   */
  async all(): Promise<void> {
    let isMore = true;
    while (isMore) isMore = await this.more(0);
  }

  /** Source offset of a position. */
  offsetOf(position: number): number {
    if (this.#decoder === undefined) return this.#base + position;
    if (position < this.#cursor.position) this.#cursor = { position: 0, offset: this.#base };
    let { offset } = this.#cursor;
    for (let at = this.#cursor.position; at < position; at++) {
      const byte = this.bytes[at]!;
      // A character of four bytes is two units of UTF-16; the bytes that continue one are none.
      if (byte < 0x80 || byte >= 0xc0) offset += byte >= 0xf0 ? 2 * this.#unit : this.#unit;
    }
    this.#cursor = { position, offset };
    return offset;
  }

  #readAhead(): void {
    if (this.#next < this.#range.blockEnd) this.#startRead();
  }

  #startRead(): void {
    const { file, blockEnd, end, signal } = this.#range;
    const inBlock = this.#next < blockEnd;
    const length = Math.min(inBlock ? READ_BYTES : this.#readBehind, (inBlock ? blockEnd : end) - this.#next);
    if (length <= 0) return;
    if (!inBlock) this.#readBehind = Math.min(2 * this.#readBehind, READ_BYTES);
    this.#pending = file.read(this.#next, length, signal);
    // It is awaited when it is needed; until then a failure must not end the process.
    this.#pending.catch(() => {});
  }

  /** Moves what is kept to the front of a buffer of at least so many bytes, and not of many times as many. */
  #moveTo(needed: number, keep: number): void {
    const fits = this.bytes.length >= needed && this.bytes.length <= 4 * Math.max(needed, READ_BYTES);
    if (fits) {
      this.bytes.copyWithin(0, keep, this.limit);
      return;
    }
    const moved = Buffer.allocUnsafeSlow(Math.ceil(1.5 * needed));
    this.bytes.copy(moved, 0, keep, this.limit);
    this.bytes = moved;
  }

  #add(piece: Uint8Array, at: number, offset: number): number {
    if (this.#decoder === undefined) {
      this.bytes.set(piece, at);
      return piece.length;
    }
    try {
      const stream = offset + piece.length < this.#range.end;
      return this.bytes.write(this.#decoder.decode(this.#sound(piece, offset), { stream }), at, 'utf8');
    } catch (error) {
      if (error instanceof TypeError) throw encodingInvalid(this.#range.encoding.name, offset);
      throw error;
    }
  }

  /** A block may begin behind the first half of a pair of UTF-16: what is left of the pair is part of the block before. */
  #sound(piece: Uint8Array, offset: number): Uint8Array {
    if (this.#unit === 1 || offset !== this.#range.start) return piece;
    const high = piece[this.#range.encoding.name === 'utf-16le' ? 1 : 0] ?? 0;
    if (high < 0xdc || high > 0xdf) return piece;
    this.#cursor.offset += this.#unit;
    this.#base += this.#unit;
    return piece.subarray(this.#unit);
  }
}
