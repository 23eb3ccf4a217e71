import { constants, zstdCompressSync } from 'node:zlib';
import type { SchemaElement } from 'hyparquet';
import { ParquetWriter } from 'hyparquet-writer';
import type { Note } from '../../features/block-summary.ts';
import { featureBlockCorrupt } from '../../features/errors.ts';
import type { FeatureWriter, FeatureWriterOptions, FeatureWriterSummary } from '../../features/feature-writer.ts';
import { GrowableBuffer } from '../../features/growable-buffer.ts';
import { PropertyReader } from '../../features/property-reader.ts';
import type { StoredFeature } from '../../features/stored-feature.ts';
import { SHARED_PART_LIMITS, type PartSink } from '../../upload/part-sink.ts';
import { PositionUploader } from '../../upload/position-uploader.ts';
import { encodeWkb } from './encode-wkb.ts';
import { BBOX_COLUMN, GEOMETRY_COLUMN, geoMetadata } from './geo-metadata.ts';
import { parquetColumn, type ParquetColumn } from './parquet-column.ts';
import { PartByteWriter } from './part-byte-writer.ts';
import { settleBounds } from './settle-bounds.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const FIRST_BYTES = 64 * KIB;
/** Rows of a row group, at most: few enough for a bbox to leave most groups out. */
const ROW_GROUP_ROWS = 32_768;
/** Geometries and texts of a row group, at most, beside the feature that passes it. */
const ROW_GROUP_BYTES = 24 * MIB;
/** As Arrow has it by default; level 3 takes a sixth less room and an eighth more time of the whole. */
const COMPRESSION_LEVEL = 1;
/** ZSTD leaves about so much of what features take in blocks. */
const EXPECTED_SHARE = 0.7;

/** A row of the column that covers the geometries. */
interface Box {
  xmin: number;
  ymin: number;
  xmax: number;
  ymax: number;
}

/**
 * Writes GeoParquet 1.1: row groups in Hilbert order, of which one is held, geometries in WKB with a covering `bbox`, compressed
 * with ZSTD. Integers of 64 bits, dates and times are exact, the offset of a time to UTC is not kept.
 * @throws LonghaulError `geoparquet-needs-projjson` (final)
 */
export function createGeoParquetWriter(options: FeatureWriterOptions): FeatureWriter {
  return new GeoParquetWriter(options);
}

class GeoParquetWriter implements FeatureWriter {
  readonly #sink: PartSink;
  readonly #uploader: PositionUploader;
  readonly #bytes: PartByteWriter;
  readonly #parquet: ParquetWriter;
  readonly #columns: ParquetColumn[];
  readonly #notes: Note[];
  readonly #reader: PropertyReader;
  readonly #wkb = new GrowableBuffer(FIRST_BYTES);
  /** End of the geometry of each row; a row without one has a negative number. */
  #wkbEnds: number[] = [];
  #boxes: (Box | undefined)[] = [];
  readonly #mayLackGeometry: boolean;
  readonly #mayLackBox: boolean;
  #rows = 0;
  #features = 0;

