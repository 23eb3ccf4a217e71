/** Runs that a list has room for at first. */
const INITIAL_CAPACITY = 64;

/** A growing list of disjoint ascending ranges of whole numbers in 16 bytes each; ranges that meet become one. */
export class RunList {
  #starts = new Float64Array(INITIAL_CAPACITY);
  #ends = new Float64Array(INITIAL_CAPACITY);
  #length = 0;
  #total = 0;

  /** Number of ranges. */
  get length(): number {
    return this.#length;
  }

  /** Sum of the sizes of all ranges. */
  get total(): number {
    return this.#total;
  }

  /** First number of the range `index`. */
  start(index: number): number {
    return this.#starts[index]!;
  }

  /** The number behind the range `index`. */
  end(index: number): number {
    return this.#ends[index]!;
  }

  /**
   * Appends `start … start + size − 1`, which begins at or behind the end of the last range.
   * @returns ranges added: 0 when the last one grew
   */
  append(start: number, size: number): 0 | 1 {
    this.#total += size;
    if (this.#length > 0 && this.#ends[this.#length - 1] === start) {
      this.#ends[this.#length - 1] = start + size;
      return 0;
    }
    if (this.#length === this.#starts.length) {
      this.#starts = grown(this.#starts);
      this.#ends = grown(this.#ends);
    }
    this.#starts[this.#length] = start;
    this.#ends[this.#length] = start + size;
    this.#length++;
    return 1;
  }
}

function grown(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
