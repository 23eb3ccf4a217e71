import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from '../text/characters.ts';

/** Where the value does not end in the bytes that there are. */
export const UNFINISHED = -1;

/**
 * Finds the end of a value whatever is in it, over any number of pieces and in constant memory: of objects and arrays by
 * counting the brackets of the one kind that they begin with, outside of strings. Where a value is not valid JSON, this is
 * where reading goes on behind it.
 */
export class Balance {
  #open = 0;
  #close = 0;
  #depth = 0;
  #inString = false;
  /** The piece before ended with a backslash. */
  #escaping = false;

  /** Whether the value is neither object, array nor string: its end is what cannot be a part of it. */
  get isBare(): boolean {
    return this.#close === 0 && this.#open !== QUOTE;
  }

  /** Begins a value with its first byte. */
  begin(first: number): void {
    this.#open = first;
    // Closing brackets and braces stand two behind the opening ones.
    this.#close = first === OPEN_BRACE || first === OPEN_BRACKET ? first + 2 : 0;
    this.#depth = 0;
    this.#inString = false;
    this.#escaping = false;
  }

  /** Reads on, at first from the first byte of the value: the position behind the value, or `UNFINISHED`. */
  end(bytes: Buffer, from: number, limit: number): number {
    if (this.isBare) return bareEnd(bytes, from, limit);
    const open = this.#open;
    const close = this.#close;
    let depth = this.#depth;
    let at = from;
    for (;;) {
      if (this.#inString) {
        at = this.#stringEnd(bytes, at, limit);
        if (this.#inString) break;
        if (depth === 0) return at;
        if (bytes[at] === COLON && bytes[at + 1] === OPEN_BRACKET && bytes[at + 2] === OPEN_BRACKET) {
          at = this.#behindNumbers(bytes, at, limit);
        }
      }
      // Nothing in this loop but what every byte needs: it decides how fast a file is gone over.
      let byte = 0;
      while (at < limit) {
        byte = bytes[at++]!;
        if (byte === QUOTE || byte === open || byte === close) break;
        byte = 0;
      }
      if (byte === 0) break;
      if (byte === QUOTE) this.#inString = true;
      else if (byte === open) depth += 1;
      else if (--depth === 0) return at;
    }
    this.#depth = depth;
    return UNFINISHED;
  }

  /**
   * Passes over what is between here and the next quote or bracket that counts. Behind a name that `[[` follows these are
   * mostly coordinates, and many: the search of V8 is ten times as fast as a loop.
   */
  #behindNumbers(bytes: Buffer, from: number, limit: number): number {
    const quote = bytes.indexOf(QUOTE, from);
    // What lies behind the limit is left from before.
    const part = bytes.subarray(from, quote < 0 ? limit : Math.min(quote, limit));
    const close = part.indexOf(this.#close);
    const open = (close < 0 ? part : part.subarray(0, close)).indexOf(this.#open);
    return from + (open >= 0 ? open : close >= 0 ? close : part.length);
  }

  /** The position behind the closing quote; `#inString` stays where there is none. */
  #stringEnd(bytes: Buffer, from: number, limit: number): number {
    let at = from;
    if (this.#escaping && at < limit) {
      this.#escaping = false;
      at += 1;
    }
    while (at < limit) {
      const byte = bytes[at++];
      if (byte === QUOTE) {
        this.#inString = false;
        return at;
      }
      if (byte !== BACKSLASH) continue;
      if (at === limit) this.#escaping = true;
      at += 1;
    }
    return at;
  }
}

function bareEnd(bytes: Buffer, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    const byte = bytes[at]!;
    if (byte <= SPACE || byte === COMMA || byte === CLOSE_BRACKET || byte === CLOSE_BRACE) return at;
  }
  return UNFINISHED;
}
