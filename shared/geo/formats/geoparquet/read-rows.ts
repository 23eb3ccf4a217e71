import type { DecodedArray, FileMetaData, RowGroup } from 'hyparquet';
import { parquetSchema } from 'hyparquet/src/metadata.js';
import type { RangeReader } from '../../../sources/range-reader.ts';
import type { FeatureProblem, FeatureSink } from '../../features/feature-sink.ts';
import { GEOMETRY_TYPES } from '../../features/geometry.ts';
import { problemOf } from '../feature-problem.ts';
import { RecordedRow } from '../recorded-row.ts';
import { WkbReader } from '../wkb/wkb-reader.ts';
import { openCursor, type ColumnCursor } from './column-cursor.ts';
import { fillNative } from './native-geometry.ts';
import { assembleRows, nestedJson } from './nested-values.ts';
import { geometryInvalid } from './read-errors.ts';
import { chunkRange } from './read-footer.ts';
import { isSingle, leavesOf, type ParquetLayout, type PropertyColumn } from './read-layout.ts';
import { WINDOW_BYTES } from './read-limits.ts';
import type { ValueTarget } from './write-value.ts';

const MIN_PIECE_BYTES = 64 * 1024;
const MAX_PIECE_BYTES = 4 * 1024 ** 2;

/** Rows whose nested values are put together at once. */
const NESTED_ROWS = 1_024;

/** Values of one column at the top of the schema, row by row. */
interface ColumnReader {
  available(): number;
  load(): Promise<void>;
  /** Makes ready for some rows, all of which are available. */
  begin(rows: number): void;
  take(): unknown;
}

/** The rows of one row group that belong to a block. */
export interface RowRange {
  group: RowGroup;
  /** First row and the one behind the last, within the row group. */
  from: number;
  to: number;
  /** Number of the first row of the row group. */
  number: number;
}

/**
 * Reads rows of one row group and adds or rejects each.
 * @throws LonghaulError `parquet-corrupt`, `parquet-too-large`, `parquet-unsupported` (final); as `RangeReader.read`
 */
export async function readRows(
  file: RangeReader,
  metadata: FileMetaData,
  layout: ParquetLayout,
  { group, from, to, number }: RowRange,
  sink: FeatureSink,
  signal: AbortSignal,
): Promise<void> {
  const root = parquetSchema(metadata);
  const pieceBytes = Math.max(
    MIN_PIECE_BYTES,
    Math.min(MAX_PIECE_BYTES, Math.floor(WINDOW_BYTES / (2 * group.columns.length))),
  );
  const open = (tree: ParquetLayout['geometry']): ColumnReader => {
    const leaves = leavesOf(tree, root, group).map(({ leaf, chunk }) => ({
      path: leaf.pathInSchema.join('.'),
      cursor: openCursor(file, chunk, leaf, from, { signal, pieceBytes }),
    }));
    return isSingle(tree) ? singleReader(leaves[0]!.cursor) : nestedReader(leaves, tree);
  };
  const geometry = open(layout.geometry);
  const properties = layout.properties.map(({ tree }) => open(tree));
  const columns = [geometry, ...properties];
  const writer = new RowWriter(layout, sink);
  const offset = Math.min(...group.columns.map(({ meta_data: meta }) => chunkRange(meta!).start));
  for (let row = from; row < to;) {
    for (const column of columns) if (column.available() === 0) await column.load();
    const rows = Math.min(to - row, ...columns.map((column) => column.available()));
    for (const column of columns) column.begin(rows);
    for (let index = 0; index < rows; index++) {
      writer.write(geometry.take(), properties, { offset, number: number + row + index });
    }
    row += rows;
  }
}

function singleReader(cursor: ColumnCursor): ColumnReader {
  return {
    available: () => cursor.available,
    load: () => cursor.load(),
    begin: () => undefined,
    take: () => cursor.take(),
  };
}

function nestedReader(
  leaves: readonly { path: string; cursor: ColumnCursor }[],
  tree: ParquetLayout['geometry'],
): ColumnReader {
  let values: ArrayLike<unknown> = [];
  let next = 0;
  return {
    available: () => Math.min(NESTED_ROWS, ...leaves.map(({ cursor }) => cursor.available)),
    async load() {
      for (const { cursor } of leaves) if (cursor.available === 0) await cursor.load();
    },
    begin(rows) {
      const rowsOf = (cursor: ColumnCursor) => Array.from({ length: rows }, () => cursor.take());
      const taken = leaves.map(({ path, cursor }) => [path, rowsOf(cursor) as DecodedArray] as const);
      values = assembleRows(new Map(taken), tree, rows);
      next = 0;
    },
    take: () => values[next++],
  };
}

/** Hands rows to a sink. */
class RowWriter {
  readonly #layout: ParquetLayout;
  readonly #sink: FeatureSink;
  readonly #target: ValueTarget;
  readonly #fields: number[];
  readonly #wkb = new WkbReader();

  constructor(layout: ParquetLayout, sink: FeatureSink) {
    this.#layout = layout;
    this.#sink = sink;
    this.#target = { row: sink.row, note: (problem) => sink.note(problem) };
    this.#fields = layout.properties.map(({ name }) => sink.field(name));
  }

  write(geometry: unknown, properties: readonly ColumnReader[], place: { offset: number; number: number }): void {
    const sink = this.#sink;
    const columns = this.#layout.properties;
    const problem = this.#readGeometry(geometry);
    if (problem === undefined) {
      for (const [index, column] of columns.entries()) {
        writeProperty(column, properties[index]!.take(), this.#fields[index]!, this.#target);
      }
      sink.add(place);
      return;
    }
    const row = new RecordedRow(columns.map(({ name }) => name));
    const target = { row, note: () => undefined };
    for (const [index, column] of columns.entries()) writeProperty(column, properties[index]!.take(), index, target);
    sink.reject(place, problem, { properties: row.properties });
  }

  /** Fills the geometry of the sink. @returns why it cannot be read */
  #readGeometry(value: unknown): FeatureProblem | undefined {
    const { geometry } = this.#sink;
    const { encoding } = this.#layout.geo;
    try {
      if (value === undefined || value === null) geometry.begin(GEOMETRY_TYPES.none);
      else if (encoding !== 'WKB') fillNative(geometry, value, encoding);
      else if (!(value instanceof Uint8Array)) throw geometryInvalid('it is no sequence of bytes');
      else this.#wkb.read(value, 0, value.length, geometry);
      return undefined;
    } catch (error) {
      return problemOf(error);
    }
  }
}

function writeProperty({ write }: PropertyColumn, value: unknown, field: number, target: ValueTarget): void {
  if (value === undefined || value === null) return;
  if (write !== undefined) write(value, field, target);
  else target.row.json(field, nestedJson(value));
}
