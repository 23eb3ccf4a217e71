import { FeatureDefect } from '../text/feature-defect.ts';
import { COLON, EXCLAMATION, GREATER, isSpace, LESS, NAME, NAME_START, QUESTION, SLASH } from './characters.ts';
import type { Container } from './container.ts';
import { DoctypeFound, ElementEndFinder, findTagEnd, NEEDS_MORE, skipUnread } from './element-end.ts';
import { doctypeRefused, notWellFormed, recordTooLarge, tagTooLong, xmlTooDeep } from './errors.ts';
import { MAX_CAPTURED_BYTES, MAX_DEPTH, MAX_NAME_BYTES, MAX_RECORD_BYTES, MAX_TAG_BYTES } from './limits.ts';
import { malformed } from './malformed.ts';
import type { NameTable } from './name-table.ts';
import { XmlReader } from './xml-reader.ts';

/**
 * What an element is to a format: a container of others; a record; one that is kept whole because something outside of
 * records is told in it; or one that is passed over.
 */
export type ElementRole = 'container' | 'record' | 'captured' | 'skipped';

/** What a format makes of the elements of a file. */
export interface OutlineHandler {
  /** Whether records are never within each other, so that the start of one ends another that is not closed. */
  readonly hasFlatRecords: boolean;
  /** Says what the element with this local name is; `containers` are around it, from the root. */
  classify(name: string, containers: readonly Container[]): ElementRole;
  /** Adds what is to be known of a container that begins. */
  open?(container: Container, tag: XmlReader): void;
  /** Takes a record, which may be not well-formed, from `start` to `end` of the bytes. */
  record(name: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): void;
  /** Takes an element that is kept, which may be not well-formed. */
  captured?(name: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): void;
  /** Is told of an element that is passed over. */
  skipped?(name: string): void;
}

/** Tags whose bytes are kept from one element to the next. */
const MAX_KEPT_TAGS = 1024;

/**
 * Goes over a file from container to container, and hands out the elements in them: each as a whole, found by its end tag
 * alone. What is around records must be well-formed; what is within is the concern of whoever reads them.
 */
export class OutlineScanner {
  /** Elements that are open, from the root. */
  readonly containers: Container[];
  /** Whether the root element was seen. */
  hasRoot: boolean;
  readonly #handler: OutlineHandler;
  readonly #tag: XmlReader;
  readonly #end = new ElementEndFinder();
  /** Behind the start tag of the element whose end is looked for. */
  #pending: { name: string; role: ElementRole } | undefined;
  readonly #tagBytes = new Map<string, Buffer>();

  constructor(handler: OutlineHandler, names: NameTable, containers: readonly Container[] = []) {
    this.#handler = handler;
    this.#tag = new XmlReader(names);
    this.containers = containers.map((container) => ({ ...container }));
    this.hasRoot = containers.length > 0;
  }

  /** The bytes have moved to the front by so many. */
  move(by: number): void {
    this.#end.move(by);
  }

  /**
   * Takes everything that is complete between two positions; a byte that can be part of no token stands at the second.
   * @param offsetOf byte of the source that a position is
   * @returns from where on more is needed
   * @throws LonghaulError (final) `xml-doctype-refused`, `xml-not-well-formed`, `xml-too-deep`, `xml-tag-too-long`,
   *   `xml-record-too-large`
   */
  scan(bytes: Buffer, position: number, limit: number, offsetOf: (position: number) => number): number {
    let at = position;
    try {
      for (;;) {
        if (this.#pending === undefined) at = this.#passText(bytes, at, limit);
        const next = at >= limit ? NEEDS_MORE : this.#passMarkup(bytes, at, limit);
        if (next < 0) break;
        at = next;
      }
    } catch (error) {
      if (error instanceof DoctypeFound) throw doctypeRefused(offsetOf(error.position));
      if (error instanceof FeatureDefect) throw notWellFormed(offsetOf(at), error.message.replace(/\.$/, ''));
      if (error instanceof ElementTooLarge) throw recordTooLarge(offsetOf(at), error.limit);
      if (error instanceof TagTooLong) throw tagTooLong(offsetOf(at), MAX_TAG_BYTES);
      if (error instanceof OutlineTooDeep) throw xmlTooDeep(offsetOf(at), MAX_DEPTH);
      throw error;
    }
    if (limit - at > MAX_RECORD_BYTES) throw recordTooLarge(offsetOf(at), MAX_RECORD_BYTES);
    if (this.#pending === undefined && limit - at > MAX_TAG_BYTES && isTag(bytes[at + 1])) {
      throw tagTooLong(offsetOf(at), MAX_TAG_BYTES);
    }
    return at;
  }

  /**
   * At the end of a block: a record that has not ended does so where the next one begins, or the element around it ends,
   * which is not part of the block.
   * @returns whether nothing is left of the block
   */
  endBlock(bytes: Buffer, position: number, limit: number): boolean {
    if (this.#pending?.role === 'record')
      position = this.#handOut(this.#pending.name, 'record', bytes, position, limit);
    this.#pending = undefined;
    return position === limit;
  }

  /** Text between elements means nothing here; but before and behind the root there is none. */
  #passText(bytes: Buffer, from: number, limit: number): number {
    let at = from;
    while (at < limit && isSpace(bytes[at])) at++;
    if (at >= limit || bytes[at] === LESS) return at;
    if (this.containers.length === 0) throw malformed('there is text outside of the root element');
    const found = bytes.indexOf(LESS, at);
    return found < 0 || found > limit ? limit : found;
  }

  #passMarkup(bytes: Buffer, at: number, limit: number): number {
    if (this.#pending !== undefined) return this.#passElement(bytes, at, limit);
    if (at + 1 >= limit) return NEEDS_MORE;
    const byte = bytes[at + 1];
    if (byte === EXCLAMATION || byte === QUESTION) {
      const end = skipUnread(bytes, at, limit);
      if (end - at > MAX_RECORD_BYTES) throw new ElementTooLarge(MAX_RECORD_BYTES);
      return end;
    }
    return byte === SLASH ? this.#passEndTag(bytes, at, limit) : this.#passStartTag(bytes, at, limit);
  }

  #passEndTag(bytes: Buffer, at: number, limit: number): number {
    const end = bytes.indexOf(GREATER, at);
    if (end < 0 || end >= limit) return NEEDS_MORE;
    if (end - at > MAX_TAG_BYTES) throw new TagTooLong();
    const tag = bytes.toString('utf8', at + 2, end).trimEnd();
    const open = this.containers.pop();
    if (open?.tag !== tag) {
      throw malformed(`</${tag.slice(0, 100)}> closes an element that is not the one that is open`);
    }
    return end + 1;
  }

