import type { Schema } from '../../../geo/features/column.ts';
import type { FeatureWriter, FeatureWriterSummary } from '../../../geo/features/feature-writer.ts';
import { GrowableBuffer } from '../../../geo/features/growable-buffer.ts';
import type { StoredFeature } from '../../../geo/features/stored-feature.ts';
import { GeoJsonFeatureEncoder } from '../../../geo/formats/geojson/encode-geojson-feature.ts';

const FIRST_BYTES = 8 * 1024;

/** A coordinate of 8 bytes may be one digit, so that a feature has this many times less as GeoJSON, at most. */
const MOST_SHRINKING = 4;

/** Texts of GeoJSON of the first features of a source, in its order. */
export interface WrittenPreview {
  features: string[];
  /** Features that would be among them and take too many bytes. */
  tooLarge: number;
}

/** Keeps the features with the lowest numbers as GeoJSON, in the CRS that they are in. */
export class PreviewWriter implements FeatureWriter {
  readonly isFull = false;
  readonly #encoder: GeoJsonFeatureEncoder;
  readonly #buffer = new GrowableBuffer(FIRST_BYTES);
  readonly #most: number;
  readonly #maxBytes: number;
  /** Ascending by number; undefined for a feature that is too large by itself. */
  #kept: { number: number; text: string | undefined }[] = [];
  #features = 0;

  /**
   * @param most features
   * @param maxBytes of all of them together
   */
  constructor(schema: Schema, most: number, maxBytes: number) {
    this.#encoder = new GeoJsonFeatureEncoder(schema.columns);
    this.#most = most;
    this.#maxBytes = maxBytes;
  }

  add(feature: StoredFeature): void {
    this.#features++;
    const { number } = feature;
    const last = this.#kept.at(-1);
    if (last !== undefined && this.#kept.length === this.#most && number > last.number) return;
    this.#kept.push({ number, text: this.#textOf(feature) });
    this.#kept = this.#kept.sort((a, b) => a.number - b.number).slice(0, this.#most);
  }

  async flush(): Promise<void> {}

  async finish(): Promise<FeatureWriterSummary> {
    return { bytes: this.#buffer.length, features: this.#features, notes: [] };
  }

  async abort(): Promise<void> {}

  get preview(): WrittenPreview {
    let left = this.#maxBytes;
    const features = this.#kept.flatMap(({ text }) => {
      const bytes = text === undefined ? Infinity : Buffer.byteLength(text);
      if (text === undefined || bytes > left) return [];
      left -= bytes;
      return [text];
    });
    return { features, tooLarge: this.#kept.length - features.length };
  }

  #textOf(feature: StoredFeature): string | undefined {
    const { geometry, properties, propertiesEnd } = feature;
    const start = geometry === undefined ? properties : Float64Array.BYTES_PER_ELEMENT * geometry.xy;
    if (propertiesEnd - start > MOST_SHRINKING * this.#maxBytes) return undefined;
    this.#buffer.length = 0;
    this.#encoder.encode(this.#buffer, feature);
    return this.#buffer.length > this.#maxBytes ? undefined : Buffer.from(this.#buffer.written).toString();
  }
}
