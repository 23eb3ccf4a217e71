/** Registers of a sketch: 2^10, for a standard error of 1.04 / √1024 = 3.25 %. */
const INDEX_BITS = 10;
const REGISTERS = 1 << INDEX_BITS;
/** Bias correction for so many registers (Flajolet et al. 2007, figure 3). */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);
const TWO_TO_32 = 2 ** 32;
/** Greatest value of a register: rank of a hash without any bit behind the index. */
const MAX_RANK = 33 - INDEX_BITS;

/**
 * Estimates how many different values were seen, in a kilobyte (HyperLogLog). Sketches of parts add up to the sketch of the
 * whole, whatever their order.
 */
export class DistinctSketch {
  readonly #registers = new Uint8Array(REGISTERS);

  /** @param hash 32 bits, as `hashBytes` or `hashNumber` give them */
  add(hash: number): void {
    const index = hash >>> (32 - INDEX_BITS);
    const rank = Math.min(Math.clz32(hash << INDEX_BITS) + 1, MAX_RANK);
    if (rank > this.#registers[index]!) this.#registers[index] = rank;
  }

  merge(other: DistinctSketch): void {
    for (let index = 0; index < REGISTERS; index++) {
      if (other.#registers[index]! > this.#registers[index]!) this.#registers[index] = other.#registers[index]!;
    }
  }

  /** Different values, about; exact to the rounding for few of them. */
  estimate(): number {
    let sum = 0;
    let empty = 0;
    for (const rank of this.#registers) {
      sum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
    if (raw <= 2.5 * REGISTERS && empty > 0) return Math.round(REGISTERS * Math.log(REGISTERS / empty));
    // Beyond a thirtieth of all hashes, different values begin to share theirs.
    return Math.round(raw > TWO_TO_32 / 30 ? -TWO_TO_32 * Math.log(1 - raw / TWO_TO_32) : raw);
  }

  toBase64(): string {
    return Buffer.from(this.#registers).toString('base64');
  }

  /** @returns undefined for what is no sketch */
  static fromBase64(text: string): DistinctSketch | undefined {
    const registers = Buffer.from(text, 'base64');
    if (registers.length !== REGISTERS || registers.some((rank) => rank > MAX_RANK)) return undefined;
    const sketch = new DistinctSketch();
    sketch.#registers.set(registers);
    return sketch;
  }
}

/** Hash of bytes: four at a time, mixed as in MurmurHash3 (32 bits, public domain). */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  let position = start;
  for (; position + 4 <= end; position += 4) {
    const word =
      bytes[position]! | (bytes[position + 1]! << 8) | (bytes[position + 2]! << 16) | (bytes[position + 3]! << 24);
    hash = mixIn(hash, word);
  }
  let rest = 0;
  for (let shift = 0; position < end; position++, shift += 8) rest |= bytes[position]! << shift;
  return finish(mixIn(hash, rest) ^ (end - start));
}

/** Hash of 64 bits in two halves, such as a double's. */
export function hashWords(low: number, high: number): number {
  return finish(mixIn(mixIn(0, low), high) ^ 8);
}

function mixIn(hash: number, word: number): number {
  let mixed = Math.imul(word, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
  const turned = hash ^ mixed;
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
