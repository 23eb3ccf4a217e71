import { gzip as gzipWithCallback } from 'node:zlib';
import { promisify } from 'node:util';
import type { Note } from '../../features/block-summary.ts';
import type { FeatureWriter, FeatureWriterOptions, FeatureWriterSummary } from '../../features/feature-writer.ts';
import { GrowableBuffer } from '../../features/growable-buffer.ts';
import { isCrs84 } from '../../features/output-crs.ts';
import type { StoredFeature } from '../../features/stored-feature.ts';
import { SHARED_PART_LIMITS, type PartSink } from '../../upload/part-sink.ts';
import { PositionUploader } from '../../upload/position-uploader.ts';
import { GeoJsonFeatureEncoder } from './encode-geojson-feature.ts';
import { geoJsonNeedsCrs84 } from './errors.ts';

const KIB = 1024;
const FIRST_BYTES = 64 * KIB;
/** Text of a gzip member, which is longer by the feature that passes it. */
const MEMBER_BYTES = 768 * KIB;
/** Position of the operating system in a gzip header (RFC 1952, 2.3), and its value for an unknown one. */
const OPERATING_SYSTEM = 9;
const UNKNOWN_SYSTEM = 255;
/** Digits of coordinates hardly repeat: higher levels take nearly twice the time for half a hundredth. */
const COMPRESSION_LEVEL = 4;
/** GeoJSON in gzip takes about so much of what its features take in blocks. */
const EXPECTED_SHARE = 0.5;

const gzip = promisify(gzipWithCallback);

/**
 * Writes GeoJSON text sequences as they are read nearly everywhere: a feature a line, without the record separators of RFC
 * 8142. Compressed as gzip members of bounded length one behind the other, which is one gzip file (RFC 1952, 2.2).
 * @throws LonghaulError `geojson-needs-crs84` (final)
 */
export function createGeoJsonSeqWriter(options: FeatureWriterOptions): FeatureWriter {
  return new GeoJsonSeqWriter(options);
}

class GeoJsonSeqWriter implements FeatureWriter {
  readonly #sink: PartSink;
  readonly #uploader: PositionUploader;
  readonly #encoder: GeoJsonFeatureEncoder;
  readonly #buffer = new GrowableBuffer(FIRST_BYTES);
  #features = 0;
  #bytes = 0;

  constructor({ sink, crs, merged, schema, signal }: FeatureWriterOptions) {
    if (!isCrs84(crs)) throw geoJsonNeedsCrs84(`${crs.authority}:${crs.code}`);
    this.#sink = sink;
    this.#encoder = new GeoJsonFeatureEncoder(schema.columns);
    this.#uploader = new PositionUploader(sink, merged.bytes * EXPECTED_SHARE, signal, SHARED_PART_LIMITS);
  }

  get isFull(): boolean {
    return this.#buffer.length >= MEMBER_BYTES;
  }

  add(feature: StoredFeature): void {
    this.#encoder.encode(this.#buffer, feature);
    this.#features++;
  }

  async flush(): Promise<void> {
    const member = await gzip(this.#buffer.written, { level: COMPRESSION_LEVEL });
    member[OPERATING_SYSTEM] = UNKNOWN_SYSTEM;
    this.#buffer.length = 0;
    await this.#uploader.write(this.#bytes, member);
    this.#bytes += member.length;
  }

  async finish(): Promise<FeatureWriterSummary> {
    // A file without features is one empty member: no bytes at all are no gzip.
    if (this.#buffer.length > 0 || this.#bytes === 0) await this.flush();
    await this.#uploader.finish(this.#bytes);
    return { bytes: this.#bytes, features: this.#features, notes: this.#notes() };
  }

  async abort(): Promise<void> {
    await this.#uploader.settle();
    await this.#sink.abort();
  }

  #notes(): Note[] {
    const { measures, nonFinite } = this.#encoder.leftOut;
    const notes: Note[] = [
      { code: 'measures-left-out', reason: 'GeoJSON has no place for m.', count: measures },
      { code: 'number-not-finite', reason: 'GeoJSON has no NaN and no infinity: they are null.', count: nonFinite },
    ];
    return notes.filter(({ count }) => count > 0);
  }
}
