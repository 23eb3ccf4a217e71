import type { FeatureSource } from '../../features/feature-format.ts';
import type { FeaturePlace, FeatureSink, RejectedSource } from '../../features/feature-sink.ts';
import { GEOMETRY_TYPES } from '../../features/geometry.ts';
import { problemOf } from '../feature-problem.ts';
import { PropertyRow } from '../property-row.ts';
import { MAX_READ_BYTES, type ReadAhead, type Run } from '../read-ahead.ts';
import { DbfRowWriter } from './dbf-row-writer.ts';
import { recordOutOfStep, recordTooLarge, recordTruncated, shapeMissing } from './errors.ts';
import { openReadAhead } from './inspect-shapefile.ts';
import { isShapeType, SHAPE } from './main-header.ts';
import { loadEntries, readEntry, type IndexEntry } from './read-index.ts';
import { RECORD_HEAD_BYTES } from './record-head.ts';
import type { ShapeBytes } from './read-vertices.ts';
import { ShapeReader } from './shape-reader.ts';
import type { ShapefileDetail } from './shapefile-detail.ts';
import { isSound, MIN_RECORD_BYTES } from './walk-records.ts';

const MIB = 1024 * 1024;

/** Bytes of one record: a geometry of four million vertices. */
export const MAX_RECORD_BYTES = 64 * MIB;

/** Records between two looks at the index. */
const ENTRIES = 4096;

/** Few: V8 would compile a long loop while it runs, and again when it ends. */
const RECORDS_AT_ONCE = 64;

/** Bytes of a record that are kept when it cannot be read and has no row. */
const MAX_REJECTED_BYTES = 4096;

/**
 * Reads the records of one block, or its rows that no record belongs to.
 * @throws LonghaulError `shapefile-truncated` (final); as `RangeReader.read`
 */
export async function readShapefileBlock(
  source: FeatureSource,
  detail: ShapefileDetail,
  block: number,
  sink: FeatureSink,
  signal: AbortSignal,
): Promise<void> {
  const start = detail.cuts[block];
  const end = detail.cuts[block + 1];
  const tableFile = source.companions?.get('dbf');
  const { table } = detail;
  const records = (end?.record ?? 0) - (start?.record ?? 0);
  using rows = tableFile && openReadAhead(tableFile, 'dbf', signal, ahead(records * (table?.rowBytes ?? 0)));
  if (start !== undefined && end !== undefined) {
    using main = openReadAhead(source.file, 'shp', signal, ahead(end.offset - start.offset));
    const indexFile = detail.isIndexed ? source.companions?.get('shx') : undefined;
    using index = indexFile && openReadAhead(indexFile, 'shx', signal);
    const reader = new BlockReader(main, index, rows, detail, sink);
    await reader.readRecords(start.record, end.record, start.offset, signal);
  } else if (rows !== undefined) {
    using main = openReadAhead(source.file, 'shp', signal);
    const reader = new BlockReader(main, undefined, rows, detail, sink);
    const first = block - Math.max(0, detail.cuts.length - 1);
    await reader.rejectRows(detail.rowCuts[first] ?? 0, detail.rowCuts[first + 1] ?? 0, signal);
  }
}

/** A block is read from end to end: at once, if it is small. */
const ahead = (bytes: number): number => Math.max(1, Math.min(bytes, MAX_READ_BYTES));

