import { FeatureDefect } from '../text/feature-defect.ts';
import { AttributeList } from './attribute-list.ts';
import {
  AMPERSAND,
  BRACKET,
  COLON,
  EQUALS,
  EXCLAMATION,
  GREATER,
  HYPHEN,
  isNonCharacter,
  isQualifiedName,
  isSpace,
  LESS,
  LINE_FEED,
  NAME,
  NAME_START,
  PLAIN_TEXT,
  PLAIN_VALUE,
  QUESTION,
  QUOTE,
  APOSTROPHE,
  RETURN,
  SLASH,
  SPACE,
  TAB,
} from './characters.ts';
import { MAX_ATTRIBUTE_BYTES, MAX_DEPTH, MAX_NAME_BYTES, MAX_TEXT_BYTES } from './limits.ts';
import { malformed } from './malformed.ts';
import type { NameTable } from './name-table.ts';
import { checkReferences, resolveReferences } from './references.ts';

export type Token = 'start' | 'end' | 'text';

const NO_BYTES: Buffer = Buffer.alloc(1);
const CDATA = Buffer.from('[CDATA[');

/**
 * Reads one element in UTF-8, token by token, by the rules of XML 1.0 for well-formed content: names, nesting, unique
 * attributes, characters, references, comments, processing instructions and CDATA sections. What it stands on is given
 * by positions in `bytes`, so that nothing becomes a string that is not asked for. There are no document types and so no
 * entities but the five of XML.
 *
 * A parser of whole texts, such as saxes, makes strings of all coordinates, most of a file, before anyone can read them;
 * it knows no byte offsets, and gives a file up at its first flaw.
 *
 * A byte that can be part of no token, such as zero, must stand at the end of the bytes.
 *
 * Every method throws FeatureDefect for what is not well-formed, or passes a limit.
 */
export class XmlReader {
  bytes: Buffer = NO_BYTES;
  /** Where the next token begins. */
  position = 0;
  /** Local name of the element that began last, from `nextChild` and `begin`. */
  name = '';
  nameStart = 0;
  nameEnd = 0;
  /** Behind the colon of the name, if it has one. */
  localStart = 0;
  /** Attributes of the element that began last. */
  readonly attributes: AttributeList;
  /** Range of the text that was read last. */
  textStart = 0;
  textEnd = 0;
  /** Whether that range is the text as it is: no references, no ends of lines to be made one character. */
  isPlain = true;
  isCdata = false;
  /** Whether text between elements was passed over since `begin`. */
  hasStrayText = false;
  /** Where the tag begins that ended the last element. */
  endTagStart = 0;
  /** The content that `readText` found: this string, or else the range from `valueStart` to `valueEnd`. */
  value: string | undefined;
  valueStart = 0;
  valueEnd = 0;
  readonly names: NameTable;
  #end = 0;
  #depth = 0;
  /** Start and end of the names of open elements. */
  readonly #open = new Int32Array(2 * MAX_DEPTH);
  #isSelfClosing = false;
  /** Namespaces that open elements declare, the innermost last. */
  readonly #declarations: { depth: number; prefix: string; uri: string }[] = [];

  constructor(names: NameTable) {
    this.names = names;
    this.attributes = new AttributeList(names);
  }

  /** Begins with the element whose start tag stands at `start`, and reads that tag. */
  begin(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.position = start;
    this.#end = end;
    this.#depth = 0;
    this.#isSelfClosing = false;
    this.hasStrayText = false;
    this.#declarations.length = 0;
    this.#readStartTag();
    this.name = this.names.lookup(bytes, this.localStart, this.nameEnd);
  }

  /** Elements that are open. */
  get depth(): number {
    return this.#depth;
  }

