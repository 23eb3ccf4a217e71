import { crc32 } from 'node:zlib';
import { recordsStart } from './block-layout.ts';
import { featureBlockCorrupt } from './errors.ts';
import { GEOMETRY_TYPES } from './geometry.ts';
import { roundUp8 } from './geometry-layout.ts';
import { MAX_FEATURE_BYTES } from './limits.ts';
import type { MergedBlock } from './merge-summaries.ts';
import { READ_SHARE } from './merge-windows.ts';
import { readAll, type OpenBlock } from './open-feature-block.ts';
import { FIXED_VALUE_BYTES, PROPERTY_HEAD_BYTES } from './property-tags.ts';
import { releaseBytes } from './release-bytes.ts';
import { EXTENT_BYTES, HAS_EXTENT, RECORD_HEAD_BYTES } from './record-layout.ts';
import type { RecordSet } from './record-set.ts';
import { StoredGeometry } from './stored-geometry.ts';
import type { StoredFeature } from './stored-feature.ts';

/**
 * Walks through the records of a block, of which it holds a window, and what is read ahead if it is asked for. Checks each
 * record, their order, and at the end their number and checksum.
 */
export class BlockCursor implements StoredFeature {
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  float64 = new Float64Array(0);
  uint32 = new Uint32Array(0);
  key = -1;
  number = 0;
  geometry: StoredGeometry | undefined;
  minX = Infinity;
  minY = Infinity;
  maxX = -Infinity;
  maxY = -Infinity;
  properties = 0;
  propertiesEnd = 0;
  /** Place of the block among all: of equal keys, the lower one comes first. */
  readonly ordinal: number;
  readonly columns: Uint16Array;
  /** Bit n: the field has values of tag n, by what all summaries say. */
  readonly #tags: Uint32Array;
  readonly #dropped: RecordSet | undefined;
  readonly #block: OpenBlock;
  readonly #windowBytes: number;
  readonly #readBytes: number;
  readonly #signal: AbortSignal | undefined;
  readonly #geometry = new StoredGeometry();
  /** The record that the cursor stands at, and how long it is. */
  #position = 0;
  #recordBytes = 0;
  /** Bytes of the window that are filled. */
  #filled = 0;
  /** Bytes of the records that were taken into the window, and that were asked for. */
  #taken = 0;
  #asked = 0;
  #ahead: Promise<Uint8Array> | undefined;
  #aheadBytes = 0;
  /** As a number with a sign: every one of them is then of one kind to V8, which would else compile this class twice. */
  #crc = 0;
  #passed = 0;
  /**
   * The next read is needed about when the merge comes to this key: that of the last record in the window, or of the first one
   * before there is a window.
   */
  neededAt: number;

  /** @param windowBytes most that a window holds, but for the record that the cursor stands at; a multiple of 128 */
  constructor(block: MergedBlock, ordinal: number, windowBytes: number, signal: AbortSignal | undefined) {
    this.#block = block;
    this.ordinal = ordinal;
    this.columns = block.columns;
    this.#tags = block.tags;
    this.#dropped = block.dropped;
    this.#windowBytes = windowBytes;
    this.#readBytes = windowBytes * READ_SHARE;
    this.#signal = signal;
    this.neededAt = block.preamble.firstKey;
  }

  get firstKey(): number {
    return this.#block.preamble.firstKey;
  }

  /** Whether every record was passed. */
  get isAtEnd(): boolean {
    return this.#position === this.#filled && this.#taken === this.#block.preamble.records.bytes;
  }

  /** Whether the head of the record is in the window: its key and its length. */
  get hasHead(): boolean {
    return this.#position + RECORD_HEAD_BYTES <= this.#filled;
  }

  /** Whether the whole record is in the window. */
  get hasRecord(): boolean {
    return this.#position + this.#recordBytes <= this.#filled;
  }

  /** Place of the record in the block, from 0. */
  get record(): number {
    return this.#passed;
  }

  /** Whether the record is to be passed over. */
  get isDropped(): boolean {
    return this.#dropped?.has(this.#passed) ?? false;
  }

