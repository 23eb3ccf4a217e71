/** Words of 32 bits of a key's digest. */
export const DIGEST_WORDS = 4;

const EMPTY = 0;

/**
 * Digests of keys, each with the place of the feature that has it: a hash table with linear probing, of a size that is known
 * beforehand. The digests are those of a cryptographic hash, so that no input makes the probes long.
 */
export class KeyTable {
  /** By the number of the key, in the order in which they were added: block, place in the block, number in the source. */
  readonly blocks: Uint16Array;
  readonly records: Uint32Array;
  readonly numbers: Float64Array;
  readonly #digests: Uint32Array;
  /** Number of a key and 1; a power of two of them, of which half are empty at least. */
  readonly #slots: Uint32Array;
  #size = 0;

  /** @param capacity most keys */
  constructor(capacity: number) {
    this.blocks = new Uint16Array(capacity);
    this.records = new Uint32Array(capacity);
    this.numbers = new Float64Array(capacity);
    this.#digests = new Uint32Array(DIGEST_WORDS * capacity);
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * Math.max(1, capacity))));
  }

  get size(): number {
    return this.#size;
  }

  /** @returns the number of the key; −1 when it is not there */
  find(digest: Uint32Array): number {
    return this.#slots[this.#slotOf(digest)]! - 1;
  }

  /** Adds a key that is not there. @returns its number */
  add(digest: Uint32Array): number {
    const number = this.#size++;
    if (number === this.blocks.length) throw new RangeError(`there is room for ${number} keys`);
    this.#slots[this.#slotOf(digest)] = number + 1;
    this.#digests.set(digest, DIGEST_WORDS * number);
    return number;
  }

  /** The slot of the key, or the empty one where it would go. */
  #slotOf(digest: Uint32Array): number {
    const mask = this.#slots.length - 1;
    for (let slot = digest[0]! & mask; ; slot = (slot + 1) & mask) {
      const taken = this.#slots[slot]!;
      if (taken === EMPTY || this.#isAt(taken - 1, digest)) return slot;
    }
  }

  #isAt(number: number, digest: Uint32Array): boolean {
    const start = DIGEST_WORDS * number;
    for (let word = 0; word < DIGEST_WORDS; word++) {
      if (this.#digests[start + word] !== digest[word]) return false;
    }
    return true;
  }
}
