import { hash } from 'node:crypto';

/** Contents that are remembered: 25 MB. */
export const MAX_CONTENTS = 500_000;

/** 32-bit words of a SHA-256 digest that are compared: 128 bits. */
const KEY_WORDS = 4;

const INITIAL_SLOTS = 1024;

/**
 * Where each content lies, by its SHA-256 digest: an open hash table in typed arrays, 24 bytes for each slot. It
 * remembers the first MAX_CONTENTS contents; later ones are new, unless they were the last one: a run stays a run.
 */
export class ContentIndex {
  readonly #maxContents: number;
  #keys = new Uint32Array(INITIAL_SLOTS * KEY_WORDS);
  /** Where the content lies, plus 1; 0 in a free slot. */
  #offsets = new Float64Array(INITIAL_SLOTS);
  #contents = 0;
  #lastKey = new Uint32Array(KEY_WORDS);
  #lastOffset: number | undefined;

  constructor(maxContents = MAX_CONTENTS) {
    this.#maxContents = maxContents;
  }

  /**
   * Finds the content among those before it, or remembers it.
   * @param offset where it will lie when it is new
   * @returns where it lies: `offset` when it is new
   */
  place(bytes: Uint8Array, offset: number): number {
    const digest = hash('sha256', bytes, 'buffer');
    const key = Uint32Array.from({ length: KEY_WORDS }, (_, index) => digest.readUInt32LE(index * 4));
    const placed = this.#find(key) ?? offset;
    if (placed === offset) this.#remember(key, offset);
    this.#lastKey = key;
    this.#lastOffset = placed;
    return placed;
  }

  #find(key: Uint32Array): number | undefined {
    if (this.#lastOffset !== undefined && this.#lastKey.every((word, index) => word === key[index])) {
      return this.#lastOffset;
    }
    const offset = this.#offsets[this.#slotOf(key)]!;
    return offset === 0 ? undefined : offset - 1;
  }

  #remember(key: Uint32Array, offset: number): void {
    if (this.#contents === this.#maxContents) return;
    // Half of the slots stay free, so that a search is short.
    if ((this.#contents + 1) * 2 > this.#offsets.length) this.#grow();
    const slot = this.#slotOf(key);
    this.#keys.set(key, slot * KEY_WORDS);
    this.#offsets[slot] = offset + 1;
    this.#contents++;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slotOf(key: Uint32Array): number {
    const slots = this.#offsets.length;
    for (let slot = key[0]! % slots; ; slot = (slot + 1) % slots) {
      if (this.#offsets[slot] === 0) return slot;
      const start = slot * KEY_WORDS;
      if (key.every((word, index) => word === this.#keys[start + index])) return slot;
    }
  }

  #grow(): void {
    const [keys, offsets] = [this.#keys, this.#offsets];
    this.#keys = new Uint32Array(keys.length * 2);
    this.#offsets = new Float64Array(offsets.length * 2);
    for (const [slot, offset] of offsets.entries()) {
      if (offset === 0) continue;
      const key = keys.subarray(slot * KEY_WORDS, (slot + 1) * KEY_WORDS);
      const moved = this.#slotOf(key);
      this.#keys.set(key, moved * KEY_WORDS);
      this.#offsets[moved] = offset;
    }
  }
}
