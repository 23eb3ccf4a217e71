import type { DeclaredCrs, DeclaredField, DeclaredType } from '../../features/feature-format.ts';
import type { RangeReader } from '../../../sources/range-reader.ts';
import { flatGeobufCorrupt, flatGeobufTooLarge, notFlatGeobuf } from './read-errors.ts';
import { TableReader } from './read-tables.ts';

/** Columns by number (FlatGeobuf, header.fbs). */
const COLUMN = { name: 0, type: 1, title: 2 } as const;
const HEADER = {
  name: 0,
  geometryType: 2,
  columns: 7,
  featuresCount: 8,
  indexNodeSize: 9,
  crs: 10,
  title: 11,
} as const;
const CRS = { org: 0, code: 1, wkt: 4, codeString: 5 } as const;

/** Types of columns by their code. */
const TYPES: readonly DeclaredType[] = [
  ...(['integer', 'integer', 'boolean', 'integer', 'integer', 'integer', 'integer', 'integer', 'integer'] as const),
  ...(['double', 'double', 'text', 'json', 'date-time', 'binary'] as const),
];

/** Magic bytes and the length of the header. */
const START_BYTES = 12;
const MIN_HEADER_BYTES = 8;
/** As the format has it. */
const MAX_HEADER_BYTES = 10 * 1024 ** 2;
export const MAX_COLUMNS = 10_000;
/** Names and titles, and the text of a CRS. */
const MAX_TEXT_BYTES = 4096;
const MAX_WKT_BYTES = 64 * 1024;
/** Read at first: nearly every header is shorter. */
const FIRST_READ_BYTES = 64 * 1024;

const DEFAULT_NODE_SIZE = 16;
const NODE_BYTES = 40;

export interface FlatGeobufColumn {
  name: string;
  /** Code of the type (header.fbs). */
  type: number;
}

export interface FlatGeobufHeader {
  name?: string;
  /** Code of the type of all geometries; 0 when each tells its own. */
  geometryType: number;
  columns: FlatGeobufColumn[];
  fields: DeclaredField[];
  crs?: DeclaredCrs;
  /** 0 when the file does not say. */
  features: number;
  /** Children of a node of the index; 0 when there is none. */
  indexNodeSize: number;
  /** Where the index begins, and the features. */
  indexStart: number;
  featuresStart: number;
}

/**
 * @throws LonghaulError `not-a-flatgeobuf`, `flatgeobuf-corrupt`, `flatgeobuf-too-large` (all final); as `RangeReader.read`
 */
export async function readHeader(file: RangeReader, signal: AbortSignal): Promise<FlatGeobufHeader> {
  if (file.size < START_BYTES) throw notFlatGeobuf(`it has ${file.size} bytes`);
  let bytes = await file.read(0, Math.min(FIRST_READ_BYTES, file.size), signal);
  const magic = Buffer.from(bytes.subarray(0, 7)).toString('latin1');
  if (magic !== 'fgb\u0003fgb') throw notFlatGeobuf('it does not begin with the bytes of version 3');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  if (length > MAX_HEADER_BYTES) throw flatGeobufTooLarge('bytes of header', length, MAX_HEADER_BYTES);
  const end = START_BYTES + length;
  if (length < MIN_HEADER_BYTES || end > file.size) {
    throw flatGeobufCorrupt(`its header would end at byte ${end} of ${file.size}`);
  }
  if (bytes.length < end) bytes = await file.read(0, end, signal);
  if (bytes.length < end) throw flatGeobufCorrupt(`it ends at byte ${bytes.length}`);
  return decodeHeader(bytes, end, file.size);
}

