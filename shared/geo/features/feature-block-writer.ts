import { crc32 } from 'node:zlib';
import { blockBytes, encodePreamble, PREAMBLE_BYTES, recordsStart, type Preamble } from './block-layout.ts';
import { encodeSummary, type BlockSummary, type Note } from './block-summary.ts';
import { encodedGeometryBytes, encodeGeometry } from './encode-geometry.ts';
import { featureBlockTooLarge, tooManyFields } from './errors.ts';
import type { FeaturePlace, FeatureProblem, FeatureSink, RejectedSource } from './feature-sink.ts';
import { FieldStatistics } from './field-statistics.ts';
import { Geometry, GEOMETRY_TYPES } from './geometry.ts';
import { roundUp8 } from './geometry-layout.ts';
import { GeometrySpan } from './geometry-span.ts';
import { GeometryStatistics } from './geometry-statistics.ts';
import { HilbertKeys, LAST_HILBERT_KEY, type KeyDomain } from './hilbert-keys.ts';
import { MAX_BLOCK_BYTES, MAX_FEATURE_BYTES, MAX_FIELDS, MAX_NOTE_CODES, MAX_SUMMARY_BYTES } from './limits.ts';
import { PropertyRow } from './property-row.ts';
import { FIXED_VALUE_BYTES, PROPERTY_HEAD_BYTES } from './property-tags.ts';
import { EXTENT_BYTES, HAS_EXTENT, RECORD_HEAD_BYTES } from './record-layout.ts';
import { RecordPages } from './record-pages.ts';
import { rejectLine } from './reject-lines.ts';
import { rowProperties } from './row-properties.ts';
import { sortByKey } from './sort-by-key.ts';

const MAX_REASON = 1000;
const NOTES = {
  repeated: { code: 'property-repeated', reason: 'A feature has a property several times; the last one is kept.' },
  misdated: { code: 'date-not-valid', reason: 'A date or time is not one of ISO 8601; it is kept as text.' },
  /** Notes whose code is one too many are counted under this one. */
  other: { code: 'other', reason: 'Further kinds of notes.' },
} as const satisfies Record<string, FeatureProblem>;

/**
 * Collects the features of one block of a source, as they stand in `geometry` and `row`, and makes one run of bytes of
 * them: exact, sorted along a Hilbert curve, with a summary. Needs about twice what it gives.
 */
export class FeatureBlockWriter implements FeatureSink {
  readonly geometry = new Geometry();
  readonly row = new PropertyRow();
  readonly #keys: HilbertKeys;
  readonly #pages = new RecordPages();
  readonly #span = new GeometrySpan();
  readonly #fieldNumbers = new Map<string, number>();
  readonly #fields: BlockSummary['fields'] = [];
  readonly #geometries = new GeometryStatistics();
  readonly #notes = new Map<string, Note>();
  readonly #rejects: string[] = [];
  #rejectBytes = 0;
  #rejected = 0;

  /** @param domain where the coordinates of the output lie */
  constructor(domain: KeyDomain) {
    this.#keys = new HilbertKeys(domain);
  }

  /** Features that were taken. */
  get features(): number {
    return this.#pages.count;
  }

  get rejected(): number {
    return this.#rejected;
  }

  /** @throws LonghaulError `feature-fields-too-many` (final) */
  field(name: string): number {
    const known = this.#fieldNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.#fields.length;
    if (number === MAX_FIELDS) throw tooManyFields(MAX_FIELDS);
    this.#fieldNumbers.set(name, number);
    this.#fields.push({ name, statistics: new FieldStatistics() });
    return number;
  }

  /**
   * Takes a feature. One that is too large, or has coordinates that are no finite numbers, is rejected instead.
   * @throws LonghaulError `feature-block-too-large` (final)
   */
  add(place: FeaturePlace): void {
    const { geometry, row } = this;
    const span = this.#span;
    span.measure(geometry);
    const geometryBytes = encodedGeometryBytes(geometry);
    const problem = this.#problemOf(geometryBytes);
    if (problem !== undefined) {
      this.reject(place, problem, { properties: this.properties });
      return;
    }
    const hasExtent = span.hasExtent && geometry.type !== GEOMETRY_TYPES.point;
    const geometryStart = RECORD_HEAD_BYTES + (hasExtent ? EXTENT_BYTES : 0);
    const recordBytes = roundUp8(geometryStart + geometryBytes + row.length);
    const key = span.hasExtent
      ? this.#keys.keyAt((span.minX + span.maxX) / 2, (span.minY + span.maxY) / 2)
      : LAST_HILBERT_KEY;
    const number = place.number ?? this.features + this.#rejected;
    const start = this.#pages.add(key, recordBytes);
    const { page } = this.#pages;
    const { float64, uint32 } = page;
    const double = start >>> 3;
    const word = start >>> 2;
    float64[double] = key;
    float64[double + 1] = number;
    uint32[word + 4] = recordBytes;
    uint32[word + 5] = geometryBytes;
    uint32[word + 6] = row.length;
    uint32[word + 7] = hasExtent ? HAS_EXTENT : 0;
    if (hasExtent) {
      float64[double + 4] = span.minX;
      float64[double + 5] = span.minY;
      float64[double + 6] = span.maxX;
      float64[double + 7] = span.maxY;
    }
    uint32[word + recordBytes / 4 - 2] = 0;
    uint32[word + recordBytes / 4 - 1] = 0;
    const end = encodeGeometry(geometry, page, start + geometryStart);
    copyRow(row, page.bytes, end);
    this.#geometries.count(geometry.type, span);
    this.#countProperties();
    row.clear();
  }