class BlockReader {
  readonly #main: ReadAhead;
  readonly #index: ReadAhead | undefined;
  readonly #rows: ReadAhead | undefined;
  readonly #detail: ShapefileDetail;
  readonly #sink: FeatureSink;
  readonly #shapes: ShapeReader;
  readonly #writer: DbfRowWriter;
  /** By number of the field. */
  readonly #names: ReadonlyMap<number, string>;
  readonly #entry: IndexEntry = { offset: 0, length: 0 };
  readonly #shape: ShapeBytes = { bytes: new Uint8Array(0), view: new DataView(new ArrayBuffer(0)), start: 0, end: 0 };
  readonly #place: FeaturePlace & { number: number } = { offset: 0, number: 0 };
  #entries: Run | undefined;
  /** Offset of the record that comes next, where there is no index. */
  #next = 0;
  /** Offset in the file of the bytes in `#shape`. */
  #shapeOffset = 0;
  /** What is to be loaded before a record can be read. */
  readonly #missing: { file: ReadAhead | undefined; offset: number; bytes: number } = {
    file: undefined,
    offset: 0,
    bytes: 0,
  };

  constructor(
    main: ReadAhead,
    index: ReadAhead | undefined,
    rows: ReadAhead | undefined,
    detail: ShapefileDetail,
    sink: FeatureSink,
  ) {
    this.#main = main;
    this.#index = index;
    this.#rows = rows;
    this.#detail = detail;
    this.#sink = sink;
    this.#shapes = new ShapeReader((problem) => sink.note(problem));
    const fields = detail.table?.fields ?? [];
    this.#writer = new DbfRowWriter(sink, fields, detail.encoding);
    this.#names = new Map(fields.filter(({ kind }) => kind !== 'unread').map(({ name }) => [sink.field(name), name]));
  }

  async readRecords(first: number, end: number, offset: number, signal: AbortSignal): Promise<void> {
    this.#next = offset;
    for (let start = first; start < end; start += ENTRIES) {
      signal.throwIfAborted();
      const stop = Math.min(start + ENTRIES, end);
      this.#entries = this.#index && (await loadEntries(this.#index, start, stop - start));
      for (let number = start; number < stop;) {
        number = this.#readSome(number, Math.min(number + RECORDS_AT_ONCE, stop));
        const { file, offset: missing, bytes } = this.#missing;
        this.#missing.file = undefined;
        if (file !== undefined) await file.load(missing, bytes);
      }
    }
  }

  /**
   * Reads records until something is `#missing`: most lie there already, and are not waited for.
   * @returns the number of the first one that was not read
   */
  #readSome(first: number, end: number): number {
    for (let number = first; number < end; number++) if (!this.#readRecord(number)) return number;
    return end;
  }

  /** @returns false when something is `#missing` */
  #readRecord(number: number): boolean {
    this.#place.number = number;
    this.#place.offset = this.#next;
    const hasRow = this.#hasRow(number);
    const row = hasRow ? this.#find(this.#rows!, this.#rowOffset(number), this.#detail.table!.rowBytes) : undefined;
    if (hasRow && row === undefined) return false;
    const rowStart = row === undefined ? 0 : this.#rowOffset(number) - row.start;
    try {
      const behind = this.#readShape(number, this.#next);
      if (behind === undefined) return false;
      this.#next = behind;
    } catch (error) {
      this.#sink.reject(this.#place, problemOf(error), this.#rejected(row, rowStart));
      this.#next = this.#shape.end + this.#shapeOffset;
      return true;
    }
    this.#addRow(row, rowStart);
    return true;
  }

  /** Puts rows aside that have no record. */
  async rejectRows(first: number, end: number, signal: AbortSignal): Promise<void> {
    const { size } = this.#main;
    for (let number = first; number < end; number++) {
      if ((number - first) % ENTRIES === 0) signal.throwIfAborted();
      if (!this.#hasRow(number)) return;
      const { rowBytes } = this.#detail.table!;
      const offset = this.#rowOffset(number);
      const row = this.#rows!.find(offset, rowBytes) ?? (await this.#rows!.load(offset, rowBytes));
      const start = offset - row.start;
      this.#place.number = number;
      this.#place.offset = size;
      if (this.#writer.isDeleted(row, start)) this.#noteDeleted();
      else this.#sink.reject(this.#place, problemOf(shapeMissing()), this.#rejected(row, start));
    }
  }

  /**
   * Reads the shape of a record into the geometry of the sink.
   * @param next offset of the record, where there is no index
   * @returns offset of the one after it; undefined when something is `#missing`
   */
  #readShape(number: number, next: number): number | undefined {
    const { geometry } = this.#sink;
    const shape = this.#shape;
    // What follows a record that cannot be told is not found without an index.
    this.#shapeOffset = 0;
    shape.start = shape.end = this.#main.size;
    let length = -1;
    let offset = next;
    if (this.#entries !== undefined) {
      readEntry(this.#entries, number, this.#entry);
      ({ offset, length } = this.#entry);
      this.#place.offset = offset;
      if (length === 0) {
        geometry.begin(GEOMETRY_TYPES.none);
        return next;
      }
    }
    const left = this.#main.size - offset;
    if (left < MIN_RECORD_BYTES) throw recordTruncated(MIN_RECORD_BYTES, left);
    const head = this.#find(this.#main, offset, MIN_RECORD_BYTES);
    if (head === undefined) return undefined;
    const stated = head.view.getInt32(offset - head.start + 4) * 2;
    this.#checkLength(number, stated, length, head, offset);
    const bytes = RECORD_HEAD_BYTES + stated;
    shape.end = offset + bytes;
    if (bytes > MAX_RECORD_BYTES) throw recordTooLarge(bytes, MAX_RECORD_BYTES);
    const run = this.#find(this.#main, offset, bytes);
    if (run === undefined) return undefined;
    this.#shapeOffset = run.start;
    shape.bytes = run.bytes;
    shape.view = run.view;
    shape.start = offset - run.start + MIN_RECORD_BYTES;
    shape.end = offset - run.start + bytes;
    const type = run.view.getInt32(shape.start - 4, true);
    if (type !== this.#detail.shapeType && type !== SHAPE.null && isShapeType(type)) this.#noteType(type);
    this.#shapes.read(type, shape, geometry);
    return offset + bytes;
  }

  #find(file: ReadAhead, offset: number, bytes: number): Run | undefined {
    const run = file.find(offset, bytes);
    if (run === undefined) {
      this.#missing.file = file;
      this.#missing.offset = offset;
      this.#missing.bytes = bytes;
    }
    return run;
  }

  /** @param expected length by the index; negative where there is none */
  #checkLength(number: number, stated: number, expected: number, head: Run, offset: number): void {
    if (expected >= 0) {
      if (stated === expected) return;
      throw recordOutOfStep(`.shx gives it ${expected} bytes, and .shp ${stated}`);
    }
    const at = offset - head.start;
    const type = head.view.getInt32(at + MIN_RECORD_BYTES - 4, true);
    if (!isSound({ number: head.view.getInt32(at), length: stated, type }, number + 1)) {
      throw recordOutOfStep(`at byte ${offset} there is none, and what follows is lost`);
    }
    const left = this.#main.size - offset;
    if (RECORD_HEAD_BYTES + stated > left) throw recordTruncated(RECORD_HEAD_BYTES + stated, left);
  }

  #addRow(row: Run | undefined, start: number): void {
    if (row === undefined) {
      if (this.#detail.table !== undefined) this.#noteRowMissing();
    } else if (this.#writer.isDeleted(row, start)) {
      this.#noteDeleted();
      return;
    } else {
      this.#writer.write(this.#sink, row, start);
    }
    this.#sink.add(this.#place);
  }

  #rowOffset(number: number): number {
    const { start, rowBytes } = this.#detail.table!;
    return start + number * rowBytes;
  }

  #hasRow(number: number): boolean {
    const { table } = this.#detail;
    return this.#rows !== undefined && table !== undefined && number < table.rows;
  }

  /** The row of a record that cannot be read; without one the bytes of the record. */
  #rejected(row: Run | undefined, start: number): RejectedSource {
    if (row === undefined) {
      const { bytes, start: from, end } = this.#shape;
      return { bytes: bytes.slice(from, Math.min(end, from + MAX_REJECTED_BYTES)) };
    }
    const properties = new PropertyRow((field) => this.#names.get(field) ?? '');
    this.#writer.write({ row: properties, note: () => {} }, row, start);
    return { properties: properties.take() };
  }

  #noteDeleted(): void {
    this.#sink.note({ code: 'shapefile-row-deleted', reason: 'A row is marked as deleted; its feature was left out.' });
  }

  #noteRowMissing(): void {
    this.#sink.note({
      code: 'shapefile-row-missing',
      reason: 'A record has no row in the .dbf: it has no properties.',
    });
  }

  #noteType(type: number): void {
    const reason = `A record has a shape of type ${type}, and the file says ${this.#detail.shapeType} of all.`;
    this.#sink.note({ code: 'shapefile-type-differs', reason });
  }
}
