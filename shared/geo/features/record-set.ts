/** Some of the records of a block, by their places in it: one bit for each record of the block. */
export class RecordSet {
  readonly #bits: Uint8Array;
  #size = 0;

  /** @param records of the block */
  constructor(records: number) {
    this.#bits = new Uint8Array(Math.ceil(records / 8));
  }

  get size(): number {
    return this.#size;
  }

  has(record: number): boolean {
    return ((this.#bits[record >>> 3]! >> (record & 7)) & 1) === 1;
  }

  add(record: number): void {
    if (this.has(record)) return;
    this.#bits[record >>> 3]! |= 1 << (record & 7);
    this.#size++;
  }
}
