import type { Affinity } from '../affinity.ts';
import type { Token } from './tokens.ts';

/** A value that stands for columns that a row is too short for. JSON: 64-bit integers and bytes are texts. */
export type DefaultValue =
  | { kind: 'null' }
  /** An expression, which is never evaluated. */
  | { kind: 'unread' }
  | { kind: 'integer'; digits: string }
  | { kind: 'double'; value: number }
  | { kind: 'text'; text: string }
  | { kind: 'blob'; hex: string };

const NULL: DefaultValue = { kind: 'null' };
const UNREAD: DefaultValue = { kind: 'unread' };
const NUMERIC = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 63n - 1n;

/** The constant of a DEFAULT clause, as a column of this affinity keeps it. */
export function defaultValue(tokens: readonly Token[], affinity: Affinity): DefaultValue {
  let inner = tokens;
  while (inner.length > 2 && isSymbol(inner[0]!, '(') && isSymbol(inner.at(-1)!, ')')) inner = inner.slice(1, -1);
  const signs = inner.slice(0, -1);
  const last = inner.at(-1);
  if (last === undefined || !signs.every((token) => isSymbol(token, '-') || isSymbol(token, '+'))) return UNREAD;
  const isNegative = signs.filter((token) => isSymbol(token, '-')).length % 2 === 1;
  if (last.kind === 'number') return withAffinity(numberOf(last.text, isNegative), affinity);
  if (signs.length > 0) return UNREAD;
  return withAffinity(constantOf(last), affinity);
}

const isSymbol = ({ kind, text }: Token, symbol: string): boolean => kind === 'symbol' && text === symbol;

function constantOf({ kind, text }: Token): DefaultValue {
  if (kind === 'string' || kind === 'quoted') return { kind: 'text', text };
  if (kind === 'blob') return { kind: 'blob', hex: text.toLowerCase() };
  if (kind !== 'word') return UNREAD;
  const upper = text.toUpperCase();
  if (upper === 'NULL') return NULL;
  if (upper === 'TRUE' || upper === 'FALSE') return { kind: 'integer', digits: upper === 'TRUE' ? '1' : '0' };
  return /^CURRENT_(TIME|DATE|TIMESTAMP)$/.test(upper) ? UNREAD : { kind: 'text', text };
}

function numberOf(text: string, isNegative: boolean): DefaultValue {
  if (/^\d+$|^0x/i.test(text)) {
    const magnitude = /^0x/i.test(text) ? BigInt.asIntN(64, BigInt(text)) : BigInt(text);
    const exact = isNegative ? -magnitude : magnitude;
    if (exact >= MIN_INTEGER && exact <= MAX_INTEGER) return { kind: 'integer', digits: String(exact) };
  }
  return { kind: 'double', value: isNegative ? -Number(text) : Number(text) };
}

function withAffinity(value: DefaultValue, affinity: Affinity): DefaultValue {
  if (value.kind === 'null' || value.kind === 'unread' || value.kind === 'blob' || affinity === 'blob') return value;
  if (affinity === 'text') {
    if (value.kind === 'text') return value;
    return value.kind === 'integer' ? { kind: 'text', text: value.digits } : doubleAsText(value.value);
  }
  const number = value.kind === 'text' ? numberOfText(value.text) : value;
  if (number === undefined) return value;
  if (affinity === 'real') {
    return number.kind === 'integer' ? { kind: 'double', value: Number(number.digits) } : number;
  }
  const isWhole = number.kind === 'double' && Number.isSafeInteger(number.value);
  return isWhole ? { kind: 'integer', digits: String(number.value) } : number;
}

/** A text that reads as a number is one in a column for numbers. */
function numberOfText(text: string): DefaultValue | undefined {
  if (!NUMERIC.test(text)) return undefined;
  const trimmed = text.trim();
  return numberOf(trimmed.replace(/^[+-]/, ''), trimmed.startsWith('-'));
}

/** As SQLite prints a double: with 15 digits, and a point. */
function doubleAsText(value: number): DefaultValue {
  const digits = String(Number(value.toPrecision(15)));
  return { kind: 'text', text: /[.e]/.test(digits) ? digits : `${digits}.0` };
}
