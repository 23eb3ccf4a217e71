import type { FeatureSink } from '../../features/feature-sink.ts';
import { GEOMETRY_TYPES } from '../../features/geometry.ts';
import { recordTooLong } from '../text/errors.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { MAX_RECORD_BYTES } from '../text/limits.ts';
import { rejectedText } from '../text/rejected-text.ts';
import type { TextWindow } from '../text/text-window.ts';
import { isUtf8Range } from '../text/utf8.ts';
import { CoordinateCell } from './coordinate-cell.ts';
import type { GeometryColumns } from './find-columns.ts';
import { GeometryCell } from './geometry-cell.ts';
import { RowScanner, UNFINISHED, type Dialect } from './row-scanner.ts';
import { unquote } from './unquote.ts';

/** What the reader of rows must know of the table. */
export interface TableLayout {
  dialect: Dialect;
  names: readonly string[];
  geometry: GeometryColumns;
  /** EPSG code that the geometries of the layer name. */
  srid?: number;
}

const NOTES = {
  decimalComma: { code: 'csv-decimal-comma', reason: 'Coordinates are written with a comma for their point.' },
  emptyParts: {
    code: 'geometry-empty-part',
    reason: 'Parts of a multi geometry, or rings, that have no positions are left out.',
  },
  extraNumbers: {
    code: 'geojson-position-extra',
    reason: 'Numbers of a position behind the third are left out (RFC 7946, 3.1.1).',
  },
} as const;

/** Reads the rows of a block: a cell that is empty, in quotes or not, is null. */
export class RowReader {
  readonly #window: TextWindow;
  readonly #layout: TableLayout;
  readonly #sink: FeatureSink;
  readonly #scanner: RowScanner;
  readonly #geometryCell = new GeometryCell();
  readonly #coordinateCell = new CoordinateCell();
  /** Number of the sink's field by column; negative for those of the geometry. */
  readonly #fields: Int32Array;
  #scratch: Buffer<ArrayBuffer> = Buffer.alloc(1024);
  #hasDecimalComma = false;
  #at = 0;

  constructor(window: TextWindow, layout: TableLayout, sink: FeatureSink) {
    this.#window = window;
    this.#layout = layout;
    this.#sink = sink;
    this.#scanner = new RowScanner(layout.dialect);
    const ofGeometry = Object.values<number>(layout.geometry);
    this.#fields = Int32Array.from(layout.names, (name, index) => (ofGeometry.includes(index) ? -1 : sink.field(name)));
  }

