import type { RangeReader } from '../../../sources/range-reader.ts';
import type { FeaturePlace, FeatureProblem, FeatureSink } from '../../features/feature-sink.ts';
import { GEOMETRY_TYPES } from '../../features/geometry.ts';
import { problemOf } from '../feature-problem.ts';
import { PropertyRow } from '../property-row.ts';
import { WkbReader } from '../wkb/wkb-reader.ts';
import { readGeometryHeader } from './geometry-header.ts';
import type { TableDetail } from './layer-detail.ts';
import { RowWriter } from './row-writer.ts';
import { CellReader } from './sqlite/cell-reader.ts';
import { recordCorrupt } from './sqlite/errors.ts';
import type { Page } from './sqlite/page.ts';
import { Pager } from './sqlite/pager.ts';
import { RecordReader } from './sqlite/record.ts';
import { asInteger, type Integer } from './sqlite/varint.ts';
import { walkTable, type RowidRange } from './sqlite/walk-table.ts';

/** Bytes of a row that are kept when it cannot be read. */
const MAX_REJECTED_BYTES = 4096;

const TRAILING_BYTES: FeatureProblem = {
  code: 'wkb-trailing-bytes',
  reason: 'A geometry is followed by bytes that are not part of it.',
};

/**
 * Reads the rows of one block.
 * @throws LonghaulError `sqlite-…` (final) for pages that cannot be read; as `RangeReader.read`
 */
export async function readTableBlock(
  file: RangeReader,
  detail: TableDetail,
  block: number,
  sink: FeatureSink,
  signal: AbortSignal,
): Promise<void> {
  using pager = new Pager(file, detail.database, signal);
  const range = { after: cutAt(detail, block - 1), upTo: cutAt(detail, block) };
  const reader = new LeafReader(pager, detail, range, sink);
  await walkTable(pager, detail.root, range, async (leaf) => {
    signal.throwIfAborted();
    await reader.read(leaf);
  });
}

function cutAt({ cuts }: TableDetail, index: number): Integer | undefined {
  const digits = cuts[index];
  return digits === undefined ? undefined : asInteger(BigInt(digits));
}

/** Hands the rows of leaf pages to a sink. */
class LeafReader {
  readonly #pager: Pager;
  readonly #detail: TableDetail;
  readonly #range: RowidRange;
  readonly #sink: FeatureSink;
  readonly #cells: CellReader;
  readonly #record: RecordReader;
  readonly #rows: RowWriter;
  /** By number of the field. */
  readonly #names: ReadonlyMap<number, string>;
  readonly #wkb = new WkbReader();
  readonly #header = { srsId: 0, wkb: 0 };
  readonly #place: FeaturePlace & { number: number } = { offset: 0, number: 0 };
  #last: Integer | undefined;

  constructor(pager: Pager, detail: TableDetail, range: RowidRange, sink: FeatureSink) {
    this.#pager = pager;
    this.#detail = detail;
    this.#range = range;
    this.#last = range.after;
    this.#sink = sink;
    this.#cells = new CellReader(pager);
    this.#record = new RecordReader(detail.columns.length);
    // The column of geometries is no field: to name it to the sink would publish it as one without a value.
    const attributes = detail.columns.filter((_, number) => number !== detail.geometry);
    this.#names = new Map(attributes.map(({ name }) => [sink.field(name), name]));
    this.#rows = new RowWriter(sink, detail.columns, detail.geometry, detail.database.encoding);
  }

  async read(leaf: Page): Promise<void> {
    for (let index = 0; index < leaf.cells; index++) {
      try {
        const isThere = this.#cells.open(leaf, index);
        this.#place.offset = this.#pager.offsetOf(leaf, this.#cells.position);
        if (!isThere) await this.#cells.join(leaf);
      } catch (error) {
        this.#place.offset = this.#pager.offsetOf(leaf, this.#cells.position);
        this.#rejectBytes(error);
        continue;
      }
      this.#addRow();
    }
  }

  #addRow(): void {
    const { bytes, view, start, end, rowid } = this.#cells;
    try {
      this.#record.open(bytes, view, start, end);
      this.#checkOrder(rowid);
    } catch (error) {
      this.#rejectBytes(error);
      return;
    }
    try {
      this.#readGeometry();
      this.#rows.write(this.#sink, this.#record, rowid);
    } catch (error) {
      this.#reject(error);
      return;
    }
    this.#sink.add(this.#place);
    this.#place.number++;
  }

  /** A row that is out of its place belongs to no block, and would be lost if it were passed over. */
  #checkOrder(rowid: Integer): void {
    const { upTo } = this.#range;
    const isBehind = this.#last !== undefined && rowid <= this.#last;
    if (isBehind || (upTo !== undefined && rowid > upTo)) throw recordCorrupt(`its rowid ${rowid} is out of order`);
    this.#last = rowid;
  }

  #readGeometry(): void {
    const { geometry } = this.#sink;
    const record = this.#record;
    const column = this.#detail.geometry;
    if (column === undefined || column >= record.columns || record.typeOf(column) === 'null') {
      geometry.begin(GEOMETRY_TYPES.none);
      return;
    }
    const end = record.endOf(column);
    readGeometryHeader(record, record.startOf(column), end, this.#header);
    const wkbEnd = this.#wkb.read(record.bytes, this.#header.wkb, end, geometry);
    if (wkbEnd < end) this.#sink.note(TRAILING_BYTES);
    const { srsId } = this.#detail;
    if (srsId !== undefined && this.#header.srsId !== srsId) {
      const reason = `A geometry names another reference system than its layer, whose ${srsId} was taken.`;
      this.#sink.note({ code: 'geopackage-geometry-srs-differs', reason });
    }
  }

  #reject(error: unknown): void {
    const problem = problemOf(error);
    const row = new PropertyRow((field) => this.#names.get(field) ?? '');
    this.#rows.write({ row, note: () => {} }, this.#record, this.#cells.rowid);
    this.#sink.reject(this.#place, problem, { properties: row.take() });
    this.#place.number++;
  }

  #rejectBytes(error: unknown): void {
    const { bytes, start, end } = this.#cells;
    const kept = bytes.slice(start, Math.min(end, start + MAX_REJECTED_BYTES));
    this.#sink.reject(this.#place, problemOf(error), { bytes: kept });
    this.#place.number++;
  }
}