  #passStartTag(bytes: Buffer, at: number, limit: number): number {
    const { containers } = this;
    const end = findTagEnd(bytes, at, limit);
    if (end < 0) return NEEDS_MORE;
    if (end - at > MAX_TAG_BYTES) throw new TagTooLong();
    if (this.hasRoot && containers.length === 0) throw malformed('there is a second root element');
    this.hasRoot = true;
    const nameEnd = endOfName(bytes, at + 1);
    const colon = bytes.subarray(at + 1, nameEnd).indexOf(COLON);
    const name = this.#tag.names.lookup(bytes, at + 2 + colon, nameEnd);
    const written = bytes.toString('utf8', at + 1, nameEnd);
    const isWhole = bytes[end - 2] === SLASH;
    const role = this.#handler.classify(name, containers);
    if (role === 'container') {
      this.#tag.begin(bytes, at, limit);
      if (containers.length === MAX_DEPTH) throw new OutlineTooDeep();
      const container: Container = { tag: written, name };
      this.#handler.open?.(container, this.#tag);
      if (!isWhole) containers.push(container);
      return end;
    }
    if (isWhole) return this.#handOut(name, role, bytes, at, end);
    const parent = containers.at(-1);
    const around = parent === undefined ? undefined : this.#bytesOf(parent.tag);
    this.#pending = { name, role };
    this.#end.begin(this.#bytesOf(written), around, role === 'record' && this.#handler.hasFlatRecords, end);
    return this.#passElement(bytes, at, limit);
  }

  /** Looks for the end of the element that begins at `at`. */
  #passElement(bytes: Buffer, at: number, limit: number): number {
    const { name, role } = this.#pending!;
    const end = this.#end.find(bytes, limit);
    if (end < 0) return NEEDS_MORE;
    this.#pending = undefined;
    if (!this.#end.isClosed && role !== 'record') throw malformed(`the element ${name} is not closed`);
    return this.#handOut(name, role, bytes, at, end);
  }

  #handOut(name: string, role: ElementRole, bytes: Buffer, start: number, end: number): number {
    if (end - start > MAX_RECORD_BYTES) throw new ElementTooLarge(MAX_RECORD_BYTES);
    const { containers } = this;
    if (role === 'record') this.#handler.record(name, bytes, start, end, containers);
    else if (role === 'skipped') this.#handler.skipped?.(name);
    else if (end - start > MAX_CAPTURED_BYTES) throw new ElementTooLarge(MAX_CAPTURED_BYTES);
    else this.#handler.captured?.(name, bytes, start, end, containers);
    return end;
  }

  /** The bytes of a name, made once for the names that files repeat. */
  #bytesOf(tag: string): Buffer {
    let bytes = this.#tagBytes.get(tag);
    if (bytes === undefined) {
      if (this.#tagBytes.size === MAX_KEPT_TAGS) this.#tagBytes.clear();
      bytes = Buffer.from(tag);
      this.#tagBytes.set(tag, bytes);
    }
    return bytes;
  }
}

function endOfName(bytes: Buffer, start: number): number {
  if ((NAME[bytes[start]!]! & NAME_START) === 0) throw malformed('a tag has no name');
  let at = start;
  while (NAME[bytes[at]!]! !== 0) at++;
  if (at - start > MAX_NAME_BYTES) throw malformed(`a name has more than ${MAX_NAME_BYTES} bytes`);
  return at;
}

/** Whether a `<` begins a tag rather than a comment, CDATA section or processing instruction. */
function isTag(byte: number | undefined): boolean {
  return byte !== EXCLAMATION && byte !== QUESTION;
}

class OutlineTooDeep extends Error {
  override readonly name = 'OutlineTooDeep';
}

class TagTooLong extends Error {
  override readonly name = 'TagTooLong';
}

class ElementTooLarge extends Error {
  override readonly name = 'ElementTooLarge';
  readonly limit: number;

  constructor(limit: number) {
    super('an element is too large');
    this.limit = limit;
  }
}
