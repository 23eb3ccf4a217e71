import type { ColumnChunk, ColumnMetaData, FileMetaData } from 'hyparquet';
import { parquetMetadata } from 'hyparquet/src/metadata.js';
import type { RangeReader } from '../../../sources/range-reader.ts';
import { checkThrift } from './check-thrift.ts';
import { notParquet, parquetCorrupt, parquetTooLarge, parquetUnsupported } from './read-errors.ts';
import {
  MAX_COLUMNS,
  MAX_FOOTER_BYTES,
  MAX_FOOTER_VALUES,
  MAX_ROWS_PER_BYTE,
  MAX_SCHEMA_DEPTH,
  MIN_ROW_LIMIT,
} from './read-limits.ts';

const MAGIC = 'PAR1';
/** Length of the footer, and the magic bytes. */
const TAIL_BYTES = 8;
const MIN_BYTES = MAGIC.length + TAIL_BYTES;
/** Read at first: nearly every footer is shorter. */
const FIRST_READ_BYTES = 256 * 1024;

/** Where a column chunk lies in the file. */
export interface ChunkRange {
  start: number;
  end: number;
}

/**
 * The metadata of a Parquet file, with every number in it that leads somewhere held against the file.
 * @throws LonghaulError `not-a-parquet`, `parquet-corrupt`, `parquet-too-large`, `parquet-unsupported` (all final); as
 *   `RangeReader.read`
 */
export async function readFooter(file: RangeReader, signal: AbortSignal): Promise<FileMetaData> {
  if (file.size < MIN_BYTES) throw notParquet(`it has ${file.size} bytes`);
  const first = await file.read(0, MAGIC.length, signal);
  if (text(first) !== MAGIC) throw notParquet('it does not begin with PAR1');
  const length = Math.min(FIRST_READ_BYTES, file.size);
  let tail = await file.read(file.size - length, length, signal);
  if (text(tail.subarray(-MAGIC.length)) !== MAGIC) throw parquetCorrupt('it does not end with PAR1');
  const footerBytes = new DataView(tail.buffer, tail.byteOffset).getUint32(tail.length - TAIL_BYTES, true);
  if (footerBytes > file.size - MIN_BYTES) throw parquetCorrupt(`its footer has ${footerBytes} bytes`);
  if (footerBytes > MAX_FOOTER_BYTES) throw parquetTooLarge('bytes of footer', footerBytes, MAX_FOOTER_BYTES);
  const wanted = footerBytes + TAIL_BYTES;
  if (tail.length < wanted) tail = await file.read(file.size - wanted, wanted, signal);
  if (tail.length < wanted) throw parquetCorrupt('it ends within its footer');
  return parseFooter(tail.subarray(tail.length - wanted), file.size);
}

function parseFooter(footer: Uint8Array, fileBytes: number): FileMetaData {
  const checked = checkThrift(footer.subarray(0, -TAIL_BYTES), 0, MAX_FOOTER_VALUES);
  if (checked === 'cut-off') throw parquetCorrupt('its footer is cut off');
  if ('problem' in checked) throw parquetCorrupt(`of its footer ${checked.problem}`);
  let metadata: FileMetaData;
  try {
    metadata = parquetMetadata(footer, { geoparquet: false, parsers: UNREAD });
  } catch (error) {
    throw parquetCorrupt(`its footer cannot be read: ${(error as Error).message}`, error);
  }
  checkSchema(metadata);
  checkRowGroups(metadata, fileBytes);
  return metadata;
}

/** Statistics are not read: no date or text is made of them. */
const nothing = () => undefined as never;
const UNREAD = {
  timestampFromMilliseconds: nothing,
  timestampFromMicroseconds: nothing,
  timestampFromNanoseconds: nothing,
  dateFromDays: nothing,
  stringFromBytes: nothing,
  jsonFromBytes: nothing,
  geometryFromBytes: nothing,
  geographyFromBytes: nothing,
  uuidFromBytes: nothing,
};

/** Numbers of children must make one tree: a parser follows them. */
function checkSchema({ schema }: FileMetaData): void {
  if (!Array.isArray(schema) || schema.length === 0) throw parquetCorrupt('it has no schema');
  if (schema.length > 2 * MAX_COLUMNS) throw parquetTooLarge('elements of schema', schema.length, 2 * MAX_COLUMNS);
  const open: number[] = [1];
  for (const element of schema) {
    while (open.length > 0 && open.at(-1) === 0) open.pop();
    if (open.length === 0 || typeof element.name !== 'string') throw parquetCorrupt('its schema is no tree');
    open[open.length - 1]!--;
    const children = element.num_children ?? 0;
    if (!Number.isInteger(children) || children < 0) throw parquetCorrupt('its schema is no tree');
    if (element.type === undefined && children === 0 && schema.length > 1) throw parquetCorrupt('a column has no type');
    if (children > 0) open.push(children);
    if (open.length > MAX_SCHEMA_DEPTH + 1) throw parquetUnsupported(`has columns more than ${MAX_SCHEMA_DEPTH} deep`);
  }
  if (open.some((left) => left > 0)) throw parquetCorrupt('its schema is cut off');
}

function checkRowGroups(metadata: FileMetaData, fileBytes: number): void {
  const groups = metadata.row_groups;
  if (!Array.isArray(groups)) throw parquetCorrupt('it has no row groups');
  let rows = 0;
  const ranges: ChunkRange[] = [];
  for (const { columns, num_rows: groupRows } of groups) {
    if (!Array.isArray(columns)) throw parquetCorrupt('a row group has no columns');
    rows += countOf(groupRows, 'rows of a row group');
    for (const column of columns) ranges.push(checkChunk(column, fileBytes));
  }
  const limit = MIN_ROW_LIMIT + MAX_ROWS_PER_BYTE * fileBytes;
  if (rows > limit) throw parquetTooLarge('rows', rows, limit);
  ranges.sort((a, b) => a.start - b.start);
  for (let index = 1; index < ranges.length; index++) {
    if (ranges[index]!.start < ranges[index - 1]!.end) throw parquetCorrupt('columns share their bytes');
  }
}

function checkChunk(column: ColumnChunk, fileBytes: number): ChunkRange {
  const { meta_data: meta, file_path: path } = column;
  if (path) throw parquetUnsupported('has columns in other files');
  if (meta === undefined || column.crypto_metadata !== undefined) throw parquetUnsupported('has encrypted columns');
  if (!Array.isArray(meta.path_in_schema)) throw parquetCorrupt('a column has no path');
  countOf(meta.num_values, 'values of a column');
  const range = chunkRange(meta);
  if (range.end > fileBytes - TAIL_BYTES || range.start < MAGIC.length) {
    throw parquetCorrupt(`a column lies from byte ${range.start} to ${range.end} of ${fileBytes}`);
  }
  return range;
}

/** @throws LonghaulError `parquet-corrupt` (final) */
export function chunkRange(meta: ColumnMetaData): ChunkRange {
  const data = countOf(meta.data_page_offset, 'offset of a column');
  const dictionary = meta.dictionary_page_offset === undefined ? 0 : countOf(meta.dictionary_page_offset, 'offset');
  // A dictionary stands before the data; 0 stands for none with some writers.
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  return { start, end: start + countOf(meta.total_compressed_size, 'bytes of a column') };
}

/** A number of a footer that counts something. */
export function countOf(value: unknown, what: string): number {
  const count = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : NaN;
  if (!Number.isSafeInteger(count) || count < 0) throw parquetCorrupt(`the number of ${what} is ${String(value)}`);
  return count;
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
