import { FeatureDefect, InputEnds } from '../text/feature-defect.ts';
import { NOT_A_NUMBER, readNumber } from '../text/read-number.ts';
import { isUtf8Range } from '../text/utf8.ts';
import {
  BACKSLASH,
  CLOSE_BRACE,
  COLON,
  COMMA,
  isSpace,
  MINUS,
  NINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
  ZERO,
} from '../text/characters.ts';
import { MAX_JSON_DEPTH } from './limits.ts';
import { standsAt } from './stands-at.ts';

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');
const NON_FINITE = /^[+-]?(nan|inf|infinity)\b/i;
/** `\` and one of these, or `u` and four digits. */
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
const LOWER_U = 0x75;
const HEX_DIGITS = /^[0-9a-f]{4}$/i;

const INPUT_ENDS = new InputEnds();

/**
 * Goes over the tokens of JSON (RFC 8259) in bytes, strictly, and makes nothing of them. Each method takes the position of
 * a token and returns the one behind it. At `limit` there must be a zero byte.
 * @throws FeatureDefect for what is not JSON, each method
 * @throws InputEnds at `limit`, each method
 */
export class JsonScanner {
  bytes = Buffer.alloc(1);
  limit = 0;
  /** Of the string that was read last: whether it has escapes. */
  escaped = false;
  /** Of the key that was read last: its text without the quotes, and whether it has escapes. */
  keyStart = 0;
  keyEnd = 0;
  keyEscaped = false;
  readonly #number = new Float64Array(1);
  readonly #containers = new Uint8Array(MAX_JSON_DEPTH);

  /** The next position that is no white space. */
  space(at: number): number {
    let next = at;
    while (isSpace(this.bytes[next]!)) next += 1;
    return next;
  }

  /** A byte that must be there, with white space before and behind it. */
  expect(byte: number, at: number): number {
    const found = this.bytes[at]! <= SPACE ? this.space(at) : at;
    if (this.bytes[found] !== byte) throw this.unexpected(found, `${String.fromCharCode(byte)} is missing`);
    return this.bytes[found + 1]! <= SPACE ? this.space(found + 1) : found + 1;
  }

  /** A key with its colon: behind it the value begins. */
  key(at: number): number {
    if (this.bytes[at] !== QUOTE) throw this.unexpected(at, 'a name in quotes is missing');
    this.keyStart = at + 1;
    const end = this.string(at);
    this.keyEnd = end - 1;
    this.keyEscaped = this.escaped;
    return this.expect(COLON, end);
  }

  /** Whether the key that was read last is this name. */
  keyIs(name: Buffer): boolean {
    if (this.keyEscaped) return this.keyName() === name.toString();
    return standsAt(this.bytes, this.keyStart, this.keyEnd, name);
  }

  keyName(): string {
    return this.keyEscaped
      ? this.unescape(this.keyStart, this.keyEnd)
      : this.bytes.toString('utf8', this.keyStart, this.keyEnd);
  }

  /** The text of a string, without its quotes, that has been read and has escapes. */
  unescape(start: number, end: number): string {
    return JSON.parse(this.bytes.toString('utf8', start - 1, end + 1)) as string;
  }

  string(at: number): number {
    const { bytes } = this;
    let escaped = false;
    let bits = 0;
    let next = at + 1;
    for (;;) {
      const byte = bytes[next]!;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        escaped = true;
        next = this.#escape(next);
        continue;
      }
      if (byte < SPACE) throw this.unexpected(next, 'there is a control character in a string');
      bits |= byte;
      next += 1;
    }
    if (bits >= 0x80 && !isUtf8Range(bytes, at + 1, next))
      throw new FeatureDefect('text-not-utf8', 'A text is not valid UTF-8.');
    this.escaped = escaped;
    return next + 1;
  }

  /** Any value: one that is nested up to `MAX_JSON_DEPTH`. */
  value(at: number): number {
    const { bytes } = this;
    const containers = this.#containers;
    let depth = 0;
    let next = at;
    for (;;) {
      const byte = bytes[next]!;
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (depth === MAX_JSON_DEPTH) throw tooDeep();
        // The code of a closing bracket or brace is two behind that of the opening one.
        containers[depth++] = byte + 2;
        next = this.space(next + 1);
        if (bytes[next] !== byte + 2) {
          if (byte === OPEN_BRACE) next = this.key(next);
          continue;
        }
      } else {
        next = this.scalar(next);
      }
      for (;;) {
        if (depth === 0) return next;
        next = bytes[next]! <= SPACE ? this.space(next) : next;
        const close = containers[depth - 1];
        if (bytes[next] === close) {
          depth -= 1;
          next += 1;
          continue;
        }
        if (bytes[next] !== COMMA) throw this.unexpected(next, 'a comma or a closing bracket is missing');
        next = this.space(next + 1);
        if (close === CLOSE_BRACE) next = this.key(next);
        break;
      }
    }
  }

  /** A string, a number or a literal. */
  scalar(at: number): number {
    const byte = this.bytes[at]!;
    if (byte === QUOTE) return this.string(at);
    if (byte === MINUS || (byte >= ZERO && byte <= NINE)) return this.number(at, this.#number, 0);
    const literal = byte === TRUE[0] ? TRUE : byte === FALSE[0] ? FALSE : NULL;
    if (byte !== literal[0]) throw this.notANumber(at, 'a value is missing');
    for (let index = 1; index < literal.length; index++) {
      if (this.bytes[at + index] !== literal[index]) throw this.unexpected(at + index, 'a value is none of JSON');
    }
    return at + literal.length;
  }

  /** A number, into `target[index]`. */
  number(at: number, target: Float64Array, index: number): number {
    const end = readNumber(this.bytes, at, target, index);
    if (end === NOT_A_NUMBER) throw this.notANumber(at, 'a number is missing or malformed');
    return end;
  }

  /** What to throw for something else than a value that should have been there. */
  notANumber(at: number, reason: string): Error {
    let end = at;
    while (/[-+.\w]/.test(String.fromCharCode(this.bytes[end]!))) end += 1;
    if (end === this.limit) return INPUT_ENDS;
    if (!NON_FINITE.test(this.bytes.toString('latin1', at, Math.min(end, at + 16)))) return this.unexpected(at, reason);
    return new FeatureDefect('json-number-not-finite', 'A number is NaN or infinite, which JSON does not have.');
  }

  /** What to throw for something unexpected. */
  unexpected(at: number, reason: string): Error {
    return at >= this.limit
      ? INPUT_ENDS
      : new FeatureDefect('json-syntax', `The feature is not valid JSON: ${reason}.`);
  }

  #escape(at: number): number {
    const byte = this.bytes[at + 1]!;
    if (ESCAPED.has(byte)) return at + 2;
    if (byte !== LOWER_U) throw this.unexpected(at + 1, 'there is an unknown escape in a string');
    if (at + 6 > this.limit) throw INPUT_ENDS;
    if (!HEX_DIGITS.test(this.bytes.toString('latin1', at + 2, at + 6)))
      throw this.unexpected(at, 'an escape has no four digits');
    return at + 6;
  }
}

export function tooDeep(): FeatureDefect {
  return new FeatureDefect('json-too-deep', `A value is nested more than ${MAX_JSON_DEPTH} levels deep.`);
}
