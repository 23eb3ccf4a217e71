import { CARRIAGE_RETURN, LINE_FEED, QUOTE } from '../text/characters.ts';
import { csvDelimiterInvalid } from './errors.ts';
import { RowScanner, UNFINISHED, type Dialect } from './row-scanner.ts';

/** Delimiters that files have, the usual one first. */
const DELIMITERS = [',', '\t', ';', '|'];

/** Rows that a delimiter is tried on. */
const ROWS = 50;

/** The line with which Excel is told the delimiter. */
const SEPARATOR_LINE = /^sep=([\t -~])\r?\n/i;

export interface FoundDialect {
  dialect: Dialect;
  /** Where the first row begins: behind a line that tells the delimiter. */
  start: number;
}

/**
 * Finds out how a CSV is written: the delimiter is the one by which most rows have as many cells as the first, and with
 * two of them the one that makes more cells.
 * @param bytes the beginning of the text, with a zero byte at `limit`
 * @param told the delimiter that the caller names
 * @throws LonghaulError `csv-delimiter-invalid` (final)
 */
export function findDialect(bytes: Buffer, limit: number, isLast: boolean, told?: string): FoundDialect {
  const named = SEPARATOR_LINE.exec(bytes.toString('latin1', 0, Math.min(limit, 10)));
  const start = named?.[0].length ?? 0;
  const delimiter = told ?? named?.[1];
  const hasLineFeed = bytes.subarray(0, limit).includes(LINE_FEED);
  const lineBreak = !hasLineFeed && bytes.subarray(0, limit).includes(CARRIAGE_RETURN) ? CARRIAGE_RETURN : LINE_FEED;
  if (delimiter !== undefined) return { dialect: { delimiter: byteOf(delimiter), lineBreak }, start };
  let best = { delimiter: DELIMITERS[0]!.charCodeAt(0), alike: 0, cells: 1 };
  for (const text of DELIMITERS) {
    const candidate = text.charCodeAt(0);
    const found = tryDelimiter({ delimiter: candidate, lineBreak }, bytes, start, limit, isLast);
    if (found.cells < 2) continue;
    const isBetter = found.alike > best.alike || (found.alike === best.alike && found.cells > best.cells);
    if (isBetter) best = { delimiter: candidate, ...found };
  }
  return { dialect: { delimiter: best.delimiter, lineBreak }, start };
}

/** Cells of the first row, and the share of the rows that have as many. */
function tryDelimiter(
  dialect: Dialect,
  bytes: Buffer,
  start: number,
  limit: number,
  isLast: boolean,
): { cells: number; alike: number } {
  const scanner = new RowScanner(dialect);
  let cells = 0;
  let rows = 0;
  let alike = 0;
  for (let at = start; at < limit && rows < ROWS;) {
    const end = scanner.scan(bytes, at, limit, isLast);
    if (end === UNFINISHED) break;
    at = end;
    if (scanner.isBlank) continue;
    if (rows === 0) cells = scanner.count;
    rows += 1;
    if (scanner.count === cells && !scanner.hasStray) alike += 1;
  }
  return { cells, alike: rows === 0 ? 0 : alike / rows };
}

function byteOf(delimiter: string): number {
  const byte = delimiter.charCodeAt(0);
  const isOne = delimiter.length === 1 && byte > 0 && byte < 0x80;
  if (!isOne || byte === QUOTE || byte === LINE_FEED || byte === CARRIAGE_RETURN) throw csvDelimiterInvalid(delimiter);
  return byte;
}
