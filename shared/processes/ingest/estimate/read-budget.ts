import type { RangeReader } from '../../../sources/range-reader.ts';

/** What an estimate may read is used up: what it does not know by then, it says. */
export class ReadBudgetSpent extends Error {
  override readonly name = 'ReadBudgetSpent';
}

/** Bounds what is asked of a source, so that no file makes an estimate read for long. */
export class ReadBudget {
  #reads: number;
  #bytes: number;

  /** @param limits how often may be read, and how many bytes in all */
  constructor({ reads, bytes }: { reads: number; bytes: number }) {
    this.#reads = reads;
    this.#bytes = bytes;
  }

  /** The same source, whose reads throw `ReadBudgetSpent` when too much is asked for. */
  watch(source: RangeReader): RangeReader {
    const { url, size, etag } = source;
    return {
      url,
      size,
      etag,
      read: async (offset, length, signal) => {
        const available = Math.min(length, size - offset);
        if (this.#reads < 1 || this.#bytes < available) throw new ReadBudgetSpent();
        this.#reads -= 1;
        this.#bytes -= available;
        return source.read(offset, length, signal);
      },
    };
  }
}
