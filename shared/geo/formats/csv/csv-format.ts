import type { FeatureFormat, InspectedLayer, InspectOptions } from '../../features/feature-format.ts';
import type { RangeReader } from '../../../sources/range-reader.ts';
import { BOM_BYTES, findEncoding, type TextEncoding } from '../text/encoding.ts';
import { READ_BYTES } from '../text/limits.ts';
import { TextWindow } from '../text/text-window.ts';
import { BlockFinder } from './block-finder.ts';
import { columnNames } from './column-names.ts';
import { notCsv } from './errors.ts';
import { findColumns } from './find-columns.ts';
import { readHead, type FoundHead } from './read-head.ts';
import { RowReader, type TableLayout } from './row-reader.ts';

/** What a text is taken for that is not UTF-8, as browsers do. */
const FALLBACK_ENCODING = 'windows-1252';

export interface CsvDetail extends TableLayout {
  encoding: TextEncoding;
  /** Where the first row of each block begins, in bytes of the source. */
  starts: number[];
  /** Where the rows end, when that is not the end of the file. */
  end?: number;
}

/**
 * CSV and TSV (RFC 4180, and what else goes by the name): geometries in a column of WKT, WKB or GeoJSON, or coordinates in
 * two. Types are found out by whoever takes the values: they are given as they stand.
 */
export const csvFormat: FeatureFormat<CsvDetail> = {
  id: 'csv',
  title: 'CSV',
  numbersByBlock: true,
  readsFront: true,

  async inspect({ file }, options) {
    if (file.size === 0) throw notCsv('it is empty');
    const { read, name, isFront = false, signal } = options;
    const told = findEncoding(await file.read(0, BOM_BYTES, signal), read?.encoding);
    const { head, dataStart } = await readStart(file, told, options);
    const window = new TextWindow({
      file,
      encoding: told,
      start: dataStart,
      blockEnd: file.size,
      end: file.size,
      signal,
    });
    const finder = new BlockFinder(window, head.dialect, options.blockBytes, dataStart);
    const { starts, isUtf8, lastRow } = await finder.find(isFront);
    const isGuessed = !isUtf8 && told.bomBytes === 0 && read?.encoding === undefined;
    const encoding = isGuessed ? { name: FALLBACK_ENCODING, bomBytes: 0 } : told;
    const { names, notes } = columnNames(head, isGuessed ? FALLBACK_ENCODING : 'utf-8');
    if (isGuessed) notes.unshift(`The text is not UTF-8; it is taken for ${FALLBACK_ENCODING}.`);
    const { geometry, crs, note } = findColumns(names, head.rows, read?.csv);
    if (note !== undefined) notes.push(note);
    const ofGeometry = Object.values<number>(geometry);
    const { dialect } = head;
    const layer: InspectedLayer<CsvDetail> = {
      name,
      fields: names.filter((_, index) => !ofGeometry.includes(index)).map((field) => ({ name: field })),
      blocks: starts.length,
      detail: {
        encoding,
        dialect,
        names,
        geometry,
        starts,
        ...(isFront ? { end: lastRow } : {}),
        ...(crs?.kind === 'epsg' ? { srid: crs.code } : {}),
      },
      ...(crs === undefined ? {} : { crs }),
      ...(ofGeometry.length === 0 ? { hasGeometries: false } : {}),
      ...(notes.length === 0 ? {} : { notes }),
    };
    return [layer];
  },

  async readBlock({ file }, { detail }, block, sink, signal) {
    const { encoding, starts } = detail;
    const start = starts[block];
    if (start === undefined) throw new RangeError(`there is no block ${block}`);
    const end = starts[block + 1] ?? detail.end ?? file.size;
    const window = new TextWindow({ file, encoding, start, blockEnd: end, end, signal });
    await new RowReader(window, detail, sink).read();
  },
};

async function readStart(
  file: RangeReader,
  encoding: TextEncoding,
  { read, isFront, signal }: InspectOptions,
): Promise<{ head: FoundHead; dataStart: number }> {
  const start = encoding.bomBytes;
  const end = Math.min(file.size, start + READ_BYTES);
  const window = new TextWindow({ file, encoding, start, blockEnd: end, end, signal });
  await window.all();
  const { bytes, limit } = window;
  const isLast = end === file.size && isFront !== true;
  const head = readHead({ bytes, limit, isLast, offsetOf: (position) => window.offsetOf(position) }, read?.csv);
  return { head, dataStart: window.offsetOf(head.dataStart) };
}
