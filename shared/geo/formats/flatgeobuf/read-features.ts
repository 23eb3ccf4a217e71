import type { FeaturePlace, FeatureSink, RejectedSource } from '../../features/feature-sink.ts';
import { GEOMETRY_TYPES } from '../../features/geometry.ts';
import { FeatureError } from '../feature-error.ts';
import { problemOf } from '../feature-problem.ts';
import { RecordedRow } from '../recorded-row.ts';
import { featureCorrupt } from './read-errors.ts';
import { GeometryDecoder } from './read-geometry.ts';
import { MAX_COLUMNS, readColumns, type FlatGeobufColumn } from './read-header.ts';
import { PropertyDecoder, type PropertyTarget } from './read-properties.ts';
import { TableReader } from './read-tables.ts';

/** Fields of a feature by number (FlatGeobuf, feature.fbs). */
const FIELD = { geometry: 0, properties: 1, columns: 2 } as const;

/** Bytes of a rejected feature that are shown where its properties cannot be read. */
const MAX_SHOWN_BYTES = 64 * 1024;

/** Columns with what their properties are read by. */
interface Layout {
  names: string[];
  decoder: PropertyDecoder;
  target: PropertyTarget;
}

/** Reads features of one layer out of their bytes. */
export class FeatureDecoder {
  readonly #sink: FeatureSink;
  readonly #geometryType: number;
  readonly #reader = new TableReader(featureCorrupt);
  readonly #geometry = new GeometryDecoder(this.#reader);
  readonly #layout: Layout;

  constructor(sink: FeatureSink, geometryType: number, columns: readonly FlatGeobufColumn[]) {
    this.#sink = sink;
    this.#geometryType = geometryType;
    this.#layout = this.#layoutOf(columns);
  }

  /** Reads the feature from `start` to before `end`, and adds or rejects it. */
  read(bytes: Uint8Array, start: number, end: number, place: FeaturePlace): void {
    try {
      this.#decode(bytes, start, end);
    } catch (error) {
      this.#sink.reject(place, problemOf(error), this.#rejected(bytes, start, end));
      return;
    }
    this.#sink.add(place);
  }

  #decode(bytes: Uint8Array, start: number, end: number): void {
    const reader = this.#reader;
    const { geometry } = this.#sink;
    const feature = reader.open(bytes, start, end);
    const table = reader.table(feature, FIELD.geometry);
    if (table === 0) geometry.begin(GEOMETRY_TYPES.none);
    else this.#geometry.read(table, this.#geometryType, end - start, geometry);
    const layout = this.#layoutOfFeature(feature);
    const properties = reader.vector(feature, FIELD.properties, 1);
    if (properties === 0) return;
    const first = properties + 4;
    layout.decoder.read(bytes, reader.view, first, first + reader.length(properties), layout.target);
  }

  /** A feature may bring columns of its own, which then hold in place of the layer's. */
  #layoutOfFeature(feature: number): Layout {
    const columns = this.#reader.vector(feature, FIELD.columns, 4);
    const count = this.#reader.length(columns);
    if (count === 0) return this.#layout;
    if (count > MAX_COLUMNS) throw featureCorrupt(`it has ${count} columns of its own, more than ${MAX_COLUMNS}`);
    return this.#layoutOf(readColumns(this.#reader, columns).columns);
  }

  #layoutOf(columns: readonly FlatGeobufColumn[]): Layout {
    const names = columns.map(({ name }) => name);
    return {
      names,
      decoder: new PropertyDecoder(columns),
      target: {
        row: this.#sink.row,
        fields: names.map((name) => this.#sink.field(name)),
        note: (problem) => this.#sink.note(problem),
      },
    };
  }

  /** The properties of a feature whose geometry cannot be read; its bytes where they cannot be either. */
  #rejected(bytes: Uint8Array, start: number, end: number): RejectedSource {
    try {
      const reader = this.#reader;
      const feature = reader.open(bytes, start, end);
      const { names, decoder } = this.#layoutOfFeature(feature);
      const row = new RecordedRow(names);
      const target = { row, fields: names.map((_, index) => index), note: () => undefined };
      const properties = reader.vector(feature, FIELD.properties, 1);
      const first = properties + 4;
      if (properties !== 0) decoder.read(bytes, reader.view, first, first + reader.length(properties), target);
      return { properties: row.properties };
    } catch (error) {
      if (!(error instanceof FeatureError)) throw error;
      return { bytes: bytes.slice(start, Math.min(end, start + MAX_SHOWN_BYTES)) };
    }
  }
}