  constructor({ sink, crs, merged, schema, signal }: FeatureWriterOptions) {
    this.#sink = sink;
    this.#reader = new PropertyReader(schema.columns.map(({ type }) => type));
    this.#columns = schema.columns.map((column, index) => parquetColumn(column, merged.fields[index]!.statistics));
    const asText = schema.columns.filter(
      ({ type }, index) => type === 'date-time' && this.#columns[index]!.element.type === 'BYTE_ARRAY',
    );
    this.#notes = asText.map(({ name }) => ({
      code: 'date-time-as-text',
      reason: `The times of «${name}» are too far apart for nanoseconds in Parquet; they are texts.`,
      count: merged.features,
    }));
    const { geometry, features } = merged;
    this.#mayLackGeometry = geometry.types[0]! > 0;
    this.#mayLackBox = this.#mayLackGeometry || geometry.empty > 0 || features === 0;
    this.#uploader = new PositionUploader(sink, merged.bytes * EXPECTED_SHARE, signal, SHARED_PART_LIMITS);
    this.#bytes = new PartByteWriter(this.#uploader);
    this.#parquet = new ParquetWriter({
      writer: this.#bytes,
      schema: [
        { name: 'schema', num_children: this.#columns.length + 2 },
        ...this.#columns.map(({ element }) => element),
        { name: GEOMETRY_COLUMN, type: 'BYTE_ARRAY', repetition_type: this.#mayLackGeometry ? 'OPTIONAL' : 'REQUIRED' },
        ...boxElements(this.#mayLackBox),
      ],
      codec: 'ZSTD',
      compressors: { ZSTD: compress },
      kvMetadata: [{ key: 'geo', value: geoMetadata(geometry, crs) }],
      createdBy: 'Longhaul',
    });
  }

  get isFull(): boolean {
    if (this.#rows >= ROW_GROUP_ROWS) return true;
    let bytes = this.#wkb.length;
    for (const column of this.#columns) bytes += column.bytes;
    return bytes >= ROW_GROUP_BYTES;
  }

  add(feature: StoredFeature): void {
    const { minX, minY, maxX, maxY, geometry } = feature;
    const hasBox = minX <= maxX && minY <= maxY;
    if ((geometry === undefined && !this.#mayLackGeometry) || (!hasBox && !this.#mayLackBox)) {
      throw featureBlockCorrupt('a feature lacks a geometry that each is told to have');
    }
    const row = this.#rows++;
    this.#features++;
    const reader = this.#reader;
    reader.begin(feature);
    while (reader.next()) this.#columns[reader.column]!.set(row, reader, feature);
    if (geometry === undefined) {
      this.#wkbEnds.push(-1);
    } else {
      encodeWkb(this.#wkb, geometry);
      this.#wkbEnds.push(this.#wkb.length);
    }
    this.#boxes.push(hasBox ? { xmin: minX, ymin: minY, xmax: maxX, ymax: maxY } : undefined);
  }

  async flush(): Promise<void> {
    const rows = this.#rows;
    if (rows === 0) return;
    this.#rows = 0;
    const columnData = this.#columns.map((column) => ({
      name: column.element.name,
      data: column.take(rows),
      statistics: column.hasStatistics,
    }));
    const boxes = this.#boxes;
    this.#boxes = [];
    await this.#parquet.write({
      columnData: [
        ...columnData,
        { name: GEOMETRY_COLUMN, data: this.#takeGeometries(), encoding: 'PLAIN', statistics: false },
        { name: BBOX_COLUMN, data: boxes },
      ],
      rowGroupSize: rows,
    });
    const { columns } = this.#parquet.row_groups.at(-1)!;
    for (const [index, { element }] of this.#columns.entries()) settleBounds(columns[index]!, element);
  }

  async finish(): Promise<FeatureWriterSummary> {
    await this.flush();
    await this.#parquet.finish();
    await this.#bytes.flush();
    await this.#uploader.finish(this.#bytes.offset);
    return { bytes: this.#bytes.offset, features: this.#features, notes: this.#notes };
  }

  async abort(): Promise<void> {
    await this.#uploader.settle();
    await this.#sink.abort();
  }

  #takeGeometries(): (Uint8Array | undefined)[] {
    const { written } = this.#wkb;
    let start = 0;
    const geometries = this.#wkbEnds.map((end) => {
      if (end < 0) return undefined;
      const wkb = written.subarray(start, end);
      start = end;
      return wkb;
    });
    this.#wkbEnds = [];
    // The views are used up before the next geometry is written: a row group is encoded at once.
    this.#wkb.length = 0;
    return geometries;
  }
}

function boxElements(isOptional: boolean): SchemaElement[] {
  const corners = ['xmin', 'ymin', 'xmax', 'ymax'];
  return [
    { name: BBOX_COLUMN, num_children: corners.length, repetition_type: isOptional ? 'OPTIONAL' : 'REQUIRED' },
    ...corners.map((name): SchemaElement => ({ name, type: 'DOUBLE', repetition_type: 'REQUIRED' })),
  ];
}

function compress(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL } });
}
