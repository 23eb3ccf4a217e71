import { RandomAccessReader } from 'yauzl';
import type { RangeReader } from '../../sources/range-reader.ts';
import { zipCorrupt } from './errors.ts';

/** Bytes read at once: the directory of some 3,000 entries, which are read by small pieces one after the other. */
const WINDOW_BYTES = 256 * 1024;

/** Gives yauzl the bytes of a source, through one window. */
export class YauzlReader extends RandomAccessReader {
  readonly #source: RangeReader;
  readonly #signal: AbortSignal | undefined;
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;
  /** What the source threw, as it was. */
  failure: unknown;

  constructor(source: RangeReader, signal: AbortSignal | undefined) {
    super();
    this.#source = source;
    this.#signal = signal;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    // What yauzl throws while it is called back comes to it as an error of the same read.
    this.bytes(position, length)
      .then((bytes) => {
        buffer.set(bytes, offset);
        callback(null);
      })
      .catch(callback);
  }

  /** @throws LonghaulError `zip-corrupt` (final) when the range is not in the source; as `RangeReader.read` */
  async bytes(position: number, length: number): Promise<Uint8Array> {
    if (!(position >= 0 && position + length <= this.#source.size)) {
      throw zipCorrupt(`${length} bytes at byte ${position} are not in its ${this.#source.size} bytes`);
    }
    if (position < this.#start || position + length > this.#start + this.#window.length) {
      const wanted = Math.min(Math.max(length, WINDOW_BYTES), this.#source.size - position);
      this.#window = await this.#load(position, wanted);
      this.#start = position;
      if (this.#window.length < length) throw zipCorrupt(`it ends at byte ${position + this.#window.length}`);
    }
    return this.#window.subarray(position - this.#start, position - this.#start + length);
  }

  async #load(position: number, length: number): Promise<Uint8Array> {
    try {
      return await this.#source.read(position, length, this.#signal);
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}