  /** @throws LonghaulError `record-too-long` (final); as `RangeReader.read` */
  async read(): Promise<void> {
    let isLast = false;
    for (let number = 0; ;) {
      const window = this.#window;
      const end =
        this.#at < window.limit ? this.#scanner.scan(window.bytes, this.#at, window.limit, isLast) : UNFINISHED;
      if (end === UNFINISHED) {
        if (isLast) return;
        isLast = !(await this.#more());
        continue;
      }
      if (!this.#scanner.isBlank) this.#readRow(end, number++);
      this.#at = end;
    }
  }

  /** Fetches as much as is there of the row already, so that long ones are not scanned anew for each piece. */
  async #more(): Promise<boolean> {
    const window = this.#window;
    const kept = window.limit - this.#at;
    if (kept > MAX_RECORD_BYTES) throw recordTooLong('row', window.offsetOf(this.#at), MAX_RECORD_BYTES);
    let keep = this.#at;
    let hasMore = false;
    do {
      if (!(await window.more(keep))) break;
      hasMore = true;
      keep = 0;
    } while (window.limit < 2 * kept);
    if (hasMore) this.#at = 0;
    return hasMore;
  }

  #readRow(end: number, number: number): void {
    const { bytes } = this.#window;
    const place = { offset: this.#window.offsetOf(this.#at), number };
    try {
      this.#check(end);
      this.#readGeometry();
    } catch (error) {
      if (!(error instanceof FeatureDefect)) throw error;
      this.#sink.reject(place, error.problem, rejectedText(bytes, this.#at, this.#textEnd(end)));
      return;
    }
    this.#writeCells();
    if (this.#hasDecimalComma) this.#sink.note(NOTES.decimalComma);
    if (this.#geometryCell.hasEmptyParts) this.#sink.note(NOTES.emptyParts);
    if (this.#geometryCell.hasExtraNumbers) this.#sink.note(NOTES.extraNumbers);
    this.#sink.add(place);
  }

  #check(end: number): void {
    const { count, hasStray, isOpen } = this.#scanner;
    if (isOpen || hasStray) {
      const what = isOpen ? 'has no closing quote' : 'goes on behind its closing quote';
      throw new FeatureDefect('csv-quote-invalid', `A cell of the row ${what}.`);
    }
    const columns = this.#layout.names.length;
    if (count !== columns) {
      throw new FeatureDefect('csv-row-ragged', `The row has ${count} cells; the table has ${columns} columns.`);
    }
    if (!isUtf8Range(this.#window.bytes, this.#at, end)) {
      throw new FeatureDefect('text-not-utf8', 'A text is not valid UTF-8.');
    }
  }

  #readGeometry(): void {
    const { geometry } = this.#sink;
    const { geometry: columns, srid } = this.#layout;
    this.#hasDecimalComma = false;
    if ('geometry' in columns) {
      const { bytes, start, end } = this.#cell(columns.geometry);
      this.#geometryCell.read(bytes, start, end, geometry);
      const own = this.#geometryCell.srid;
      if (own !== undefined && own !== 0 && own !== srid) {
        throw new FeatureDefect(
          'csv-srid-differs',
          `The geometry has the SRID ${own}, and the layer ${srid ?? 'none'}.`,
        );
      }
      return;
    }
    const hasX = this.#readCoordinate(columns.x);
    const x = this.#coordinateCell.value;
    const hasY = this.#readCoordinate(columns.y);
    if (hasX !== hasY) throw new FeatureDefect('csv-coordinate-missing', 'Only one of the two coordinates is there.');
    geometry.begin(hasX ? GEOMETRY_TYPES.point : GEOMETRY_TYPES.none);
    if (hasX) geometry.addVertex(x, this.#coordinateCell.value);
  }

  #readCoordinate(column: number): boolean {
    const { bytes, start, end } = this.#cell(column);
    const isThere = this.#coordinateCell.read(bytes, start, end);
    this.#hasDecimalComma ||= isThere && this.#coordinateCell.hasDecimalComma;
    return isThere;
  }

  #writeCells(): void {
    const { row } = this.#sink;
    const { starts, ends, doubled } = this.#scanner;
    const { bytes } = this.#window;
    const fields = this.#fields;
    for (let column = 0; column < fields.length; column++) {
      const field = fields[column]!;
      const start = starts[column]!;
      const end = ends[column]!;
      if (field < 0 || start === end) continue;
      if (doubled[column] === 0) row.lexicalBytes(field, bytes, start, end);
      else row.lexicalBytes(field, this.#scratch, 0, this.#unquote(start, end));
    }
  }

  /** Where the text of a cell is, with single quotes. */
  #cell(column: number): { bytes: Buffer<ArrayBuffer>; start: number; end: number } {
    const start = this.#scanner.starts[column]!;
    const end = this.#scanner.ends[column]!;
    if (this.#scanner.doubled[column] === 0) return { bytes: this.#window.bytes, start, end };
    const length = this.#unquote(start, end);
    return { bytes: this.#scratch, start: 0, end: length };
  }

  #unquote(start: number, end: number): number {
    // One more for the zero byte that a parser of geometries needs.
    if (this.#scratch.length <= end - start) this.#scratch = Buffer.alloc(2 * (end - start) + 1);
    return unquote(this.#window.bytes, start, end, this.#scratch);
  }

  /** The end of a row without its line break. */
  #textEnd(end: number): number {
    const { bytes } = this.#window;
    let last = end;
    while (last > this.#at && (bytes[last - 1] === 0x0a || bytes[last - 1] === 0x0d)) last -= 1;
    return last;
  }
}
