import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { RowTarget } from '../row-target.ts';
import type { Encoding } from './code-pages.ts';

const FIRST_UPPER = 0x80;

/** Four of the blanks that fill a field up. */
const BLANKS = 0x20202020;

/** Encodings of the WHATWG in which a byte is not always a character. */
const MULTI_BYTE = /^(?:utf-|gb|big5|euc-|shift_jis|iso-2022)/;

/** Where an encoding is not told: UTF-8 where the bytes are valid in it, and this otherwise. */
const FALLBACK: Encoding = { name: 'windows-1252' };

/** Most bytes of UTF-8 for a character of an encoding of one byte. */
const MAX_UTF8_BYTES = 3;

/** Bytes that hold a row. */
export interface RowBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Writes texts of a .dbf as UTF-8 without becoming a string where that can be. */
export class DbfTextWriter {
  readonly #encoding: Encoding | undefined;
  /** UTF-8 of each of the upper bytes, where a byte is a character. */
  readonly #upper: readonly Uint8Array[] | undefined;
  readonly #decoder: TextDecoder | undefined;
  #scratch = new Uint8Array(1024);

  /** @param encoding undefined: guessed text by text */
  constructor(encoding: Encoding | undefined) {
    this.#encoding = encoding;
    const single = encoding ?? FALLBACK;
    if (single.upperHalf === undefined && MULTI_BYTE.test(single.name)) {
      this.#decoder = new TextDecoder(single.name, { ignoreBOM: true });
    } else {
      this.#upper = upperBytes(single);
    }
  }

  /** Writes the text of a field, or nothing when it is blank. */
  write(target: RowTarget, field: number, { bytes, view }: RowBytes, start: number, end: number): void {
    let last = end;
    while (last - start >= 4 && view.getUint32(last - 4) === BLANKS) last -= 4;
    while (last > start && (bytes[last - 1] === 0x20 || bytes[last - 1] === 0)) last--;
    if (last === start) return;
    let at = start;
    while (at < last && bytes[at]! < FIRST_UPPER) at++;
    if (at === last || this.#isUtf8(bytes, at, last)) {
      target.row.textBytes(field, bytes, start, last);
    } else if (this.#upper !== undefined) {
      if (this.#encoding === undefined) this.#noteGuess(target);
      const length = this.#transcode(bytes, start, last, this.#upper);
      target.row.textBytes(field, this.#scratch, 0, length);
    } else {
      target.row.text(field, this.#decode(target, bytes.subarray(start, last)));
    }
  }

  /** A name of a field. */
  decodeName(bytes: Uint8Array): string {
    if (this.#upper === undefined) return this.#decoder!.decode(bytes);
    if (this.#isUtf8(bytes, 0, bytes.length)) return Buffer.from(bytes).toString('utf8');
    return Buffer.from(this.#scratch.subarray(0, this.#transcode(bytes, 0, bytes.length, this.#upper))).toString(
      'utf8',
    );
  }

  #isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
    const mayBe = this.#encoding === undefined || this.#encoding.name === 'utf-8';
    return mayBe && isUtf8(bytes.subarray(start, end));
  }

  #transcode(bytes: Uint8Array, start: number, end: number, upper: readonly Uint8Array[]): number {
    if (this.#scratch.length < MAX_UTF8_BYTES * (end - start))
      this.#scratch = new Uint8Array(MAX_UTF8_BYTES * (end - start));
    const scratch = this.#scratch;
    let length = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte < FIRST_UPPER) scratch[length++] = byte;
      else for (const part of upper[byte - FIRST_UPPER]!) scratch[length++] = part;
    }
    return length;
  }

  #decode(target: RowTarget, bytes: Uint8Array): string {
    const text = this.#decoder!.decode(bytes);
    if (text.includes('\ufffd')) {
      // Writers cut texts at the width of the field, in the middle of a character.
      const reason = 'A text is not in the encoding of its file; what could not be read became U+FFFD.';
      target.note({ code: 'text-encoding-invalid', reason });
    }
    return text;
  }

  #noteGuess(target: RowTarget): void {
    const reason = `A text is not valid UTF-8 and its encoding is not told; it was read as ${FALLBACK.name}.`;
    target.note({ code: 'text-encoding-guessed', reason });
  }
}

function upperBytes({ name, upperHalf }: Encoding): Uint8Array[] {
  const bytes = Uint8Array.from({ length: 256 - FIRST_UPPER }, (_, index) => FIRST_UPPER + index);
  const characters = Array.from(upperHalf ?? new TextDecoder(name).decode(bytes));
  return characters.map((character) => new TextEncoder().encode(character));
}
