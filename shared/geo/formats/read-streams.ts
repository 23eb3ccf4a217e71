/** Places of a file that are read on from at once: rows, their overflow pages, and what leads to them. */
const MAX_STREAMS = 8;

/** How much longer each read is than the one that it goes on from. */
const GROWTH = 2;

/** One read of several that follow each other. */
export interface ReadStream {
  /** Chunks that are read at once. */
  readonly length: number;
  /** Whether it goes on from another read: then a third will follow, most likely. */
  readonly continues: boolean;
}

/** Where reads of a file ended, so that one that goes on there is known for it. Places are numbers of chunks. */
export class ReadStreams {
  readonly #first: ReadStream;
  readonly #maxLength: number;
  readonly #ends = new Map<number, ReadStream>();

  constructor(firstLength: number, maxLength: number) {
    this.#first = { length: firstLength, continues: false };
    this.#maxLength = maxLength;
  }

  /** The read to begin at a chunk. */
  take(chunk: number): ReadStream {
    const before = this.#ends.get(chunk);
    if (before === undefined) return this.#first;
    this.#ends.delete(chunk);
    return { length: Math.min(this.#maxLength, before.length * GROWTH), continues: true };
  }

  /** The same, where the read that ended there went on from another itself. */
  takeContinued(chunk: number): ReadStream | undefined {
    return this.#ends.get(chunk)?.continues === true ? this.take(chunk) : undefined;
  }

  /** A read ends before a chunk. */
  add(chunk: number, stream: ReadStream): void {
    this.#ends.set(chunk, stream);
    for (const oldest of this.#ends.keys()) {
      if (this.#ends.size <= MAX_STREAMS) return;
      this.#ends.delete(oldest);
    }
  }
}
