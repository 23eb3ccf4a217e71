import { CLOSE_PARENTHESIS, COMMA, isSpace, OPEN_PARENTHESIS, SPACE } from '../text/characters.ts';
import { FeatureDefect } from '../text/feature-defect.ts';

/** Longest word that is read: `GEOMETRYCOLLECTIONZM` is shorter. */
const MAX_WORD_BYTES = 32;

const NAME_WITH_DIMENSIONS = /^(.*?)(ZM|Z|M)?$/;
const DIMENSIONS = new Set(['Z', 'M', 'ZM']);

/** Numbers of a position behind x and y: as the tag says, or as each position shows. */
export type Dimensions = 'Z' | 'M' | 'ZM' | 'shown';

/** The name of a type with its tag, and the position behind them. */
export interface WktHead {
  name: string;
  dimensions: Dimensions;
  end: number;
}

/**
 * Goes over the tokens of well-known text in bytes. Each method takes the position of a token and returns the one behind
 * it; a zero byte ends the text.
 */
export class WktScanner {
  bytes: Buffer = Buffer.alloc(1);

  /** The next position that is no white space. */
  space(at: number): number {
    let next = at;
    while (isSpace(this.bytes[next]!)) next += 1;
    return next;
  }

  /** Behind the letters that stand here, if any do. */
  word(at: number): number {
    let end = at;
    while (isLetter(this.bytes[end]!) && end - at < MAX_WORD_BYTES) end += 1;
    return end;
  }

  /** A text in capitals. */
  text(start: number, end: number): string {
    return this.bytes.toString('latin1', start, end).toUpperCase();
  }

  /** The name of a type: `POINT`, `POINT Z` or `POINTZ`. */
  head(at: number): WktHead {
    const nameEnd = this.word(at);
    const [, name = '', attached] = NAME_WITH_DIMENSIONS.exec(this.text(at, nameEnd)) ?? [];
    const end = this.space(nameEnd);
    if (attached !== undefined) return { name, dimensions: attached as Dimensions, end };
    if (this.isOpen(end)) return { name, dimensions: 'shown', end };
    const tagEnd = this.word(end);
    const tag = this.text(end, tagEnd);
    if (!DIMENSIONS.has(tag)) return { name, dimensions: 'shown', end };
    return { name, dimensions: tag as Dimensions, end: this.space(tagEnd) };
  }

  isOpen(at: number): boolean {
    return this.bytes[at] === OPEN_PARENTHESIS;
  }

  /** @throws FeatureDefect where no parenthesis opens */
  open(at: number): number {
    if (!this.isOpen(at)) throw wktSyntax('an opening parenthesis is missing');
    return this.bytes[at + 1]! <= SPACE ? this.space(at + 1) : at + 1;
  }

  /** @throws FeatureDefect where no parenthesis closes */
  close(at: number, reason: string): number {
    const next = this.space(at);
    if (this.bytes[next] !== CLOSE_PARENTHESIS) throw wktSyntax(reason);
    return next + 1;
  }

  /** Behind the word `EMPTY`; undefined where something else stands. */
  empty(at: number): number | undefined {
    if (this.isOpen(at)) return undefined;
    const end = this.word(at);
    return this.text(at, end) === 'EMPTY' ? end : undefined;
  }

  /** Members in parentheses, with commas between them. */
  list(at: number, member: (at: number) => number): number {
    let next = this.open(at);
    for (;;) {
      next = this.space(member(next));
      if (this.bytes[next] === CLOSE_PARENTHESIS) return next + 1;
      if (this.bytes[next] !== COMMA) throw wktSyntax('a comma or a closing parenthesis is missing');
      next = this.space(next + 1);
    }
  }
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

export function wktSyntax(reason: string): FeatureDefect {
  return new FeatureDefect('wkt-syntax', `The geometry is not valid WKT: ${reason}.`);
}
