import type { BufferViews } from './encode-geometry.ts';
import { featureBlockTooLarge } from './errors.ts';
import { MAX_BLOCK_BYTES } from './limits.ts';

const KIB = 1024;
/** Pages grow from the least to the greatest size. */
const MIN_PAGE_BYTES = 64 * KIB;
const MAX_PAGE_BYTES = 4096 * KIB;
const FIRST_RECORDS = 1024;
/** Pages of the greatest size that are kept for the next block. */
const MAX_SPARE_PAGES = 4;

/** A page of records: its buffer seen in every way that it is written in. */
export class RecordPage implements BufferViews {
  /** A `Buffer`: it copies ranges without a view for each. */
  readonly bytes: Buffer;
  readonly float64: Float64Array;
  readonly uint32: Uint32Array;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.float64 = new Float64Array(this.bytes.buffer);
    this.uint32 = new Uint32Array(this.bytes.buffer);
  }
}

/** Pages that no block uses: memory that the system gives anew costs a fault for every 4 KiB, and the collector a look at all. */
const spare: RecordPage[] = [];

/** Room for records that grows by pages, so that nothing is copied on the way, and that gives them back in any order. */
export class RecordPages {
  readonly #pages: RecordPage[] = [];
  #page = new RecordPage(0);
  #used = 0;
  #count = 0;
  #keys = new Float64Array(FIRST_RECORDS);
  #pageOf = new Uint32Array(FIRST_RECORDS);
  #starts = new Uint32Array(FIRST_RECORDS);
  #lengths = new Uint32Array(FIRST_RECORDS);
  /** Bytes of all records. */
  totalBytes = 0;

  get count(): number {
    return this.#count;
  }

  get keys(): Float64Array {
    return this.#keys;
  }

  /** The page that the last record was given room in. */
  get page(): RecordPage {
    return this.#page;
  }

  /**
   * Gives room for a record of `bytes`, a multiple of 8; what is in it is not known.
   * @returns where it begins in `page`
   * @throws LonghaulError `feature-block-too-large` (final)
   */
  add(key: number, bytes: number): number {
    if (this.totalBytes + bytes > MAX_BLOCK_BYTES) throw featureBlockTooLarge(this.totalBytes + bytes, MAX_BLOCK_BYTES);
    if (this.#used + bytes > this.#page.bytes.length) {
      this.#page = this.#nextPage(bytes);
      this.#pages.push(this.#page);
      this.#used = 0;
    }
    const index = this.#count++;
    if (index === this.#keys.length) this.#grow();
    this.#keys[index] = key;
    this.#pageOf[index] = this.#pages.length - 1;
    this.#starts[index] = this.#used;
    this.#lengths[index] = bytes;
    this.#used += bytes;
    this.totalBytes += bytes;
    return this.#starts[index];
  }

  /** Copies the records one behind the other in the given order, and gives their room back: the last thing that is asked. */
  moveInOrder(order: Uint32Array, target: Uint8Array, start: number): void {
    let position = start;
    for (const index of order) {
      const page = this.#pages[this.#pageOf[index]!]!;
      const from = this.#starts[index]!;
      const bytes = this.#lengths[index]!;
      page.bytes.copy(target, position, from, from + bytes);
      position += bytes;
    }
    for (const page of this.#pages) {
      if (page.bytes.length === MAX_PAGE_BYTES && spare.length < MAX_SPARE_PAGES) spare.push(page);
    }
    // They are others' from here on.
    this.#pages.length = 0;
    this.#page = new RecordPage(0);
    this.#used = 0;
  }

  #nextPage(bytes: number): RecordPage {
    if (bytes <= MAX_PAGE_BYTES && spare.length > 0) return spare.pop()!;
    const usual = Math.max(MIN_PAGE_BYTES, Math.min(MAX_PAGE_BYTES, 2 * this.#page.bytes.length));
    return new RecordPage(Math.max(usual, bytes));
  }

  #grow(): void {
    const length = 2 * this.#keys.length;
    const keys = new Float64Array(length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#pageOf = twiceAsLong(this.#pageOf);
    this.#starts = twiceAsLong(this.#starts);
    this.#lengths = twiceAsLong(this.#lengths);
  }
}

function twiceAsLong(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(2 * numbers.length);
  longer.set(numbers);
  return longer;
}
