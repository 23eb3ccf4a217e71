import { outputTooLarge } from './errors.ts';
import { PartSender } from './part-sender.ts';
import { S3_PART_LIMITS, type PartSink } from './part-sink.ts';

/** A part that is being filled. */
interface OpenPart {
  bytes: Uint8Array;
  /** Bytes written so far. */
  filled: number;
}

/**
 * Uploads a file that is written in several places at once, such as an index that grows beside the data behind it. Every
 * byte is written once; a part is sent when it is full. Holds one part for each place that is written to, one for each
 * border between them, and the parts in flight.
 */
export class PositionUploader {
  readonly #sender: PartSender;
  readonly #expectedBytes: number;
  readonly #limits: typeof S3_PART_LIMITS;
  readonly #partBytes: number;
  /** Where the larger parts for what was not expected begin, in bytes. */
  readonly #expectedEnd: number;
  readonly #open = new Map<number, OpenPart>();
  #written = 0;
  #end = 0;
  /** Most parts that were open at once. */
  mostOpen = 0;

  /** @param expectedBytes about the size of the whole file, from which the size of the parts follows */
  constructor(sink: PartSink, expectedBytes: number, signal?: AbortSignal, limits = S3_PART_LIMITS) {
    this.#sender = new PartSender(sink, signal, limits);
    this.#expectedBytes = Math.ceil(expectedBytes);
    this.#limits = limits;
    this.#partBytes = Math.max(limits.usualPartBytes, Math.ceil(expectedBytes / limits.expectedParts));
    this.#expectedEnd = this.#partBytes * limits.expectedParts;
  }

  /** Copies bytes to a place of the file; waits while enough parts are in flight. */
  async write(position: number, bytes: Uint8Array): Promise<void> {
    for (let taken = 0; taken < bytes.length;) {
      const { number, start, size } = this.#partAt(position + taken);
      const offset = position + taken - start;
      const length = Math.min(bytes.length - taken, size - offset);
      const part = this.#partOf(number, size, offset + length);
      part.bytes.set(bytes.subarray(taken, taken + length), offset);
      part.filled += length;
      taken += length;
      if (part.filled === size) await this.#send(number, part.bytes);
    }
    this.#written += bytes.length;
    this.#end = Math.max(this.#end, position + bytes.length);
  }

  /**
   * Sends the last part and completes the file.
   * @param totalBytes size of the file
   * @throws RangeError when not every byte of it was written
   */
  async finish(totalBytes: number): Promise<void> {
    if (this.#written !== totalBytes || this.#end !== totalBytes) {
      throw new RangeError(`${this.#written} bytes up to ${this.#end} were written of ${totalBytes}`);
    }
    if (totalBytes === 0) await this.#sender.send(1, new Uint8Array(0));
    for (const [number, part] of this.#open) await this.#send(number, part.bytes.subarray(0, part.filled));
    await this.#sender.complete();
  }

  /** Waits until no part is in flight, whatever became of it. */
  settle(): Promise<void> {
    return this.#sender.settle();
  }

  #partAt(position: number): { number: number; start: number; size: number } {
    const { expectedParts, unexpectedFactor } = this.#limits;
    if (position < this.#expectedEnd) {
      const index = Math.floor(position / this.#partBytes);
      return { number: index + 1, start: index * this.#partBytes, size: this.#partBytes };
    }
    const size = this.#partBytes * unexpectedFactor;
    const index = Math.floor((position - this.#expectedEnd) / size);
    return { number: expectedParts + index + 1, start: this.#expectedEnd + index * size, size };
  }

  /** The part with room for its first `length` bytes. A file that ends in its first part takes no more than it needs. */
  #partOf(number: number, size: number, length: number): OpenPart {
    const open = this.#open.get(number);
    if (open !== undefined) {
      if (open.bytes.length < length) {
        const longer = Buffer.allocUnsafeSlow(Math.min(size, Math.max(length, 2 * open.bytes.length)));
        longer.set(open.bytes);
        open.bytes = longer;
      }
      return open;
    }
    if (number > this.#limits.maxParts) throw outputTooLarge(this.#limits.maxParts, this.#expectedBytes);
    // Every byte is written before the part is sent.
    const room = number === 1 ? Math.min(size, Math.max(length, this.#expectedBytes)) : size;
    const part = { bytes: Buffer.allocUnsafeSlow(room), filled: 0 };
    this.#open.set(number, part);
    this.mostOpen = Math.max(this.mostOpen, this.#open.size);
    return part;
  }

  async #send(number: number, bytes: Uint8Array): Promise<void> {
    this.#open.delete(number);
    await this.#sender.send(number, bytes);
  }
}
