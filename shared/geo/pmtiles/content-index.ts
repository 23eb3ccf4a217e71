import { hash } from 'node:crypto';

/** Contents that are remembered: 13 MB. */
export const MAX_CONTENTS = 250_000;

/** 32-bit words of a SHA-256 digest that are compared: 128 bits. */
const KEY_WORDS = 4;

const INITIAL_SLOTS = 1024;

/**
 * Where each content lies, by its SHA-256 digest: an open hash table in typed arrays, 24 bytes for each slot. It
 * remembers the first MAX_CONTENTS contents; later ones are new, unless they were the last one: a run stays a run.
 */
export class ContentIndex {
  readonly #maxContents: number;
  /** Words of the key of each slot. */
  #keys = new Uint32Array(INITIAL_SLOTS * KEY_WORDS);
  /** Where the content of each slot lies, plus 1; 0 in a free slot. */
  #offsets = new Float64Array(INITIAL_SLOTS);
  #contents = 0;
  #key = new Uint32Array(KEY_WORDS);
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
    const key = this.#key;
    for (let word = 0; word < KEY_WORDS; word++) key[word] = digest.readUInt32LE(word * 4);
    const placed = this.#find(key) ?? offset;
    if (placed === offset) this.#remember(key, offset);
    [this.#key, this.#lastKey] = [this.#lastKey, key];
    this.#lastOffset = placed;
    return placed;
  }

  #find(key: Uint32Array): number | undefined {
    if (this.#lastOffset !== undefined && isKeyAt(this.#lastKey, 0, key)) return this.#lastOffset;
    const offset = this.#offsets[this.#slotOf(key)]!;
    return offset === 0 ? undefined : offset - 1;
  }

  #remember(key: Uint32Array, offset: number): void {
    if (this.#contents === this.#maxContents) return;
    // Half of the slots stay free, so that a search is short.
    if ((this.#contents + 1) * 2 > this.#offsets.length) this.#grow();
    this.#fill(this.#slotOf(key), key, offset + 1);
    this.#contents++;
  }

  #fill(slot: number, key: Uint32Array, value: number): void {
    this.#keys.set(key, slot * KEY_WORDS);
    this.#offsets[slot] = value;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slotOf(key: Uint32Array): number {
    const slots = this.#offsets.length;
    let slot = key[0]! % slots;
    while (this.#offsets[slot] !== 0 && !isKeyAt(this.#keys, slot * KEY_WORDS, key)) slot = (slot + 1) % slots;
    return slot;
  }

  #grow(): void {
    const [keys, offsets] = [this.#keys, this.#offsets];
    this.#keys = new Uint32Array(keys.length * 2);
    this.#offsets = new Float64Array(offsets.length * 2);
    for (let slot = 0; slot < offsets.length; slot++) {
      if (offsets[slot] === 0) continue;
      const key = keys.subarray(slot * KEY_WORDS, (slot + 1) * KEY_WORDS);
      this.#fill(this.#slotOf(key), key, offsets[slot]!);
    }
  }
}

function isKeyAt(keys: Uint32Array, start: number, key: Uint32Array): boolean {
  for (let word = 0; word < KEY_WORDS; word++) if (keys[start + word] !== key[word]) return false;
  return true;
}
