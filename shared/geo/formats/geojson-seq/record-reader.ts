import type { FeaturePlace, FeatureSink } from '../../features/feature-sink.ts';
import { isSpace } from '../text/characters.ts';
import { FeatureParser } from '../geojson/feature-parser.ts';
import { recordTooLong } from '../text/errors.ts';
import { FeatureDefect, InputEnds } from '../text/feature-defect.ts';
import { MAX_RECORD_BYTES } from '../text/limits.ts';
import { rejectedText } from '../text/rejected-text.ts';
import type { TextWindow } from '../text/text-window.ts';

/** Which records a block has: those that begin behind `after` and up to `last`, in bytes of the source. */
export interface RecordRange {
  /** Undefined for the first block, which begins with the text. */
  after?: number;
  /** Undefined for the last one, which ends with it. */
  last?: number;
}

/** Reads the records of a block, each of which ends with a separator or with the file. */
export class RecordReader {
  readonly #window: TextWindow;
  readonly #separator: number;
  readonly #sink: FeatureSink;
  readonly #parser: FeatureParser;
  #at = 0;

  constructor(window: TextWindow, separator: number, sink: FeatureSink) {
    this.#window = window;
    this.#separator = separator;
    this.#sink = sink;
    this.#parser = new FeatureParser(sink, true);
  }

  /** @throws LonghaulError `record-too-long` (final); as `RangeReader.read` */
  async read({ after, last }: RecordRange): Promise<void> {
    if (after !== undefined && !(await this.#toNextRecord())) return;
    for (let number = 0; ;) {
      if (this.#at === this.#window.limit && !(await this.#more())) return;
      const offset = this.#window.offsetOf(this.#at);
      if (last !== undefined && offset > last) return;
      const end = await this.#recordEnd();
      if (this.#readRecord(end, { offset, number })) number += 1;
      this.#at = Math.min(end + 1, this.#window.limit);
    }
  }

  /** Goes behind the next separator; false where none follows. */
  async #toNextRecord(): Promise<boolean> {
    const end = await this.#recordEnd();
    this.#at = Math.min(end + 1, this.#window.limit);
    return end < this.#window.limit;
  }

  /** Where the record that begins at `#at` ends: at its separator, or the end of the file. */
  async #recordEnd(): Promise<number> {
    let searched = this.#at;
    for (;;) {
      const { bytes, limit } = this.#window;
      const found = bytes.indexOf(this.#separator, searched);
      // What lies behind the limit is left from before.
      if (found >= 0 && found < limit) return found;
      const length = limit - this.#at;
      if (length > MAX_RECORD_BYTES) throw recordTooLong('record', this.#window.offsetOf(this.#at), MAX_RECORD_BYTES);
      if (!(await this.#more())) return this.#window.limit;
      searched = length;
    }
  }

  /** Reads one record; false for one of white space only, which is none. */
  #readRecord(recordEnd: number, place: FeaturePlace): boolean {
    const { bytes } = this.#window;
    let start = this.#at;
    let end = recordEnd;
    while (start < end && isSpace(bytes[start]!)) start += 1;
    while (end > start && isSpace(bytes[end - 1]!)) end -= 1;
    if (start === end) return false;
    const { scanner } = this.#parser;
    scanner.bytes = bytes;
    scanner.limit = end;
    // It stands where white space, a separator or the end of the file was; the window is never read back.
    bytes[end] = 0;
    const defect = this.#parse(start, end);
    if (defect === undefined) this.#parser.add(place);
    else this.#sink.reject(place, defect.problem, rejectedText(bytes, start, end));
    return true;
  }

  #parse(start: number, end: number): FeatureDefect | undefined {
    try {
      if (this.#parser.parse(start) === end) return undefined;
      return new FeatureDefect('json-syntax', 'The feature is not valid JSON: something follows its end.');
    } catch (error) {
      if (error instanceof FeatureDefect) return error;
      if (error instanceof InputEnds)
        return new FeatureDefect('json-syntax', 'The feature is not valid JSON: it ends early.');
      throw error;
    }
  }

  async #more(): Promise<boolean> {
    const isMore = await this.#window.more(this.#at);
    if (isMore) this.#at = 0;
    return isMore;
  }
}
