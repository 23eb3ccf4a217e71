import { featureBlockCorrupt } from './errors.ts';
import type { ColumnType } from './column.ts';
import { lexemeTag, skipSpaces, skipSpacesBack } from './lexeme-tag.ts';
import { parseDouble, parseInteger } from './parse-number.ts';
import { FIXED_VALUE_BYTES, PROPERTY_HEAD_BYTES, PROPERTY_TAGS } from './property-tags.ts';
import type { StoredFeature } from './stored-feature.ts';

const decoder = new TextDecoder();

/**
 * Walks through the properties of a stored feature, and gives each value as what its column needs. What is asked for it throws
 * `feature-block-corrupt` (final) when the value is not what its tag says.
 */
export class PropertyReader {
  /** Number of the column, and tag of the value. */
  column = 0;
  tag = 0;
  /** The value; of one with a length, what stands behind it. */
  start = 0;
  end = 0;
  #feature!: StoredFeature;
  #next = 0;
  /** By column: 1 where spaces around a lexeme are not part of the value. */
  readonly #trims: Uint8Array;

  /** @param types of the columns; values of a column of texts, or of none that is told, keep the spaces around them */
  constructor(types: readonly (ColumnType | undefined)[]) {
    this.#trims = Uint8Array.from(types, (type) => (type === undefined || type === 'text' ? 0 : 1));
  }

  begin(feature: StoredFeature): void {
    this.#feature = feature;
    this.#next = feature.properties;
  }

  /** Moves to the next property; false when there is none. */
  next(): boolean {
    const feature = this.#feature;
    const position = this.#next;
    if (position >= feature.propertiesEnd) return false;
    const { bytes } = feature;
    this.column = feature.columns[bytes[position]! | (bytes[position + 1]! << 8)]!;
    this.tag = bytes[position + 2]!;
    const fixed = FIXED_VALUE_BYTES[this.tag]!;
    if (fixed > 0) {
      this.start = position + PROPERTY_HEAD_BYTES;
      this.end = this.start + fixed;
    } else {
      this.start = position + PROPERTY_HEAD_BYTES + 4;
      this.end = this.start + feature.view.getUint32(this.start - 4, true);
    }
    this.#next = this.end;
    if (this.tag > PROPERTY_TAGS.lexicalText && this.#trims[this.column] === 1) {
      this.start = skipSpaces(bytes, this.start, this.end);
      this.end = skipSpacesBack(bytes, this.start, this.end);
    }
    return true;
  }

  /** Whether the value stands there as UTF-8. */
  get isText(): boolean {
    return FIXED_VALUE_BYTES[this.tag] === 0 && this.tag !== PROPERTY_TAGS.binary;
  }

  /** The value of a column of `int32`. */
  toInt32(): number {
    const value = this.toNumber();
    if ((value | 0) !== value) throw featureBlockCorrupt('an integer is out of the range of its field');
    return value;
  }

  /** The value of a column of numbers that a double holds. */
  toNumber(): number {
    const { bytes, view } = this.#feature;
    switch (this.tag) {
      case PROPERTY_TAGS.int32:
        return view.getInt32(this.start, true);
      case PROPERTY_TAGS.int64:
        return Number(view.getBigInt64(this.start, true));
      case PROPERTY_TAGS.double:
        return view.getFloat64(this.start, true);
      case PROPERTY_TAGS.lexicalInteger:
        this.#checkLexeme();
        return Number(parseInteger(bytes, this.start, this.end));
      default:
        this.#checkLexeme();
        return parseDouble(bytes, this.start, this.end);
    }
  }

  /** The value of a column of integers. */
  toBigInt(): bigint {
    const { bytes, view } = this.#feature;
    if (this.tag === PROPERTY_TAGS.int64) return view.getBigInt64(this.start, true);
    if (this.tag === PROPERTY_TAGS.int32) return BigInt(view.getInt32(this.start, true));
    this.#checkLexeme();
    return BigInt(parseInteger(bytes, this.start, this.end));
  }

  /** The value of a column of booleans. */
  toBoolean(): boolean {
    const first = this.#feature.bytes[this.start]!;
    return this.tag === PROPERTY_TAGS.boolean ? first === 1 : (first | 0x20) === 0x74;
  }

  /** The value as a text: numbers as JSON writes them, binary in base64. */
  toText(): string {
    const { bytes, view } = this.#feature;
    switch (this.tag) {
      case PROPERTY_TAGS.boolean:
        return String(bytes[this.start] === 1);
      case PROPERTY_TAGS.int32:
      case PROPERTY_TAGS.double:
        return String(this.toNumber());
      case PROPERTY_TAGS.int64:
        return view.getBigInt64(this.start, true).toString();
      case PROPERTY_TAGS.binary:
        return Buffer.from(bytes.buffer, bytes.byteOffset + this.start, this.end - this.start).toString('base64');
      default:
        return decoder.decode(bytes.subarray(this.start, this.end));
    }
  }

  #checkLexeme(): void {
    const tag = lexemeTag(this.#feature.bytes, this.start, this.end);
    if (tag !== this.tag) throw featureBlockCorrupt('a value is not what it is told to be');
  }
}
