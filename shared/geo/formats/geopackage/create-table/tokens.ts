/** A token of SQL. `quoted` is an identifier in quotes of any kind, or in "double" ones a text. */
export interface Token {
  kind: 'word' | 'quoted' | 'string' | 'blob' | 'number' | 'symbol';
  /** Without quotes; as it stands for the others. */
  text: string;
  /** The mark that opened a quoted identifier. */
  quote?: string;
}

const SPACE = /[ \t\n\f\r]+|--[^\n]*(?:\n|$)|\/\*[^]*?(?:\*\/|$)/y;
const BLOB = /[xX]'[0-9a-fA-F]*'/y;
const NUMBER = /0[xX][0-9a-fA-F]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[\p{L}_\u0080-\u{10ffff}][\p{L}\p{N}_$\u0080-\u{10ffff}]*/uy;
const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/y;

/**
 * Cuts SQL into tokens (https://www.sqlite.org/lang_createtable.html).
 * @returns undefined where a quote is not closed
 */
export function tokenize(sql: string): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(sql)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  while (at < sql.length) {
    if (match(SPACE) !== undefined) continue;
    const blob = match(BLOB);
    const number = blob === undefined ? match(NUMBER) : undefined;
    const word = blob === undefined && number === undefined ? match(WORD) : undefined;
    if (blob !== undefined) tokens.push({ kind: 'blob', text: blob.slice(2, -1) });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number.replaceAll('_', '') });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (`'"\`[`.includes(sql[at]!)) {
      const quoted = match(QUOTED);
      if (quoted === undefined) return undefined;
      tokens.push(unquoted(quoted));
    } else tokens.push({ kind: 'symbol', text: sql[at++]! });
  }
  return tokens;
}

function unquoted(quoted: string): Token {
  const quote = quoted[0]!;
  const inner = quoted.slice(1, -1);
  const text = quote === '[' ? inner : inner.replaceAll(quote + quote, quote);
  return quote === "'" ? { kind: 'string', text } : { kind: 'quoted', text, quote };
}
