import type { RangeReader } from '../../../sources/range-reader.ts';
import type { DeclaredCrs, FeatureSource, InspectedLayer, InspectOptions } from '../../features/feature-format.ts';
import { ReadAhead } from '../read-ahead.ts';
import { declaredFields } from './dbf-header.ts';
import { notAShapefile, shapefileTruncated } from './errors.ts';
import { HEADER_BYTES, parseMainHeader, type MainHeader } from './main-header.ts';
import { openTable, type OpenedTable } from './open-table.ts';
import { readIndex } from './read-index.ts';
import { RecordCutter } from './record-cutter.ts';
import type { RecordCut, ShapefileDetail } from './shapefile-detail.ts';
import { walkFront, walkRecords } from './walk-records.ts';

const KIB = 1024;

/** Bytes of well-known text. */
const MAX_PRJ_BYTES = 64 * KIB;

/**
 * Finds what a shapefile holds and cuts it into blocks of records.
 * @throws LonghaulError `not-a-shapefile`, `shapefile-table-corrupt`, `shapefile-encoding-unknown`,
 *   `shapefile-truncated` (final); as `RangeReader.read`
 */
export async function inspectShapefile(
  source: FeatureSource,
  { blockBytes, name, read, isFront = false, signal }: InspectOptions,
): Promise<InspectedLayer<ShapefileDetail>> {
  const companion = (extension: string) => source.companions?.get(extension);
  const header = await readHeader(source.file, signal);
  const tableFile = companion('dbf');
  const table =
    tableFile && (await openTable({ table: tableFile, codePage: companion('cpg'), isFront }, read?.encoding, signal));
  const rows = table?.layout.rows ?? 0;
  const notes = [...(table?.notes ?? ['The shapefile has no .dbf: its features have no properties.'])];
  const makeCutter = () =>
    new RecordCutter(blockBytes, source.file.size + (tableFile?.size ?? 0), table?.layout.rowBytes ?? 0);
  const { cuts, isIndexed } = isFront
    ? await cutFront(source, header, makeCutter(), table === undefined ? Infinity : rows, signal)
    : await cutRecords(source, header, makeCutter, notes, signal);
  const records = cuts.at(-1)!.record;
  if (table !== undefined && records > rows) notes.push(`The .dbf has ${rows} rows, and the .shp ${records} records.`);
  const rowCuts = table === undefined || isFront ? [] : cutRows(table, records, blockBytes);
  const crs = await readCrs(companion('prj'), notes, signal);
  return {
    name,
    ...(crs !== undefined && { crs }),
    fields: declaredFields(table?.layout.fields ?? []),
    ...featuresOf(),
    blocks: Math.max(1, cuts.length - 1 + Math.max(0, rowCuts.length - 1)),
    detail: {
      shapeType: header.shapeType,
      isIndexed,
      cuts,
      rowCuts,
      ...(table !== undefined && { table: table.layout }),
      ...(table?.encoding !== undefined && { encoding: table.encoding }),
    },
    ...(notes.length > 0 && { notes }),
  };

  function featuresOf(): { features?: number } {
    if (!isFront) return { features: Math.max(records, rows) };
    return table === undefined ? {} : { features: table.toldRows };
  }
}

async function readHeader(file: RangeReader, signal: AbortSignal): Promise<MainHeader> {
  if (file.size === 0) throw notAShapefile('it is empty');
  return parseMainHeader(await file.read(0, Math.min(HEADER_BYTES, file.size), signal));
}

/** Of the beginning of a .shp: the records that are whole, as far as the beginning of the .dbf has rows. */
async function cutFront(
  { file }: FeatureSource,
  header: MainHeader,
  cutter: RecordCutter,
  most: number,
  signal: AbortSignal,
): Promise<{ cuts: RecordCut[]; isIndexed: boolean }> {
  using main = openReadAhead(file, 'shp', signal);
  return { cuts: await walkFront(main, header.length, cutter, most, signal), isIndexed: false };
}

/** By .shx where there is one that fits, else from record to record. */
async function cutRecords(
  { file, companions }: FeatureSource,
  header: MainHeader,
  makeCutter: () => RecordCutter,
  notes: string[],
  signal: AbortSignal,
): Promise<{ cuts: RecordCut[]; isIndexed: boolean }> {
  using main = openReadAhead(file, 'shp', signal);
  const indexFile = companions?.get('shx');
  if (indexFile === undefined) {
    notes.push('The shapefile has no .shx: its records were found one after the other.');
  } else {
    using index = openReadAhead(indexFile, 'shx', signal);
    const read = await readIndex(index, main, makeCutter());
    if ('cuts' in read) return { cuts: read.cuts, isIndexed: true };
    notes.push(`The .shx does not fit the .shp (${read.mismatch}): records were found one after the other.`);
  }
  const { cuts, trailingBytes } = await walkRecords(main, header.length, makeCutter(), signal);
  if (trailingBytes > 0) notes.push(`The .shp has ${trailingBytes} bytes behind its end, which were not read.`);
  return { cuts, isIndexed: false };
}

export function openReadAhead(
  file: RangeReader,
  extension: string,
  signal: AbortSignal,
  firstBytes?: number,
): ReadAhead {
  return new ReadAhead(file, {
    signal,
    truncated: (_offset, end, size) => shapefileTruncated(extension, end, size),
    ...(firstBytes !== undefined && { firstBytes }),
  });
}

/** Blocks of the rows that no record belongs to. */
function cutRows({ layout: { rows, rowBytes } }: OpenedTable, records: number, blockBytes: number): number[] {
  if (rows <= records) return [];
  const blocks = Math.min(1024, Math.ceil(((rows - records) * rowBytes) / blockBytes));
  return Array.from({ length: blocks + 1 }, (_, index) => records + Math.floor(((rows - records) * index) / blocks));
}

async function readCrs(
  file: RangeReader | undefined,
  notes: string[],
  signal: AbortSignal,
): Promise<DeclaredCrs | undefined> {
  if (file === undefined || file.size === 0) return undefined;
  if (file.size > MAX_PRJ_BYTES) {
    notes.push(`The .prj has ${file.size} bytes, which is too much for the name of a CRS: it was not read.`);
    return undefined;
  }
  const text = new TextDecoder('utf-8').decode(await file.read(0, file.size, signal)).trim();
  return text === '' ? undefined : { kind: 'wkt', text };
}