  reject(place: FeaturePlace, problem: FeatureProblem, source: RejectedSource): void {
    const line = rejectLine(place, place.number ?? this.features + this.#rejected, problem, source);
    this.#rejectBytes += Buffer.byteLength(line);
    if (this.#rejectBytes > MAX_BLOCK_BYTES) throw featureBlockTooLarge(this.#rejectBytes, MAX_BLOCK_BYTES);
    this.#rejects.push(line);
    this.#rejected++;
    this.row.clear();
  }

  note(problem: FeatureProblem): void {
    this.#note(problem, 1);
  }

  /**
   * The block; the writer is used up.
   * @param headroom bytes right before the block in its buffer, a multiple of 8, for somebody else
   * @throws LonghaulError `feature-block-too-large` (final)
   */
  finish(headroom = 0): Uint8Array {
    const pages = this.#pages;
    const summary = encodeSummary({
      features: pages.count,
      rejected: this.#rejected,
      fields: this.#fields,
      geometry: this.#geometries,
      notes: [...this.#notes.values()],
    });
    if (summary.length > MAX_SUMMARY_BYTES) throw featureBlockTooLarge(summary.length, MAX_SUMMARY_BYTES);
    const rejects = Buffer.from(this.#rejects.join(''));
    const order = sortByKey(pages.keys, pages.count);
    const preamble: Preamble = {
      summary: { bytes: summary.length, crc: crc32(summary) },
      rejects: { bytes: rejects.length, crc: crc32(rejects) },
      records: { bytes: pages.totalBytes, crc: 0 },
      features: pages.count,
      firstKey: pages.count === 0 ? 0 : pages.keys[order[0]!]!,
      lastKey: pages.count === 0 ? 0 : pages.keys[order[pages.count - 1]!]!,
    };
    const block = Buffer.allocUnsafeSlow(headroom + blockBytes(preamble)).subarray(headroom);
    block.fill(0, 0, PREAMBLE_BYTES);
    block.set(summary, PREAMBLE_BYTES);
    block.set(rejects, PREAMBLE_BYTES + summary.length);
    block.fill(0, PREAMBLE_BYTES + summary.length + rejects.length, recordsStart(preamble));
    pages.moveInOrder(order, block, recordsStart(preamble));
    preamble.records.crc = crc32(block.subarray(recordsStart(preamble)));
    encodePreamble(preamble, block);
    return block;
  }

  #problemOf(geometryBytes: number): FeatureProblem | undefined {
    if (!this.#span.isFinite) {
      return { code: 'coordinates-not-finite', reason: 'A coordinate is not a finite number.' };
    }
    if (this.#span.isTooDeep) {
      return { code: 'geometry-too-deep', reason: 'Collections are nested too deeply.' };
    }
    if (this.row.isTooLarge || geometryBytes + this.row.length > MAX_FEATURE_BYTES - RECORD_HEAD_BYTES - EXTENT_BYTES) {
      return { code: 'feature-too-large', reason: `The feature takes more than ${MAX_FEATURE_BYTES} bytes.` };
    }
    return undefined;
  }

  /** The properties of the feature that is being written, as they can be told. */
  get properties(): Record<string, unknown> {
    return rowProperties(this.row, (field) => this.#fields[field]!.name);
  }

  #countProperties(): void {
    const { row } = this;
    const { bytes, view, length } = row;
    for (let position = 0; position < length;) {
      const field = bytes[position]! | (bytes[position + 1]! << 8);
      const tag = bytes[position + 2]!;
      let start = position + PROPERTY_HEAD_BYTES;
      let size = FIXED_VALUE_BYTES[tag]!;
      if (size === 0) {
        size = view.getUint32(start, true);
        start += 4;
      }
      position = start + size;
      this.#fields[field]!.statistics.add(tag, bytes, view, start, position);
    }
    if (row.repeated > 0) {
      this.#note(NOTES.repeated, row.repeated);
    }
    if (row.misdated > 0) {
      this.#note(NOTES.misdated, row.misdated);
    }
  }

  #note(problem: FeatureProblem, times: number): void {
    const { code } = problem;
    const known = this.#notes.get(code);
    if (known !== undefined) known.count += times;
    else if (this.#notes.size < MAX_NOTE_CODES || problem === NOTES.other) {
      this.#notes.set(code, { code, reason: problem.reason.slice(0, MAX_REASON), count: times });
    } else this.#note(NOTES.other, times);
  }
}

/** Up to so many bytes a loop is faster than a call. */
const LOOP_BYTES = 32;

function copyRow({ bytes, length }: PropertyRow, target: Uint8Array, start: number): void {
  if (length > LOOP_BYTES) bytes.copy(target, start, 0, length);
  else for (let index = 0; index < length; index++) target[start + index] = bytes[index]!;
}