  /** Bytes of the record that are not in the window. */
  get missingBytes(): number {
    return Math.max(0, this.#position + this.#recordBytes - this.#filled);
  }

  /** Whether a read is under way, or done and not yet taken into the window. */
  get isReading(): boolean {
    return this.#ahead !== undefined;
  }

  /** Whether there is more to read than what was asked for. */
  get canRead(): boolean {
    return this.#asked < this.#block.preamble.records.bytes;
  }

  /** Bytes of the window and of what is read ahead. */
  get heldBytes(): number {
    return this.bytes.length + this.#aheadBytes;
  }

  /** Begins to read what comes next, at least so many bytes, unless that is under way. */
  readAhead(atLeast = 0): void {
    const { source, preamble } = this.#block;
    const length = Math.min(Math.max(this.#readBytes, atLeast), preamble.records.bytes - this.#asked);
    if (this.#ahead !== undefined || length === 0) return;
    this.#ahead = readAll(source, recordsStart(preamble) + this.#asked, length, this.#signal);
    this.#aheadBytes = length;
    this.#asked += length;
    // It is awaited when it is needed; until then a failure is not one that nobody looks at.
    this.#ahead.catch(() => {});
  }

  /**
   * Moves the window on by one read.
   * @param whole whether the record is needed to its end; otherwise its head is
   */
  async fill(whole = false): Promise<void> {
    this.readAhead(whole ? this.missingBytes : 0);
    if (this.#ahead === undefined) throw featureBlockCorrupt('a record is cut off');
    const read = await this.#ahead;
    this.#ahead = undefined;
    this.#aheadBytes = 0;
    const length = this.#filled - this.#position + read.length;
    if (length > this.bytes.length) {
      this.#resize(Math.max(length, Math.min(this.#windowBytes, this.#block.preamble.records.bytes)));
    } else {
      this.bytes.copyWithin(0, this.#position, this.#filled);
      this.#filled -= this.#position;
      this.#position = 0;
    }
    this.bytes.set(read, this.#filled);
    this.#filled = length;
    this.#taken += read.length;
    this.#crc = crc32(read, this.#crc >>> 0) | 0;
    releaseBytes(read);
    this.#foretell();
    if (whole && this.missingBytes > 0) this.readAhead(this.missingBytes);
  }

  /** Reads the head of the record that the cursor stands at. */
  readHead(): void {
    const previous = this.key;
    const word = this.#position >>> 2;
    this.key = this.float64[this.#position >>> 3]!;
    this.#recordBytes = this.uint32[word + 4]!;
    const { firstKey, lastKey } = this.#block.preamble;
    if (!(this.key >= previous && this.key >= firstKey && this.key <= lastKey)) {
      throw featureBlockCorrupt('its records are not in order');
    }
    const isLength = this.#recordBytes >= RECORD_HEAD_BYTES && this.#recordBytes % 8 === 0;
    if (!isLength || this.#recordBytes > MAX_FEATURE_BYTES) throw featureBlockCorrupt('a record has no valid length');
  }

  /** Reads the record that the cursor stands at. */
  readRecord(): void {
    const double = this.#position >>> 3;
    const word = this.#position >>> 2;
    const geometryBytes = this.uint32[word + 5]!;
    const flags = this.uint32[word + 7]!;
    this.number = this.float64[double + 1]!;
    const extentBytes = flags === HAS_EXTENT ? EXTENT_BYTES : 0;
    const start = this.#position + RECORD_HEAD_BYTES + extentBytes;
    this.properties = start + geometryBytes;
    this.propertiesEnd = this.properties + this.uint32[word + 6]!;
    if (this.propertiesEnd > this.#position + this.#recordBytes || geometryBytes % 8 !== 0 || flags > HAS_EXTENT) {
      throw featureBlockCorrupt('a record does not hold what it tells of');
    }
    this.geometry = geometryBytes === 0 ? undefined : this.#geometry;
    if (geometryBytes > 0) {
      this.#geometry.read(this, start, this.properties);
      if (this.#geometry.end !== this.properties) throw featureBlockCorrupt('a geometry is longer than it tells');
    }
    this.#readExtent(flags === HAS_EXTENT ? double + 4 : -1);
    this.#checkProperties();
  }

  /** Passes the record, and gives back the room that a long one took. */
  skip(): void {
    this.#position += this.#recordBytes;
    this.#recordBytes = 0;
    this.#passed++;
    if (this.bytes.length > this.#windowBytes) this.#resize(this.#filled - this.#position);
  }

  /** @throws LonghaulError `feature-block-corrupt` (final) unless what was read is what was written */
  finish(): void {
    const { records, features } = this.#block.preamble;
    if (this.#passed !== features)
      throw featureBlockCorrupt(`it has ${this.#passed} features and tells of ${features}`);
    if (this.#crc >>> 0 !== records.crc) throw featureBlockCorrupt('its records do not match their checksum');
    this.#resize(0);
  }

  /** Finds the last record whose head is in the window. What is not valid, `readHead` finds when it comes to it. */
  #foretell(): void {
    const { float64, uint32 } = this;
    const last = this.#filled - RECORD_HEAD_BYTES;
    for (let position = this.#position; position <= last;) {
      this.neededAt = float64[position >>> 3]!;
      position += Math.max(RECORD_HEAD_BYTES, uint32[(position >>> 2) + 4]!);
    }
  }

  #readExtent(double: number): void {
    const { geometry, float64 } = this;
    if (double >= 0) {
      this.minX = float64[double]!;
      this.minY = float64[double + 1]!;
      this.maxX = float64[double + 2]!;
      this.maxY = float64[double + 3]!;
    } else if (geometry?.type === GEOMETRY_TYPES.point && geometry.vertices === 1) {
      this.minX = this.maxX = float64[geometry.xy]!;
      this.minY = this.maxY = float64[geometry.xy + 1]!;
    } else {
      this.minX = this.minY = Infinity;
      this.maxX = this.maxY = -Infinity;
    }
  }

  #checkProperties(): void {
    const { bytes, view, propertiesEnd, columns } = this;
    let position = this.properties;
    while (position + PROPERTY_HEAD_BYTES <= propertiesEnd) {
      const field = bytes[position]! | (bytes[position + 1]! << 8);
      const tag = bytes[position + 2]!;
      if (field >= columns.length || ((this.#tags[field]! >> tag) & 1) === 0) break;
      position += PROPERTY_HEAD_BYTES;
      const fixed = FIXED_VALUE_BYTES[tag]!;
      if (fixed > 0) position += fixed;
      else if (position + 4 <= propertiesEnd) position += 4 + view.getUint32(position, true);
      else break;
    }
    if (position !== propertiesEnd) throw featureBlockCorrupt('the properties of a record are not valid');
  }

  /** Gives the window another size; what is left of it moves to its beginning. */
  #resize(size: number): void {
    const buffer = new ArrayBuffer(roundUp8(size));
    const bytes = new Uint8Array(buffer);
    bytes.set(this.bytes.subarray(this.#position, this.#filled));
    releaseBytes(this.bytes);
    this.#filled -= this.#position;
    this.#position = 0;
    this.bytes = bytes;
    this.view = new DataView(buffer);
    this.float64 = new Float64Array(buffer);
    this.uint32 = new Uint32Array(buffer);
  }
}
