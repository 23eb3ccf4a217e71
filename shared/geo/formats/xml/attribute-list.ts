import { FeatureDefect } from '../text/feature-defect.ts';
import { COLON } from './characters.ts';
import { MAX_ATTRIBUTES } from './limits.ts';
import { malformed } from './malformed.ts';
import type { NameTable } from './name-table.ts';
import { resolveAttribute } from './references.ts';

/** Numbers of an attribute: start and end of its name, start of its local name, start and end of its value. */
const NUMBERS = 5;
const FIRST_ATTRIBUTES = 8;
const DECLARATION = Buffer.from('xmlns');

/** The attributes of one element, as positions in its bytes. */
export class AttributeList {
  count = 0;
  readonly #names: NameTable;
  #bytes: Buffer = Buffer.alloc(0);
  #positions = new Int32Array(NUMBERS * FIRST_ATTRIBUTES);

  constructor(names: NameTable) {
    this.#names = names;
  }

  /** Begins with an element. */
  clear(bytes: Buffer): void {
    this.#bytes = bytes;
    this.count = 0;
  }

  /** @throws FeatureDefect `xml-too-many-attributes` */
  add(nameStart: number, nameEnd: number, localStart: number, valueStart: number, valueEnd: number): void {
    if (this.count === MAX_ATTRIBUTES) {
      throw new FeatureDefect('xml-too-many-attributes', `An element has more than ${MAX_ATTRIBUTES} attributes.`);
    }
    const at = NUMBERS * this.count++;
    if (at === this.#positions.length) {
      const larger = new Int32Array(2 * at);
      larger.set(this.#positions);
      this.#positions = larger;
    }
    this.#positions[at] = nameStart;
    this.#positions[at + 1] = nameEnd;
    this.#positions[at + 2] = localStart;
    this.#positions[at + 3] = valueStart;
    this.#positions[at + 4] = valueEnd;
  }

  /** Whether an attribute declares a namespace. */
  isDeclaration(index: number): boolean {
    const start = this.#positions[NUMBERS * index]!;
    const length = this.#positions[NUMBERS * index + 1]! - start;
    if (length < DECLARATION.length) return false;
    for (let at = 0; at < DECLARATION.length; at++) if (this.#bytes[start + at] !== DECLARATION[at]) return false;
    return length === DECLARATION.length || this.#bytes[start + DECLARATION.length] === COLON;
  }

  /** Local name of an attribute; that with its prefix for declarations of namespaces. */
  name(index: number): string {
    const at = NUMBERS * index;
    const start = this.isDeclaration(index) ? this.#positions[at]! : this.#positions[at + 2]!;
    return this.#names.lookup(this.#bytes, start, this.#positions[at + 1]!);
  }

  /** Prefix of the name of an attribute; empty where it has none. */
  prefix(index: number): string {
    const start = this.#positions[NUMBERS * index]!;
    return this.#bytes.toString('utf8', start, Math.max(start, this.#positions[NUMBERS * index + 2]! - 1));
  }

  value(index: number): string {
    const at = NUMBERS * index;
    return resolveAttribute(this.#bytes.toString('utf8', this.#positions[at + 3], this.#positions[at + 4]));
  }

  /** @throws FeatureDefect `xml-not-well-formed` when two have the same name */
  checkUnique(): void {
    for (let index = 1; index < this.count; index++) {
      for (let other = 0; other < index; other++) {
        if (this.#isSameName(NUMBERS * other, NUMBERS * index)) {
          throw malformed(`The attribute ${JSON.stringify(this.name(index))} stands twice`);
        }
      }
    }
  }

  #isSameName(one: number, other: number): boolean {
    const start = this.#positions[one]!;
    const otherStart = this.#positions[other]!;
    const length = this.#positions[one + 1]! - start;
    if (length !== this.#positions[other + 1]! - otherStart) return false;
    for (let at = 0; at < length; at++) if (this.#bytes[start + at] !== this.#bytes[otherStart + at]) return false;
    return true;
  }
}
