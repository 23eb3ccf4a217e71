import type { FeatureSink } from '../../features/feature-sink.ts';
import { DOT, MINUS, NINE, OPEN_BRACE, OPEN_BRACKET, QUOTE, ZERO } from '../text/characters.ts';
import type { JsonScanner } from './json-scanner.ts';
import type { Key } from './key-table.ts';

const UPPER_E = 0x45;
const LOWER_E = 0x65;
const LOWER_T = 0x74;
const LOWER_F = 0x66;
const FIRST_SLOTS = 64;
/** Digits of integers that are surely safe, and of those that may have 64 bits. */
const SAFE_DIGITS = 15;
const INT64_DIGITS = 19;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Kinds of values, as they stand in the source. */
const NULL = 0;
const TEXT = 1;
const ESCAPED_TEXT = 2;
const NUMBER = 3;
const TRUE = 4;
const FALSE = 5;
const NESTED = 6;

const NOTES = {
  illFormed: {
    code: 'text-not-well-formed',
    reason: 'A text has half a surrogate pair; it is replaced by U+FFFD.',
  },
  tooLargeInteger: {
    code: 'integer-beyond-64-bits',
    reason: 'An integer takes more than 64 bits; it is kept as text.',
  },
  tooLargeNumber: {
    code: 'number-out-of-range',
    reason: 'A number is larger than a double can be; it is kept as text.',
  },
} as const;

/**
 * The properties of one feature: where each stands in the source. They go to the sink when the feature has been read to
 * its end, since a later one of the same name takes the place of an earlier one, and a feature may turn out to be bad.
 */
export class PropertyList {
  /** A name came twice in one feature. */
  hasDuplicates = false;
  #count = 0;
  #feature = 0;
  #keys: Key[] = [];
  #kinds = new Uint8Array(FIRST_SLOTS);
  #starts = new Int32Array(FIRST_SLOTS);
  #ends = new Int32Array(FIRST_SLOTS);
  readonly #scanner: JsonScanner;
  readonly #number = new Float64Array(1);

  constructor(scanner: JsonScanner) {
    this.#scanner = scanner;
  }

  /** Empties it, for the next feature or for a second `properties` of the same one. */
  clear(): void {
    this.#count = 0;
    this.#feature += 1;
    this.hasDuplicates = false;
  }

  /** Goes over a value and keeps its place: the position behind it. */
  read(key: Key, at: number): number {
    const scanner = this.#scanner;
    const byte = scanner.bytes[at]!;
    let end: number;
    let kind: number;
    if (byte === QUOTE) {
      end = scanner.string(at);
      kind = scanner.escaped ? ESCAPED_TEXT : TEXT;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      end = scanner.value(at);
      kind = NESTED;
    } else {
      end = scanner.scalar(at);
      kind = byte === MINUS || (byte >= ZERO && byte <= NINE) ? NUMBER : literalKind(byte);
    }
    const slot = this.#slotOf(key);
    this.#kinds[slot] = kind;
    this.#starts[slot] = at;
    this.#ends[slot] = end;
    return end;
  }

  /** Gives the properties to the sink. */
  write(sink: FeatureSink): void {
    const { bytes } = this.#scanner;
    const { row } = sink;
    for (let slot = 0; slot < this.#count; slot++) {
      const kind = this.#kinds[slot]!;
      const key = this.#keys[slot]!;
      // A field that is always null is one, too.
      if (key.field < 0) key.field = sink.field(key.name);
      const { field } = key;
      const start = this.#starts[slot]!;
      const end = this.#ends[slot]!;
      if (kind === TEXT) row.textBytes(field, bytes, start + 1, end - 1);
      else if (kind === NUMBER) this.#writeNumber(sink, field, start, end);
      else if (kind === TRUE || kind === FALSE) row.boolean(field, kind === TRUE);
      else if (kind === NESTED) row.json(field, bytes.toString('utf8', start, end));
      else if (kind === ESCAPED_TEXT) this.#writeEscaped(sink, field, start, end);
    }
  }

  #writeEscaped(sink: FeatureSink, field: number, start: number, end: number): void {
    const text = this.#scanner.unescape(start + 1, end - 1);
    if (!text.isWellFormed()) sink.note(NOTES.illFormed);
    sink.row.text(field, text.toWellFormed());
  }

  #writeNumber(sink: FeatureSink, field: number, start: number, end: number): void {
    const { bytes } = this.#scanner;
    const { row } = sink;
    this.#scanner.number(start, this.#number, 0);
    const value = this.#number[0]!;
    if (!isInteger(bytes, start, end)) {
      if (Number.isFinite(value)) return row.double(field, value);
      sink.note(NOTES.tooLargeNumber);
      return row.text(field, bytes.toString('latin1', start, end));
    }
    const digits = end - start - (bytes[start] === MINUS ? 1 : 0);
    if (digits <= SAFE_DIGITS || Number.isSafeInteger(value)) return row.integer(field, value);
    const exact = digits <= INT64_DIGITS ? BigInt(bytes.toString('latin1', start, end)) : undefined;
    if (exact !== undefined && exact >= INT64_MIN && exact <= INT64_MAX) return row.bigInteger(field, exact);
    sink.note(NOTES.tooLargeInteger);
    row.text(field, bytes.toString('latin1', start, end));
  }

  #slotOf(key: Key): number {
    if (key.feature === this.#feature) {
      this.hasDuplicates = true;
      return key.slot;
    }
    const slot = this.#count++;
    if (slot === this.#kinds.length) this.#grow();
    this.#keys[slot] = key;
    key.feature = this.#feature;
    key.slot = slot;
    return slot;
  }

  #grow(): void {
    const larger = 2 * this.#kinds.length;
    const kinds = new Uint8Array(larger);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    const starts = new Int32Array(larger);
    starts.set(this.#starts);
    this.#starts = starts;
    const ends = new Int32Array(larger);
    ends.set(this.#ends);
    this.#ends = ends;
  }
}

/** Integers are written without point and exponent: `1.0` is none. */
function isInteger(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === DOT || byte === LOWER_E || byte === UPPER_E) return false;
  }
  return true;
}

function literalKind(first: number): number {
  if (first === LOWER_T) return TRUE;
  return first === LOWER_F ? FALSE : NULL;
}
