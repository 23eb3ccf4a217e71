import type { FeaturePlace, FeatureSink } from '../../features/feature-sink.ts';
import { FeatureDefect, InputEnds } from '../text/feature-defect.ts';
import { MAX_RECORD_BYTES } from '../text/limits.ts';
import { rejectedText } from '../text/rejected-text.ts';
import type { TextWindow } from '../text/text-window.ts';
import { Balance, UNFINISHED } from './balance.ts';
import { COMMA, isSpace } from '../text/characters.ts';
import { geoJsonCorrupt } from './errors.ts';
import { FeatureParser } from './feature-parser.ts';

/** Reads the features of a part of an array, which begins at a feature and ends behind one. */
export class FeatureReader {
  readonly #window: TextWindow;
  readonly #sink: FeatureSink;
  readonly #parser: FeatureParser;
  readonly #balance = new Balance();
  #at = 0;

  constructor(window: TextWindow, sink: FeatureSink, allowGeometry: boolean) {
    this.#window = window;
    this.#sink = sink;
    this.#parser = new FeatureParser(sink, allowGeometry);
  }

  /**
   * Reads to the end of the window.
   * @param number of the first feature
   * @throws LonghaulError as `FeatureFormat.readBlock`
   */
  async read(number: number): Promise<void> {
    let next = number;
    for (;;) {
      this.#skipSeparators();
      if (this.#at === this.#window.limit) {
        if (!(await this.#more(this.#at))) return;
        continue;
      }
      const place = { offset: this.#window.offsetOf(this.#at), number: next++ };
      const failed = this.#parse(place);
      if (failed !== undefined) await this.#readOddly(place, failed);
    }
  }

  /** Reads a feature that ends in the window; what is wrong, where something is. */
  #parse(place: FeaturePlace): FeatureDefect | InputEnds | undefined {
    try {
      const end = this.#parser.parse(this.#at);
      this.#parser.add(place);
      this.#at = end;
      return undefined;
    } catch (error) {
      if (error instanceof FeatureDefect || error instanceof InputEnds) return error;
      throw error;
    }
  }

  /** Reads a feature of which more must be fetched, or rejects it. */
  async #readOddly(place: FeaturePlace, failed: FeatureDefect | InputEnds): Promise<void> {
    const end = await this.#findEnd(place);
    if (end === UNFINISHED) return;
    const again = failed instanceof InputEnds ? this.#parse(place) : failed;
    if (again === undefined) return;
    const defect = again instanceof FeatureDefect ? again : endsEarly();
    this.#sink.reject(place, defect.problem, rejectedText(this.#window.bytes, this.#at, end));
    this.#at = end;
  }

  /** Where the feature ends that begins at `#at`, in the window; `UNFINISHED` for one that was too long, and is rejected. */
  async #findEnd(place: FeaturePlace): Promise<number> {
    const window = this.#window;
    this.#balance.begin(window.bytes[this.#at]!);
    let from = this.#at;
    for (;;) {
      const end = this.#balance.end(window.bytes, from, window.limit);
      if (end === this.#at) throw geoJsonCorrupt(place.offset, 'no feature begins here');
      if (end !== UNFINISHED) return end;
      const length = window.limit - this.#at;
      if (length > MAX_RECORD_BYTES) return this.#skipLong(place);
      if (!(await this.#more(this.#at))) {
        if (this.#balance.isBare) return window.limit;
        throw geoJsonCorrupt(place.offset, 'the feature that begins here does not end');
      }
      from = length;
    }
  }

  async #skipLong(place: FeaturePlace): Promise<typeof UNFINISHED> {
    const window = this.#window;
    const source = rejectedText(window.bytes, this.#at, window.limit);
    let end = UNFINISHED;
    while (end === UNFINISHED) {
      if (!(await this.#more(window.limit)))
        throw geoJsonCorrupt(place.offset, 'the feature that begins here does not end');
      end = this.#balance.end(window.bytes, 0, window.limit);
    }
    this.#at = end;
    const reason = `The feature is longer than ${MAX_RECORD_BYTES} bytes.`;
    this.#sink.reject(place, { code: 'feature-too-long', reason }, source);
    return UNFINISHED;
  }

  #skipSeparators(): void {
    const { bytes, limit } = this.#window;
    let at = this.#at;
    while (at < limit && (bytes[at] === COMMA || isSpace(bytes[at]!))) at += 1;
    this.#at = at;
  }

  async #more(keep: number): Promise<boolean> {
    const isMore = await this.#window.more(keep);
    if (!isMore) return false;
    this.#at = 0;
    this.#parser.scanner.bytes = this.#window.bytes;
    this.#parser.scanner.limit = this.#window.limit;
    return true;
  }
}

function endsEarly(): FeatureDefect {
  return new FeatureDefect('json-syntax', 'The feature is not valid JSON: it ends early.');
}
