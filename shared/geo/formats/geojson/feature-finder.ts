import type { TextWindow } from '../text/text-window.ts';
import { Balance, UNFINISHED } from './balance.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../text/characters.ts';
import { geoJsonCorrupt, geoJsonTrailing, geoJsonTruncated, notGeoJson } from './errors.ts';
import { MAX_MEMBER_BYTES } from './limits.ts';

/** What was found in a file: byte offsets of the source. */
export interface FoundFeatures {
  /** Where the outermost object begins and ends. */
  start: number;
  end: number;
  /** Members of the outermost object, where they are small: `type`, `name` and `crs`. */
  members: ReadonlyMap<string, unknown>;
  /** The array of features; the last one, where there are two. */
  features?: FoundArray;
}

export interface FoundArray {
  /** Where the first feature of each block begins, and its number. */
  starts: number[];
  numbers: number[];
  /** Where the array ends. */
  end: number;
  count: number;
}

const MEMBERS = new Set(['type', 'name', 'crs']);
const FEATURES = 'features';
const NO_MORE = -1;

/**
 * Goes once over a file of GeoJSON and finds where its features are, wherever among the members of the outermost object
 * they stand. What is inside of a feature is not looked at: its braces are counted.
 * @throws LonghaulError (final) for what is no JSON object, or is none to its end
 */
export class FeatureFinder {
  readonly #window: TextWindow;
  readonly #blockBytes: number;
  readonly #size: number;
  readonly #balance = new Balance();
  readonly #members = new Map<string, unknown>();
  #features: FoundArray | undefined;
  #start = 0;
  #at = 0;

  constructor(window: TextWindow, blockBytes: number, size: number) {
    this.#window = window;
    this.#blockBytes = blockBytes;
    this.#size = size;
  }

