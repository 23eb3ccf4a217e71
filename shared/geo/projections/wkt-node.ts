import { crsUnknown } from './errors.ts';

/** A node of well-known text, such as `UNIT["metre",1]`. */
export interface WktNode {
  /** In upper case. */
  keyword: string;
  /** Texts, numbers and words without quotes, in order. */
  values: (string | number)[];
  children: WktNode[];
}

/** Characters of a CRS: the longest of the EPSG register has 6,000. */
const MAX_CHARACTERS = 64 * 1024;
/** Nodes within nodes: a compound CRS has 8. */
const MAX_DEPTH = 32;

const TOKEN = /\s*(?:([A-Za-z][A-Za-z0-9_]*)|"((?:[^"]|"")*)"|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([[\](),]))/y;

/**
 * Parses well-known text of a CRS: WKT 1 of the OGC (01-009) and of Esri, and WKT 2 (18-010r7).
 * @throws LonghaulError `crs-unknown` (final)
 */
export function parseWkt(text: string): WktNode {
  if (text.length > MAX_CHARACTERS) {
    throw crsUnknown(`The text of the CRS has ${text.length} characters; at most ${MAX_CHARACTERS} are read.`);
  }
  const root: WktNode = { keyword: '', values: [], children: [] };
  const open = [root];
  TOKEN.lastIndex = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const parent = open.at(-1)!;
    const at = TOKEN.lastIndex;
    const [, word, quoted, number, mark] = TOKEN.exec(text) ?? [];
    if (quoted !== undefined) parent.values.push(quoted.replaceAll('""', '"'));
    else if (number !== undefined) parent.values.push(Number(number));
    else if (mark === ']' || mark === ')') open.pop();
    else if (word !== undefined) {
      if (!/^\s*[[(]/.test(text.slice(TOKEN.lastIndex, TOKEN.lastIndex + 16))) {
        parent.values.push(word);
        continue;
      }
      TOKEN.exec(text);
      const node: WktNode = { keyword: word.toUpperCase(), values: [], children: [] };
      parent.children.push(node);
      open.push(node);
    } else if (mark !== ',') throw notWkt(at);
    if (open.length === 0 || open.length > MAX_DEPTH) throw notWkt(at);
  }
  const [first] = root.children;
  if (open.length !== 1 || first === undefined) throw notWkt(end);
  return first;
}

/** The first child with one of these keywords. */
export function childOf(node: WktNode, ...keywords: string[]): WktNode | undefined {
  return node.children.find(({ keyword }) => keywords.includes(keyword));
}

/** The name of a node: its first text. */
export function nameOf(node: WktNode): string {
  const [name] = node.values;
  return typeof name === 'string' ? name : '';
}

/** The first number of a node. */
export function numberOf(node: WktNode | undefined): number | undefined {
  return node?.values.find((value) => typeof value === 'number');
}

/** The code of the EPSG register that a node says it has. */
export function epsgOf(node: WktNode): number | undefined {
  for (const { keyword, values } of node.children) {
    if (keyword !== 'AUTHORITY' && keyword !== 'ID') continue;
    const [authority, code] = values;
    if (typeof authority === 'string' && authority.toUpperCase() === 'EPSG' && /^\d+$/.test(String(code))) {
      return Number(code);
    }
  }
  return undefined;
}

const notWkt = (at: number) => crsUnknown(`The text of the CRS is not well-known text from character ${at} on.`);
