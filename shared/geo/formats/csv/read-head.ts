import type { CsvOptions } from '../../features/feature-format.ts';
import { recordTooLong } from '../text/errors.ts';
import { MAX_FIELDS, MAX_NAME_BYTES } from '../text/limits.ts';
import { csvQuoteOpen, csvTooManyColumns, notCsv } from './errors.ts';
import { isGeometry, type SampleRows } from './find-columns.ts';
import { findDialect } from './find-dialect.ts';
import { RowScanner, UNFINISHED, type Dialect } from './row-scanner.ts';
import { unquote } from './unquote.ts';

/** Rows that are looked at for what the columns are. */
const ROWS = 50;

/** Beginning of a cell that tells what it is, in bytes; the hexadecimal head of a WKB is shorter. */
const CELL_BYTES = 256;

const NUMBER = /^\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?\s*$/i;

/** The beginning of a text, as bytes with a zero byte at `limit`. */
export interface Head {
  bytes: Buffer;
  limit: number;
  /** It is all of the text. */
  isLast: boolean;
  /** Source offset of a position. */
  offsetOf(position: number): number;
}

export interface FoundHead {
  dialect: Dialect;
  /** Names of the columns, and where they stand; undefined where the first row is one of data. */
  columns: number;
  names: Buffer[] | undefined;
  rows: SampleRows;
  /** Position of the first row of data. */
  dataStart: number;
}

/**
 * Reads what the beginning of a CSV tells: how it is written, the names of its columns, and the first rows.
 * @throws LonghaulError (final) for what is no CSV, or passes a limit
 */
export function readHead(head: Head, told: CsvOptions = {}): FoundHead {
  const { bytes, limit, isLast } = head;
  const nul = bytes.indexOf(0);
  if (nul < limit) throw notCsv(`there is a zero byte at byte ${head.offsetOf(nul)}`);
  const { dialect, start } = findDialect(bytes, limit, isLast, told.delimiter);
  const scanner = new RowScanner(dialect);
  const rowStart = firstRow(scanner, head, start);
  const rowEnd = scanner.scan(bytes, rowStart, limit, isLast);
  if (rowEnd === UNFINISHED) throw recordTooLong('first row', head.offsetOf(rowStart), limit - rowStart);
  if (scanner.isOpen) throw csvQuoteOpen(head.offsetOf(scanner.starts[scanner.count - 1]! - 1));
  const columns = scanner.count;
  if (columns > MAX_FIELDS) throw csvTooManyColumns(columns, MAX_FIELDS);
  const first = Array.from({ length: columns }, (_, index) => cellOf(scanner, bytes, index, MAX_NAME_BYTES));
  const hasNames = told.header ?? !isData(first.map((cell) => cell.toString('latin1')));
  const tooLong = first.findIndex((cell) => hasNames && cell.length === MAX_NAME_BYTES);
  if (tooLong >= 0) throw notCsv(`the name of column ${tooLong + 1} has ${MAX_NAME_BYTES} bytes or more`);
  const dataStart = hasNames ? rowEnd : rowStart;
  const rows = sampleRows(scanner, head, dataStart);
  return { dialect, columns, names: hasNames ? first : undefined, rows, dataStart };
}

/** Where the first row begins that is not blank. */
function firstRow(scanner: RowScanner, { bytes, limit, isLast }: Head, start: number): number {
  for (let at = start; at < limit;) {
    const end = scanner.scan(bytes, at, limit, isLast);
    if (end === UNFINISHED || !scanner.isBlank) return at;
    at = end;
  }
  throw notCsv('it has no rows');
}

/** A row of numbers only, or one with a geometry, has no names of columns. */
function isData(texts: readonly string[]): boolean {
  const filled = texts.filter((text) => text.trim() !== '');
  return filled.some(isGeometry) || (filled.length > 0 && filled.every((text) => NUMBER.test(text)));
}

function sampleRows(scanner: RowScanner, { bytes, limit, isLast }: Head, start: number): string[][] {
  const rows: string[][] = [];
  for (let at = start; at < limit && rows.length < ROWS;) {
    const end = scanner.scan(bytes, at, limit, isLast);
    if (end === UNFINISHED) break;
    at = end;
    if (scanner.isBlank) continue;
    const count = Math.min(scanner.count, MAX_FIELDS);
    rows.push(
      Array.from({ length: count }, (_, index) => cellOf(scanner, bytes, index, CELL_BYTES).toString('latin1')),
    );
  }
  return rows;
}

/** The beginning of a cell. */
function cellOf(scanner: RowScanner, bytes: Buffer, index: number, most: number): Buffer {
  const start = scanner.starts[index]!;
  const end = Math.min(scanner.ends[index]!, start + 2 * most);
  const cell = Buffer.alloc(end - start);
  const length = scanner.doubled[index] === 0 ? bytes.copy(cell, 0, start, end) : unquote(bytes, start, end, cell);
  return cell.subarray(0, Math.min(length, most));
}
