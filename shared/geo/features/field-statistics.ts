import { DistinctSketch, hashBytes, hashWords } from './distinct-sketch.ts';
import { IsoDateTime, parseIsoDateTime } from './iso-date-time.ts';
import { skipSpaces, skipSpacesBack } from './lexeme-tag.ts';
import { parseDouble, parseInteger } from './parse-number.ts';
import { PROPERTY_TAGS, TAG_NUMBERS } from './property-tags.ts';
import { TextPrefix } from './text-prefix.ts';

const scratch = new IsoDateTime();

/** What was seen of one field: of its values, not of the features that do not have it. */
export class FieldStatistics {
  /** Values by tag. */
  readonly counts = new Float64Array(TAG_NUMBERS);
  /** Least and greatest integer; typed, or lexical and an integer. Those beyond a double's 53 bits are exact as well. */
  integerMin: number | bigint = Infinity;
  integerMax: number | bigint = -Infinity;
  /** Integers that a double does not hold exactly. */
  unsafeIntegers = 0;
  /** Least and greatest finite number of the doubles; typed, or lexical and no integer. */
  doubleMin = Infinity;
  doubleMax = -Infinity;
  /** NaN, and infinities. */
  nonFinite = 0;
  /** The least and the greatest value with a text, in the order of UTF-8; of what can be a number or a date without spaces. */
  readonly textMin = new TextPrefix();
  readonly textMax = new TextPrefix();
  /** Booleans that are true. */
  trues = 0;
  /** Dates with times that say their offset to UTC, the digits behind their seconds at most, and the years they lie in. */
  zoned = 0;
  fractionDigits = 0;
  secondsMin = Infinity;
  secondsMax = -Infinity;
  readonly sketch: DistinctSketch;

  constructor(sketch = new DistinctSketch()) {
    this.sketch = sketch;
  }

  /** Takes a value of `end − start` bytes: of a value with a length, the bytes behind it. */
  add(tag: number, bytes: Uint8Array, view: DataView, start: number, end: number): void {
    this.counts[tag]!++;
    switch (tag) {
      case PROPERTY_TAGS.int32:
        this.#addInteger(view.getInt32(start, true));
        break;
      case PROPERTY_TAGS.int64:
        this.#addInteger(view.getBigInt64(start, true));
        break;
      case PROPERTY_TAGS.double:
        this.#addDouble(view.getFloat64(start, true));
        break;
      case PROPERTY_TAGS.boolean:
        this.#addBoolean(bytes[start]!);
        break;
      case PROPERTY_TAGS.json:
      case PROPERTY_TAGS.binary:
        this.sketch.add(hashBytes(bytes, start, end));
        break;
      default:
        this.#addText(tag, bytes, start, end);
    }
  }

  #addInteger(value: number | bigint): void {
    if (value < this.integerMin) this.integerMin = value;
    if (value > this.integerMax) this.integerMax = value;
    if (typeof value === 'number') {
      this.sketch.add(hashWords(value, value < 0 ? -1 : 0));
    } else {
      if (!Number.isSafeInteger(Number(value))) this.unsafeIntegers++;
      this.sketch.add(hashWords(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))));
    }
  }

  #addDouble(value: number): void {
    this.#spanDouble(value);
    doubles[0] = value;
    this.sketch.add(hashWords(words[0]!, words[1]!));
  }

  #spanDouble(value: number): void {
    if (value - value !== 0) {
      this.nonFinite++;
    } else {
      if (value < this.doubleMin) this.doubleMin = value;
      if (value > this.doubleMax) this.doubleMax = value;
    }
  }

  #addBoolean(value: number): void {
    this.trues += value;
    this.sketch.add(hashWords(value, 0));
  }

  #addText(tag: number, bytes: Uint8Array, valueStart: number, valueEnd: number): void {
    const isLexeme = tag > PROPERTY_TAGS.lexicalText;
    const start = isLexeme ? skipSpaces(bytes, valueStart, valueEnd) : valueStart;
    const end = isLexeme ? skipSpacesBack(bytes, start, valueEnd) : valueEnd;
    this.sketch.add(hashBytes(bytes, start, end));
    if (this.textMin.length < 0 || this.textMin.compare(bytes, start, end) < 0) this.textMin.set(bytes, start, end);
    if (this.textMax.length < 0 || this.textMax.compare(bytes, start, end) > 0) this.textMax.set(bytes, start, end);
    if (tag === PROPERTY_TAGS.lexicalInteger) this.#spanLexicalInteger(bytes, start, end);
    else if (tag === PROPERTY_TAGS.lexicalDouble) this.#spanDouble(parseDouble(bytes, start, end));
    else if (tag === PROPERTY_TAGS.lexicalBoolean) this.trues += (bytes[start]! | 0x20) === 0x74 ? 1 : 0;
    else if (tag === PROPERTY_TAGS.dateTime || tag === PROPERTY_TAGS.lexicalDateTime) {
      this.#spanDateTime(bytes, start, end);
    }
  }

  #spanLexicalInteger(bytes: Uint8Array, start: number, end: number): void {
    const value = parseInteger(bytes, start, end);
    if (value < this.integerMin) this.integerMin = value;
    if (value > this.integerMax) this.integerMax = value;
    if (typeof value === 'bigint') this.unsafeIntegers++;
  }

  #spanDateTime(bytes: Uint8Array, start: number, end: number): void {
    if (!parseIsoDateTime(bytes, start, end, scratch)) return;
    if (scratch.zoned) this.zoned++;
    this.fractionDigits = Math.max(this.fractionDigits, scratch.fractionDigits);
    this.secondsMin = Math.min(this.secondsMin, scratch.seconds);
    this.secondsMax = Math.max(this.secondsMax, scratch.seconds);
  }

  /** Adds what was seen of the field elsewhere. */
  merge(other: FieldStatistics): void {
    for (let tag = 0; tag < TAG_NUMBERS; tag++) this.counts[tag]! += other.counts[tag]!;
    if (other.integerMin < this.integerMin) this.integerMin = other.integerMin;
    if (other.integerMax > this.integerMax) this.integerMax = other.integerMax;
    this.unsafeIntegers += other.unsafeIntegers;
    this.doubleMin = Math.min(this.doubleMin, other.doubleMin);
    this.doubleMax = Math.max(this.doubleMax, other.doubleMax);
    this.nonFinite += other.nonFinite;
    const { textMin, textMax } = other;
    if (textMin.length >= 0) {
      if (this.textMin.length < 0 || this.textMin.compare(textMin.bytes, 0, textMin.length) < 0)
        this.textMin.copy(textMin);
      if (this.textMax.length < 0 || this.textMax.compare(textMax.bytes, 0, textMax.length) > 0)
        this.textMax.copy(textMax);
    }
    this.trues += other.trues;
    this.zoned += other.zoned;
    this.fractionDigits = Math.max(this.fractionDigits, other.fractionDigits);
    this.secondsMin = Math.min(this.secondsMin, other.secondsMin);
    this.secondsMax = Math.max(this.secondsMax, other.secondsMax);
    this.sketch.merge(other.sketch);
  }
}

const doubles = new Float64Array(1);
const words = new Int32Array(doubles.buffer);