  /** The next tag or text; comments and processing instructions are passed over. */
  next(): Token {
    if (this.#isSelfClosing) {
      this.#isSelfClosing = false;
      this.#depth--;
      this.endTagStart = this.position;
      this.#dropDeclarations();
      return 'end';
    }
    const { bytes } = this;
    while (this.position < this.#end) {
      if (bytes[this.position] !== LESS) return this.#readText();
      const byte = bytes[this.position + 1];
      if (byte === SLASH) return this.#readEndTag();
      if (byte === EXCLAMATION) {
        if (this.#readDeclaration()) return 'text';
      } else if (byte === QUESTION) this.#skipInstruction();
      else return this.#readStartTag();
    }
    throw malformed(`The element ${this.#openName()} is not closed`);
  }

  /** Goes to the next child of the element that is open; false when it is closed. Text between children is passed over. */
  nextChild(): boolean {
    for (;;) {
      const token = this.next();
      if (token === 'end') return false;
      if (token === 'start') {
        this.name = this.names.lookup(this.bytes, this.localStart, this.nameEnd);
        return true;
      }
      if (!this.#isBlank()) this.hasStrayText = true;
    }
  }

  /** Reads on to the end of the element that began last. */
  skip(): void {
    const depth = this.#depth;
    while (this.#depth >= depth) this.next();
  }

  /**
   * Reads the content of the element that began last into `value`, to its end. White space around it is left out unless
   * `whole`, or where it stands in a CDATA section. Markup in it is taken as text: people write HTML into descriptions.
   */
  readText(whole = false): void {
    const contentStart = this.position;
    let hasMarkup = false;
    while (this.#readPieces(whole)) {
      hasMarkup = true;
      this.skip();
    }
    if (!hasMarkup) return;
    this.value = undefined;
    this.valueStart = contentStart;
    this.valueEnd = this.endTagStart;
    this.#checkValue();
    if (!whole) this.#trim();
  }

  /** As `readText`; but stops at the first child, if there is one, and returns true then. */
  readTextOrChild(): boolean {
    if (!this.#readPieces(false)) return false;
    this.name = this.names.lookup(this.bytes, this.localStart, this.nameEnd);
    const { value } = this;
    if (value === undefined ? this.valueStart < this.valueEnd : value.trim() !== '') this.hasStrayText = true;
    return true;
  }

  /** Reads text into `value`, up to the end of the element, or to a child: true then. */
  #readPieces(whole: boolean): boolean {
    this.value = undefined;
    this.valueStart = this.position;
    this.valueEnd = this.position;
    let isEmpty = true;
    let hasCdata = false;
    let token = this.next();
    for (; token === 'text'; token = this.next()) {
      hasCdata ||= this.isCdata;
      if (isEmpty && this.isPlain) {
        this.valueStart = this.textStart;
        this.valueEnd = this.textEnd;
      } else {
        this.value = (this.value ?? this.#slice(this.valueStart, this.valueEnd)) + this.#textString();
        this.#checkValue();
      }
      isEmpty = false;
    }
    if (!whole && !hasCdata) this.#trim();
    return token === 'start';
  }

  #checkValue(): void {
    const length = this.value === undefined ? this.valueEnd - this.valueStart : this.value.length;
    if (length > MAX_TEXT_BYTES) throw valueTooLarge('A text', MAX_TEXT_BYTES);
  }

  #isBlank(): boolean {
    for (let at = this.textStart; at < this.textEnd; at++) if (!isSpace(this.bytes[at])) return false;
    return true;
  }

  /** The content of the element that began last as a string, as `readText`. */
  readString(whole = false): string {
    this.readText(whole);
    return this.value ?? this.#slice(this.valueStart, this.valueEnd);
  }

  /**
   * Finds the end of content that is nothing but text without references, before it is read: undefined otherwise. The
   * element stays open.
   */
  plainContentEnd(): number | undefined {
    if (this.#isSelfClosing) return this.position;
    const end = this.bytes.indexOf(LESS, this.position);
    return end >= 0 && end < this.#end && this.bytes[end + 1] === SLASH ? end : undefined;
  }

  /** Goes on at a position of the content, which the caller has read up to there. */
  goTo(position: number): void {
    this.position = position;
  }

  /** After the last token: nothing may follow. */
  finish(): void {
    if (this.#depth !== 0) throw malformed(`The element ${this.#openName()} is not closed`);
    if (this.position !== this.#end) throw malformed('The element ends before its text does');
  }

  /** Prefix of the element that began last; empty where it has none. */
  get prefix(): string {
    if (this.localStart === this.nameStart) return '';
    return this.names.lookup(this.bytes, this.nameStart, this.localStart - 1);
  }

  /** Namespace that a prefix stands for, if an element declares it that was begun here and is open. */
  namespaceOf(prefix: string): string | undefined {
    return this.#declarations.findLast((declaration) => declaration.prefix === prefix)?.uri;
  }

  /** Value of the attribute with this local name. */
  attribute(name: string): string | undefined {
    const { attributes } = this;
    for (let index = 0; index < attributes.count; index++) {
      if (attributes.name(index) === name) return attributes.value(index);
    }
    return undefined;
  }

  #readStartTag(): Token {
    const { bytes } = this;
    const depth = this.#depth;
    if (depth === MAX_DEPTH) {
      throw new FeatureDefect('xml-too-deep', `More than ${MAX_DEPTH} elements are open within the record.`);
    }
    this.nameStart = this.position + 1;
    this.localStart = this.nameStart;
    this.nameEnd = this.nameStart;
    let at = this.#readName(this.nameStart);
    this.nameEnd = at;
    this.localStart = this.#localStart;
    this.attributes.clear(bytes);
    for (;;) {
      const before = at;
      while (isSpace(bytes[at])) at++;
      const byte = bytes[at];
      if (byte === GREATER) {
        at += 1;
        break;
      }
      if (byte === SLASH && bytes[at + 1] === GREATER) {
        this.#isSelfClosing = true;
        at += 2;
        break;
      }
      if (at === before)
        throw malformed(`The tag ${this.#slice(this.nameStart, this.nameEnd)} holds a stray character`);
      at = this.#readAttribute(at);
    }
    this.#checkWithin(at);
    if (this.attributes.count > 1) this.attributes.checkUnique();
    this.#open[2 * depth] = this.nameStart;
    this.#open[2 * depth + 1] = this.nameEnd;
    this.#depth = depth + 1;
    this.position = at;
    const { attributes } = this;
    for (let index = 0; index < attributes.count; index++) if (attributes.isDeclaration(index)) this.#declare(index);
    return 'start';
  }

  #declare(index: number): void {
    const name = this.attributes.name(index);
    const prefix = name === 'xmlns' ? '' : name.slice('xmlns:'.length);
    this.#declarations.push({ depth: this.#depth, prefix, uri: this.attributes.value(index) });
  }

  /** Those of elements that are closed. */
  #dropDeclarations(): void {
    const declarations = this.#declarations;
    while (declarations.length > 0 && declarations.at(-1)!.depth > this.#depth) declarations.pop();
  }

  /** Local start of the name that was read last. */
  #localStart = 0;

  #readName(start: number): number {
    const { bytes } = this;
    let at = start;
    let bits = 0;
    let colons = 0;
    this.#localStart = start;
    if ((NAME[bytes[at]!]! & NAME_START) === 0) throw malformed('A tag has no name');
    while (NAME[bytes[at]!]! !== 0) {
      const byte = bytes[at++]!;
      bits |= byte;
      if (byte === COLON) {
        colons++;
        this.#localStart = at;
      }
    }
    if (at - start > MAX_NAME_BYTES) throw valueTooLarge('A name', MAX_NAME_BYTES);
    if ((bits >= 0x80 || colons > 0) && !isQualifiedName(bytes.toString('utf8', start, at))) {
      throw malformed(`${JSON.stringify(bytes.toString('utf8', start, at))} is not a name`);
    }
    return at;
  }

  #readAttribute(start: number): number {
    const { bytes } = this;
    const nameEnd = this.#readName(start);
    const localStart = this.#localStart;
    let at = nameEnd;
    while (isSpace(bytes[at])) at++;
    if (bytes[at] !== EQUALS) throw malformed(`The attribute ${this.#slice(start, nameEnd)} has no value`);
    at++;
    while (isSpace(bytes[at])) at++;
    const quote = bytes[at];
    if (quote !== QUOTE && quote !== APOSTROPHE) {
      throw malformed(`The value of the attribute ${this.#slice(start, nameEnd)} is not quoted`);
    }
    const valueStart = ++at;
    let hasReference = false;
    for (; bytes[at] !== quote; at++) {
      while (PLAIN_VALUE[bytes[at]!] === 1) at++;
      const byte = bytes[at]!;
      if (byte === quote) break;
      if (byte === AMPERSAND) hasReference = true;
      else if (byte === LESS || (byte < SPACE && byte !== TAB && byte !== LINE_FEED && byte !== RETURN)) {
        throw malformed(`The value of the attribute ${this.#slice(start, nameEnd)} holds a character that it must not`);
      } else if (isNonCharacter(bytes, at)) throw malformed('There is a character that is none of XML');
    }
    if (at - valueStart > MAX_ATTRIBUTE_BYTES) throw valueTooLarge('The value of an attribute', MAX_ATTRIBUTE_BYTES);
    if (hasReference) checkReferences(bytes, valueStart, at);
    this.attributes.add(start, nameEnd, localStart, valueStart, at);
    return at + 1;
  }

  #readEndTag(): Token {
    const { bytes } = this;
    const depth = this.#depth - 1;
    if (depth < 0) throw malformed('An element is closed that is not open');
    const start = this.#open[2 * depth]!;
    const length = this.#open[2 * depth + 1]! - start;
    let at = this.position + 2;
    for (let index = 0; index < length; index++, at++) {
      if (bytes[at] !== bytes[start + index]) throw malformed(`The element ${this.#openName()} is not closed`);
    }
    while (isSpace(bytes[at])) at++;
    if (bytes[at] !== GREATER) throw malformed(`The element ${this.#openName()} is not closed`);
    this.#checkWithin(at + 1);
    this.endTagStart = this.position;
    this.position = at + 1;
    this.#depth = depth;
    this.#dropDeclarations();
    return 'end';
  }

