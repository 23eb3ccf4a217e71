import { featureBlockCorrupt } from '../../features/errors.ts';
import type { FeatureWriter, FeatureWriterOptions, FeatureWriterSummary } from '../../features/feature-writer.ts';
import { GrowableBuffer } from '../../features/growable-buffer.ts';
import type { GeometryStatistics } from '../../features/geometry-statistics.ts';
import type { StoredFeature } from '../../features/stored-feature.ts';
import { PositionUploader } from '../../upload/position-uploader.ts';
import { SHARED_PART_LIMITS, type PartSink } from '../../upload/part-sink.ts';
import { encodeHeader } from './encode-header.ts';
import { FeatureEncoder } from './encode-feature.ts';
import { INDEX_NODE_SIZE, indexBytes, PackedIndex } from './packed-index.ts';

const KIB = 1024;
const FIRST_BYTES = 64 * KIB;
/** What is sent on at once; the buffer is longer by the feature that passes it. */
const FULL_BYTES = 768 * KIB;

/**
 * Writes FlatGeobuf 3.0 with a packed Hilbert R-tree, in one pass: header and index stand before the features and have a known
 * size, so that index and features grow beside each other. Of an index it holds one open node for each level. Without features
 * there is no index. A feature without geometry, or with an empty one, has a leaf in the index that meets no rectangle.
 */
export function createFlatGeobufWriter(options: FeatureWriterOptions): FeatureWriter {
  return new FlatGeobufWriter(options);
}

class FlatGeobufWriter implements FeatureWriter {
  readonly #sink: PartSink;
  readonly #uploader: PositionUploader;
  readonly #header: Uint8Array;
  readonly #features: number;
  readonly #index: PackedIndex | undefined;
  readonly #featuresStart: number;
  readonly #encoder: FeatureEncoder;
  readonly #buffer = new GrowableBuffer(FIRST_BYTES);
  /** Features that were taken, and bytes of those that were sent on. */
  #count = 0;
  #sentBytes = 0;

  constructor({ sink, name, title, crs, merged, schema, signal }: FeatureWriterOptions) {
    const { features, geometry } = merged;
    const { hasZ, hasM } = geometry;
    this.#sink = sink;
    this.#features = features;
    this.#header = encodeHeader({
      name,
      ...(title === undefined ? {} : { title }),
      crs,
      columns: schema.columns,
      geometryType: onlyType(geometry),
      hasZ,
      hasM,
      ...(geometry.hasExtent ? { extent: geometry.extent } : {}),
      features,
      indexNodeSize: features === 0 ? 0 : INDEX_NODE_SIZE,
    });
    this.#index = features === 0 ? undefined : new PackedIndex(features);
    this.#featuresStart = this.#header.length + indexBytes(features);
    this.#encoder = new FeatureEncoder(schema.columns, { hasZ, hasM });
    this.#uploader = new PositionUploader(sink, this.#featuresStart + merged.bytes, signal, SHARED_PART_LIMITS);
  }

  get isFull(): boolean {
    return this.#buffer.length >= FULL_BYTES;
  }

  add(feature: StoredFeature): void {
    const offset = this.#sentBytes + this.#buffer.length;
    this.#encoder.encode(this.#buffer, feature);
    if (++this.#count > this.#features) throw wrongCount(this.#features);
    this.#index!.add(feature.minX, feature.minY, feature.maxX, feature.maxY, offset);
  }

  async flush(): Promise<void> {
    const { written } = this.#buffer;
    await this.#uploader.write(this.#featuresStart + this.#sentBytes, written);
    this.#sentBytes += written.length;
    this.#buffer.length = 0;
    await this.#index?.take((position, bytes) => this.#uploader.write(this.#header.length + position, bytes));
  }

  async finish(): Promise<FeatureWriterSummary> {
    if (this.#count !== this.#features) throw wrongCount(this.#features);
    this.#index?.close();
    await this.#uploader.write(0, this.#header);
    await this.flush();
    const bytes = this.#featuresStart + this.#sentBytes;
    await this.#uploader.finish(bytes);
    return { bytes, features: this.#count, notes: [] };
  }

  async abort(): Promise<void> {
    await this.#uploader.settle();
    await this.#sink.abort();
  }
}

function wrongCount(features: number): Error {
  return featureBlockCorrupt(`other features came than the ${features} that were told of`);
}

/** Code of the type of all geometries; 0 (unknown) when there are several or none. */
function onlyType({ types }: GeometryStatistics): number {
  const present = [...types.keys()].filter((code) => code > 0 && types[code]! > 0);
  return present.length === 1 ? present[0]! : 0;
}