  /** What was found of a file that is cut off: the features that are whole. */
  get partly(): FoundFeatures {
    const features = this.#features;
    const start = this.#start;
    return { start, end: start, members: this.#members, ...(features === undefined ? {} : { features }) };
  }

  async find(): Promise<FoundFeatures> {
    const first = await this.#token();
    if (first === NO_MORE) throw notGeoJson('it is empty');
    if (first !== OPEN_BRACE) throw notGeoJson('it does not begin with an object');
    this.#start = this.#offset();
    this.#at += 1;
    const members = this.#members;
    let byte = await this.#need();
    while (byte !== CLOSE_BRACE) {
      if (byte !== QUOTE) throw this.#corrupt('a name in quotes is missing');
      const name = await this.#small();
      if (typeof name !== 'string') throw this.#corrupt('the name of a member is too long');
      if ((await this.#need()) !== COLON) throw this.#corrupt('a colon is missing');
      this.#at += 1;
      byte = await this.#need();
      if (name === FEATURES) {
        this.#features = undefined;
        if (byte === OPEN_BRACKET) await this.#array();
        else await this.#skip();
      } else if (MEMBERS.has(name)) members.set(name, await this.#small());
      else await this.#skip();
      byte = await this.#need();
      if (byte === CLOSE_BRACE) break;
      if (byte !== COMMA) throw this.#corrupt('a comma or a closing brace is missing');
      this.#at += 1;
      byte = await this.#need();
      if (byte === CLOSE_BRACE) throw this.#corrupt('nothing follows a comma');
    }
    this.#at += 1;
    const end = this.#offset();
    if ((await this.#token()) !== NO_MORE) throw geoJsonTrailing(this.#offset());
    return { ...this.partly, end };
  }

  async #array(): Promise<void> {
    const found: FoundArray = { starts: [], numbers: [], end: this.#offset(), count: 0 };
    this.#features = found;
    this.#at += 1;
    let byte = await this.#need();
    let blockEnd = 0;
    while (byte !== CLOSE_BRACKET) {
      if (byte === COMMA) throw this.#corrupt('nothing stands before a comma');
      const offset = this.#offset();
      if (offset >= blockEnd) {
        found.starts.push(offset);
        found.numbers.push(found.count);
        blockEnd = offset + this.#blockBytes;
      }
      // Most features end in the window, and most have a comma right behind them.
      this.#balance.begin(byte);
      const end = this.#balance.end(this.#window.bytes, this.#at, this.#window.limit);
      if (end === UNFINISHED) await this.#skipOn();
      else this.#at = end;
      found.count += 1;
      found.end = this.#offset();
      byte = this.#inWindow();
      if (byte === NO_MORE) byte = await this.#need();
      if (byte === CLOSE_BRACKET) break;
      if (byte !== COMMA) throw this.#corrupt('a comma is missing between two features');
      this.#at += 1;
      byte = this.#inWindow();
      if (byte === NO_MORE) byte = await this.#need();
      if (byte === CLOSE_BRACKET) throw this.#corrupt('nothing follows a comma');
    }
    found.end = this.#offset();
    this.#at += 1;
  }

  /** The next byte that is no white space, or `NO_MORE` at the end of the file. */
  async #token(): Promise<number> {
    for (;;) {
      const byte = this.#inWindow();
      if (byte !== NO_MORE) return byte;
      if (!(await this.#window.more(this.#window.limit))) return NO_MORE;
      this.#at = 0;
    }
  }

  /** The next byte of the window that is no white space. Features are many: they wait for nothing that is there. */
  #inWindow(): number {
    const { bytes, limit } = this.#window;
    let at = this.#at;
    while (at < limit && isSpace(bytes[at]!)) at += 1;
    this.#at = at;
    return at < limit ? bytes[at]! : NO_MORE;
  }

  async #need(): Promise<number> {
    const found = await this.#token();
    if (found === NO_MORE) throw geoJsonTruncated(this.#size);
    return found;
  }

  async #skip(): Promise<void> {
    const first = await this.#need();
    this.#balance.begin(first);
    const end = this.#balance.end(this.#window.bytes, this.#at, this.#window.limit);
    if (end === UNFINISHED) return this.#skipOn();
    if (end === this.#at) throw this.#corrupt('a value is missing');
    this.#at = end;
  }

  /** Goes on to the end of a value that does not end in the window. */
  async #skipOn(): Promise<void> {
    let end = UNFINISHED;
    while (end === UNFINISHED) {
      if (!(await this.#window.more(this.#window.limit))) throw geoJsonTruncated(this.#size);
      end = this.#balance.end(this.#window.bytes, 0, this.#window.limit);
    }
    this.#at = end;
  }

  /** A value, or undefined where it is too long to be looked at. */
  async #small(): Promise<unknown> {
    await this.#need();
    for (;;) {
      const { bytes, limit } = this.#window;
      this.#balance.begin(bytes[this.#at]!);
      const end = this.#balance.end(bytes, this.#at, limit);
      if (end !== UNFINISHED) return this.#parsed(end);
      if (limit - this.#at > MAX_MEMBER_BYTES) {
        await this.#skipOn();
        return undefined;
      }
      if (!(await this.#window.more(this.#at))) throw geoJsonTruncated(this.#size);
      this.#at = 0;
    }
  }

  #parsed(end: number): unknown {
    const start = this.#at;
    if (end - start > MAX_MEMBER_BYTES) {
      this.#at = end;
      return undefined;
    }
    try {
      const value = JSON.parse(this.#window.bytes.toString('utf8', start, end)) as unknown;
      this.#at = end;
      return value;
    } catch (error) {
      if (error instanceof SyntaxError) throw this.#corrupt('a member of the outermost object cannot be read');
      throw error;
    }
  }

  #offset(): number {
    return this.#window.offsetOf(this.#at);
  }

  #corrupt(reason: string): Error {
    return geoJsonCorrupt(this.#offset(), reason);
  }
}