  #readText(): Token {
    const { bytes } = this;
    let at = this.position;
    let hasReference = false;
    this.isCdata = false;
    this.isPlain = true;
    this.textStart = at;
    for (;;) {
      while (PLAIN_TEXT[bytes[at]!] === 1) at++;
      const byte = bytes[at]!;
      if (byte === LESS || at >= this.#end) break;
      if (byte === AMPERSAND) hasReference = true;
      else if (byte === RETURN) this.isPlain = false;
      else if (byte === BRACKET) {
        if (bytes[at + 1] === BRACKET && bytes[at + 2] === GREATER) throw malformed('There is a stray ]]>');
      } else if (byte < SPACE || isNonCharacter(bytes, at)) throw malformed('There is a character that is none of XML');
      at++;
    }
    this.#checkWithin(at);
    if (at - this.textStart > MAX_TEXT_BYTES) throw valueTooLarge('A text', MAX_TEXT_BYTES);
    if (hasReference) {
      checkReferences(bytes, this.textStart, at);
      this.isPlain = false;
    }
    this.textEnd = at;
    this.position = at;
    return 'text';
  }

  /** A comment, or a CDATA section: true for that. Anything else that begins so belongs to a document type. */
  #readDeclaration(): boolean {
    const { bytes } = this;
    const start = this.position + 2;
    if (bytes[start] === HYPHEN && bytes[start + 1] === HYPHEN) {
      const end = bytes.indexOf('--', start + 2, 'latin1');
      if (end < 0 || bytes[end + 2] !== GREATER) throw malformed('A comment holds two hyphens, or is not ended');
      this.#checkCharacters(start + 2, end);
      this.#checkWithin(end + 3);
      this.position = end + 3;
      return false;
    }
    if (bytes.compare(CDATA, 0, CDATA.length, start, Math.min(start + CDATA.length, bytes.length)) !== 0) {
      throw malformed('There is a declaration within an element');
    }
    const end = bytes.indexOf(']]>', start + CDATA.length, 'latin1');
    if (end < 0) throw malformed('A CDATA section is not ended');
    this.textStart = start + CDATA.length;
    this.textEnd = end;
    if (end - this.textStart > MAX_TEXT_BYTES) throw valueTooLarge('A text', MAX_TEXT_BYTES);
    this.isCdata = true;
    this.isPlain = !this.#checkCharacters(this.textStart, end);
    this.#checkWithin(end + 3);
    this.position = end + 3;
    return true;
  }

  #skipInstruction(): void {
    const { bytes } = this;
    const target = this.position + 2;
    const end = bytes.indexOf('?>', target, 'latin1');
    if (end < 0) throw malformed('A processing instruction is not ended');
    const nameEnd = this.#readName(target);
    if (nameEnd !== end && !isSpace(bytes[nameEnd])) throw malformed('A processing instruction has no target');
    if (bytes.toString('latin1', target, nameEnd).toLowerCase() === 'xml')
      throw malformed('There is a stray XML declaration');
    this.#checkCharacters(nameEnd, end);
    this.#checkWithin(end + 2);
    this.position = end + 2;
  }

  /** Checks text in which markup has no meaning; true when it has a carriage return. */
  #checkCharacters(start: number, end: number): boolean {
    const { bytes } = this;
    let hasReturn = false;
    for (let at = start; at < end; at++) {
      if (PLAIN_TEXT[bytes[at]!] === 1) continue;
      const byte = bytes[at]!;
      if (byte === RETURN) hasReturn = true;
      else if (byte < SPACE || isNonCharacter(bytes, at)) throw malformed('There is a character that is none of XML');
    }
    return hasReturn;
  }

  #checkWithin(position: number): void {
    if (position > this.#end) throw malformed(`The element ${this.#openName()} is not closed`);
  }

  #openName(): string {
    const at = 2 * Math.max(0, this.#depth - 1);
    return JSON.stringify(this.#depth === 0 ? '' : this.#slice(this.#open[at]!, this.#open[at + 1]!));
  }

  #slice(start: number, end: number): string {
    return this.bytes.toString('utf8', start, end);
  }

  #textString(): string {
    const text = this.#slice(this.textStart, this.textEnd);
    if (this.isPlain) return text;
    return this.isCdata ? text.replaceAll(/\r\n?/g, '\n') : resolveReferences(text);
  }

  #trim(): void {
    if (this.value !== undefined) {
      const { value } = this;
      let start = 0;
      let end = value.length;
      while (start < end && isSpace(value.charCodeAt(start))) start++;
      while (end > start && isSpace(value.charCodeAt(end - 1))) end--;
      this.value = value.slice(start, end);
      return;
    }
    while (this.valueStart < this.valueEnd && isSpace(this.bytes[this.valueStart])) this.valueStart++;
    while (this.valueEnd > this.valueStart && isSpace(this.bytes[this.valueEnd - 1])) this.valueEnd--;
  }
}

function valueTooLarge(what: string, limit: number): FeatureDefect {
  return new FeatureDefect('xml-value-too-large', `${what} has more than ${limit} bytes.`);
}
