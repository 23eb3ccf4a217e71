import { EXCLAMATION, GREATER, HYPHEN, isSpace, LESS, QUESTION, QUOTE, APOSTROPHE, SLASH } from './characters.ts';

/** More bytes are needed to find what is looked for. */
export const NEEDS_MORE = -1;

const NO_BYTES: Buffer = Buffer.alloc(0);

/** Bytes that are looked at one by one before the search is handed over: most tags follow each other closely. */
const CLOSE_BYTES = 24;

/** A declaration of a document type, of which only the place is known. */
export class DoctypeFound extends Error {
  override readonly name = 'DoctypeFound';
  readonly position: number;

  constructor(position: number) {
    super('there is a document type declaration');
    this.position = position;
  }
}

/**
 * Finds the end of an element from behind its start tag, whatever is within: only the tags of its own name and of the
 * element around it count, and what comments, CDATA sections and processing instructions hold does not. So an element
 * whose content is not well-formed ends where its end tag is, and spoils no other.
 *
 * When the bytes do not tell, it goes on where it was once there are more.
 */
export class ElementEndFinder {
  /** Whether the end tag was found; otherwise the element ends at the tag that shows that it is not closed. */
  isClosed = false;
  #at = 0;
  #name: Buffer = NO_BYTES;
  #parent: Buffer | undefined;
  #isFlat = false;
  #depth = 0;
  #parents = 0;

  /**
   * @param name qualified name of the element
   * @param parent that of the element around it, whose end tag ends it as well
   * @param isFlat elements of this name are never within each other: a start tag says that the one before is not closed
   * @param from behind the start tag
   */
  begin(name: Buffer, parent: Buffer | undefined, isFlat: boolean, from: number): void {
    this.#name = name;
    this.#parent = parent;
    this.#isFlat = isFlat;
    this.#at = from;
    this.#depth = 1;
    this.#parents = 0;
  }

  /** The bytes have moved to the front by so many. */
  move(by: number): void {
    this.#at -= by;
  }

  /**
   * The end of the element, or `NEEDS_MORE`.
   * @throws DoctypeFound for any declaration but comments and CDATA sections
   */
  find(bytes: Buffer, limit: number): number {
    for (;;) {
      const found = findLess(bytes, this.#at, limit);
      if (found < 0) this.#at = limit;
      else this.#at = found;
      if (found < 0 || found + 1 >= limit) return NEEDS_MORE;
      const byte = bytes[found + 1]!;
      let next: number;
      if (byte === SLASH) next = this.#passEndTag(bytes, found, limit);
      else if (byte === EXCLAMATION || byte === QUESTION) next = skipUnread(bytes, found, limit);
      else next = this.#passStartTag(bytes, found, limit);
      if (next < 0) return NEEDS_MORE;
      if (this.#depth === 0) return next;
      this.#at = next;
    }
  }

  #passEndTag(bytes: Buffer, start: number, limit: number): number {
    const own = matchName(bytes, start + 2, limit, this.#name);
    const parent = this.#parent === undefined ? OTHER : matchName(bytes, start + 2, limit, this.#parent);
    if (own === NEEDS_MORE || parent === NEEDS_MORE) return NEEDS_MORE;
    if (own === SAME) {
      const end = bytes.indexOf(GREATER, start + 2);
      if (end < 0 || end >= limit) return NEEDS_MORE;
      this.isClosed = --this.#depth === 0;
      return end + 1;
    }
    if (parent === SAME && --this.#parents < 0) return this.#endUnclosed(start);
    return start + 2;
  }

  #passStartTag(bytes: Buffer, start: number, limit: number): number {
    const own = matchName(bytes, start + 1, limit, this.#name);
    const parent = this.#parent === undefined ? OTHER : matchName(bytes, start + 1, limit, this.#parent);
    if (own === NEEDS_MORE || parent === NEEDS_MORE) return NEEDS_MORE;
    if (own === OTHER && parent === OTHER) return start + 1;
    if (own === SAME && this.#isFlat) return this.#endUnclosed(start);
    const end = findTagEnd(bytes, start, limit);
    if (end < 0) return NEEDS_MORE;
    if (bytes[end - 2] === SLASH) return end;
    if (own === SAME) this.#depth++;
    else this.#parents++;
    return end;
  }

  #endUnclosed(at: number): number {
    this.#depth = 0;
    this.isClosed = false;
    return at;
  }
}

/** Behind the tag that begins at `start`: a `<` ends one that is not ended. `NEEDS_MORE` when the bytes do not tell. */
export function findTagEnd(bytes: Buffer, start: number, limit: number): number {
  let quote = 0;
  for (let at = start + 1; at < limit; at++) {
    const byte = bytes[at]!;
    if (byte === LESS) return at;
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === GREATER) return at + 1;
    else if (byte === QUOTE || byte === APOSTROPHE) quote = byte;
  }
  return NEEDS_MORE;
}

/**
 * Behind the comment, CDATA section or processing instruction that begins at `start`; `NEEDS_MORE` when the bytes do not
 * tell.
 * @throws DoctypeFound for any other declaration
 */
export function skipUnread(bytes: Buffer, start: number, limit: number): number {
  if (bytes[start + 1] === QUESTION) return behind(bytes, '?>', start + 2, limit);
  if (bytes[start + 2] === HYPHEN && bytes[start + 3] === HYPHEN) return behind(bytes, '-->', start + 4, limit);
  const word = bytes.toString('latin1', start, Math.min(start + 9, limit));
  if (word === '<![CDATA[') return behind(bytes, ']]>', start + 9, limit);
  if (limit - start < 9 && ('<![CDATA['.startsWith(word) || '<!--'.startsWith(word))) return NEEDS_MORE;
  throw new DoctypeFound(start);
}

function behind(bytes: Buffer, end: string, from: number, limit: number): number {
  const at = bytes.indexOf(end, from, 'latin1');
  return at < 0 || at + end.length > limit ? NEEDS_MORE : at + end.length;
}

/** The next `<`. */
function findLess(bytes: Buffer, from: number, limit: number): number {
  const close = Math.min(from + CLOSE_BYTES, limit);
  for (let at = from; at < close; at++) if (bytes[at] === LESS) return at;
  const at = bytes.indexOf(LESS, close);
  return at < limit ? at : -1;
}

const SAME = 1;
const OTHER = 0;

/** Whether a name stands there, as a whole: `SAME`, `OTHER` or `NEEDS_MORE`. */
function matchName(bytes: Buffer, at: number, limit: number, name: Buffer): number {
  const { length } = name;
  for (let index = 0; index < length; index++) {
    if (bytes[at + index] !== name[index]) return at + index < limit ? OTHER : NEEDS_MORE;
  }
  if (at + length >= limit) return NEEDS_MORE;
  const next = bytes[at + length]!;
  return next === GREATER || next === SLASH || isSpace(next) ? SAME : OTHER;
}
