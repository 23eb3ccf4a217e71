import type { FileMetaData, RowGroup } from 'hyparquet';
import type { FeatureFormat, InspectedLayer } from '../../features/feature-format.ts';
import { countOf, readFooter } from './read-footer.ts';
import { readLayout } from './read-layout.ts';
import { readRows } from './read-rows.ts';

/** Rows of a block: dictionaries hide how many bytes they become. */
const MAX_BLOCK_ROWS = 100_000;

export interface GeoParquetDetail {
  /** Number of the first row of each block. */
  starts: number[];
  rows: number;
}

/**
 * GeoParquet 1.0 and 1.1, and Parquet with the logical types GEOMETRY and GEOGRAPHY: geometries in WKB, or in the encodings
 * of GeoArrow. Lists, maps and structures become JSON.
 */
export const geoParquetFormat: FeatureFormat<GeoParquetDetail> = {
  id: 'geoparquet',
  title: 'GeoParquet',

  async inspect({ file }, { blockBytes, name, signal }) {
    const metadata = await readFooter(file, signal);
    const { geo, fields } = readLayout(metadata);
    const { starts, rows } = cutBlocks(metadata, blockBytes);
    const layer: InspectedLayer<GeoParquetDetail> = {
      name,
      fields,
      features: rows,
      blocks: starts.length,
      detail: { starts, rows },
      ...(geo.crs === undefined ? {} : { crs: geo.crs }),
      ...(geo.notes.length === 0 ? {} : { notes: geo.notes }),
    };
    return [layer];
  },

  async readBlock({ file }, { detail }, block, sink, signal) {
    const start = detail.starts[block];
    if (start === undefined) throw new RangeError(`there is no block ${block}`);
    const end = detail.starts[block + 1] ?? detail.rows;
    const metadata = await readFooter(file, signal);
    const layout = readLayout(metadata);
    let number = 0;
    for (const group of metadata.row_groups) {
      const rows = rowsOf(group);
      const from = Math.max(0, start - number);
      const to = Math.min(rows, end - number);
      if (from < to) await readRows(file, metadata, layout, { group, from, to, number }, sink, signal);
      number += rows;
    }
  },
};

/** Small row groups are joined to blocks, large ones divided by rows, by their bytes before compression. */
function cutBlocks(metadata: FileMetaData, blockBytes: number): { starts: number[]; rows: number } {
  const starts: number[] = [];
  let rows = 0;
  let bytesLeft = 0;
  let rowsLeft = 0;
  for (const group of metadata.row_groups) {
    const groupRows = rowsOf(group);
    if (groupRows === 0) continue;
    const groupBytes = bytesOf(group);
    const wanted = Math.max(Math.round(groupBytes / blockBytes), Math.ceil(groupRows / MAX_BLOCK_ROWS), 1);
    const parts = Math.min(groupRows, wanted);
    if (parts > 1 || groupBytes > bytesLeft || groupRows > rowsLeft) {
      for (let part = 0; part < parts; part++) starts.push(rows + Math.floor((part * groupRows) / parts));
      bytesLeft = parts > 1 ? 0 : blockBytes;
      rowsLeft = MAX_BLOCK_ROWS;
    }
    bytesLeft -= groupBytes;
    rowsLeft -= groupRows;
    rows += groupRows;
  }
  return { starts, rows };
}

const rowsOf = ({ num_rows: rows }: RowGroup): number => countOf(rows, 'rows of a row group');

function bytesOf({ columns }: RowGroup): number {
  let bytes = 0;
  for (const { meta_data: meta } of columns) bytes += countOf(meta?.total_uncompressed_size ?? 0, 'bytes of a column');
  return bytes;
}