function decodeHeader(bytes: Uint8Array, end: number, fileBytes: number): FlatGeobufHeader {
  const reader = new TableReader((reason) => flatGeobufCorrupt(`in its header ${reason}`));
  const header = reader.open(bytes, START_BYTES, end);
  const { columns, fields } = readColumns(reader, reader.vector(header, HEADER.columns, 4));
  const features = reader.uint64(header, HEADER.featuresCount);
  const nodeSize = reader.uint16(header, HEADER.indexNodeSize, DEFAULT_NODE_SIZE);
  const indexNodeSize = features === 0n ? 0 : nodeSize;
  // Each feature takes at least its length and an empty table.
  if (features > BigInt(fileBytes)) throw flatGeobufCorrupt(`it cannot have ${features} features`);
  if (indexNodeSize === 1) throw flatGeobufCorrupt('the nodes of its index have one child each');
  const indexBytes = indexNodeSize === 0 ? 0 : NODE_BYTES * levelsOf(Number(features), indexNodeSize).nodes;
  if (end + indexBytes > fileBytes) throw flatGeobufCorrupt(`its index would end at byte ${end + indexBytes}`);
  const crs = readCrs(reader, reader.table(header, HEADER.crs));
  const name = reader.text(header, HEADER.name, MAX_TEXT_BYTES) || reader.text(header, HEADER.title, MAX_TEXT_BYTES);
  return {
    ...(name ? { name } : {}),
    ...(crs === undefined ? {} : { crs }),
    geometryType: reader.uint8(header, HEADER.geometryType, 0),
    columns,
    fields,
    features: Number(features),
    indexNodeSize,
    indexStart: end,
    featuresStart: end + indexBytes,
  };
}

/** Nodes of an index, and number of the first one of its leaves. */
export function levelsOf(features: number, nodeSize: number): { nodes: number; firstLeaf: number } {
  let nodes = features;
  for (let level = features; level > 1;) {
    level = Math.ceil(level / nodeSize);
    nodes += level;
  }
  // One feature has a root above it, too.
  if (features === 1) nodes = 2;
  return { nodes, firstLeaf: nodes - features };
}

/**
 * The columns of a header or feature.
 * @throws Error of the reader; LonghaulError `flatgeobuf-too-large` (final)
 */
export function readColumns(
  reader: TableReader,
  vector: number,
): { columns: FlatGeobufColumn[]; fields: DeclaredField[] } {
  const count = reader.length(vector);
  if (count > MAX_COLUMNS) throw flatGeobufTooLarge('columns', count, MAX_COLUMNS);
  const columns: FlatGeobufColumn[] = [];
  const fields: DeclaredField[] = [];
  const names = new Set<string>();
  for (let index = 0; index < count; index++) {
    const table = reader.element(vector, index);
    const name = unique(reader.text(table, COLUMN.name, MAX_TEXT_BYTES) || `column_${index + 1}`, names);
    const code = reader.uint8(table, COLUMN.type, 0);
    const type = TYPES[code];
    const title = reader.text(table, COLUMN.title, MAX_TEXT_BYTES);
    columns.push({ name, type: code });
    fields.push({ name, ...(type === undefined ? {} : { type }), ...(title ? { title } : {}) });
  }
  return { columns, fields };
}

/** The name, or the first with a number behind it that is not taken. */
function unique(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}_${number}`;
  taken.add(free);
  return free;
}

function readCrs(reader: TableReader, table: number): DeclaredCrs | undefined {
  if (table === 0) return undefined;
  const organisation = (reader.text(table, CRS.org, MAX_TEXT_BYTES) ?? 'EPSG').toUpperCase();
  const code = reader.int32(table, CRS.code, 0);
  const text = reader.text(table, CRS.codeString, MAX_TEXT_BYTES) ?? '';
  if (organisation === 'OGC' && text.toUpperCase() === 'CRS84') return { kind: 'crs84' };
  if ((organisation === 'EPSG' || organisation === '') && code > 0) return { kind: 'epsg', code };
  const wkt = reader.text(table, CRS.wkt, MAX_WKT_BYTES);
  return wkt ? { kind: 'wkt', text: wkt } : undefined;
}
