import type { BufferViews } from './encode-geometry.ts';
import { featureBlockTooLarge } from './errors.ts';
import { MAX_BLOCK_BYTES } from './limits.ts';

const PAGE_BYTES = 4 * 1024 * 1024;

/** A page of records: its buffer seen in every way that it is written in. */
export class RecordPage implements BufferViews {
  readonly bytes: Uint8Array;
  readonly float64: Float64Array;
  readonly uint32: Uint32Array;

  constructor(size: number) {
    const buffer = new ArrayBuffer(size);
    this.bytes = new Uint8Array(buffer);
    this.float64 = new Float64Array(buffer);
    this.uint32 = new Uint32Array(buffer);
  }
}

/** Room for records that grows by pages, so that nothing is copied on the way, and that gives them back in any order. */
export class RecordPages {
  readonly #pages: RecordPage[] = [];
  #page = new RecordPage(0);
  #used = 0;
  #count = 0;
  #keys = new Float64Array(1024);
  #pageOf = new Uint32Array(1024);
  #starts = new Uint32Array(1024);
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
   * Gives room for a record of `bytes`, a multiple of 8, filled with zeros.
   * @returns where it begins in `page`
   * @throws LonghaulError `feature-block-too-large` (final)
   */
  add(key: number, bytes: number): number {
    if (this.totalBytes + bytes > MAX_BLOCK_BYTES) throw featureBlockTooLarge(this.totalBytes + bytes, MAX_BLOCK_BYTES);
    if (this.#used + bytes > this.#page.bytes.length) {
      this.#page = new RecordPage(Math.max(PAGE_BYTES, bytes));
      this.#pages.push(this.#page);
      this.#used = 0;
    }
    const index = this.#count++;
    if (index === this.#keys.length) this.#grow();
    this.#keys[index] = key;
    this.#pageOf[index] = this.#pages.length - 1;
    this.#starts[index] = this.#used;
    this.#used += bytes;
    this.totalBytes += bytes;
    return this.#starts[index];
  }

  /** Copies the records one behind the other in the given order. */
  copyInOrder(order: Uint32Array, target: Uint8Array, start: number): void {
    let position = start;
    for (const index of order) {
      const page = this.#pages[this.#pageOf[index]!]!;
      const from = this.#starts[index]!;
      const bytes = page.uint32[(from >>> 2) + 4]!;
      target.set(page.bytes.subarray(from, from + bytes), position);
      position += bytes;
    }
  }

  #grow(): void {
    const length = 2 * this.#keys.length;
    const [keys, pageOf, starts] = [new Float64Array(length), new Uint32Array(length), new Uint32Array(length)];
    keys.set(this.#keys);
    pageOf.set(this.#pageOf);
    starts.set(this.#starts);
    [this.#keys, this.#pageOf, this.#starts] = [keys, pageOf, starts];
  }
}
