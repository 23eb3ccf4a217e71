import type { LonghaulError } from '../../errors/longhaul-error.ts';
import { outputTooLarge } from './errors.ts';
import { PartSender } from './part-sender.ts';
import { S3_PART_LIMITS, type PartSink } from './part-sink.ts';

export interface PartUploaderOptions {
  /** What is thrown when the parts are used up; `output-too-large` by default. */
  tooLarge?: (maxParts: number, expectedBytes: number) => LonghaulError;
}

/**
 * Streams a file whose beginning may be known last: the first `minPartBytes` are held back and sent as part 1 behind that
 * beginning. Holds these, the part being filled and the parts in flight.
 */
export class PartUploader {
  readonly #sender: PartSender;
  readonly #expectedBytes: number;
  readonly #limits: typeof S3_PART_LIMITS;
  readonly #tooLarge: (maxParts: number, expectedBytes: number) => LonghaulError;
  readonly #partBytes: number;
  /** Copies of the first bytes. */
  readonly #head: Uint8Array[] = [];
  #headLength = 0;
  #part: Uint8Array | undefined;
  #partLength = 0;
  #partNumber = 1;

  /** @param expectedBytes about the size of the whole file, from which the size of the parts follows */
  constructor(
    sink: PartSink,
    expectedBytes: number,
    signal?: AbortSignal,
    limits = S3_PART_LIMITS,
    { tooLarge = outputTooLarge }: PartUploaderOptions = {},
  ) {
    this.#sender = new PartSender(sink, signal, limits);
    this.#expectedBytes = expectedBytes;
    this.#limits = limits;
    this.#tooLarge = tooLarge;
    this.#partBytes = Math.max(limits.usualPartBytes, Math.ceil(expectedBytes / limits.expectedParts));
  }

  /** Copies bytes to the end of the file; waits while enough parts are in flight. */
  async append(bytes: Uint8Array): Promise<void> {
    const held = Math.min(bytes.length, this.#limits.minPartBytes - this.#headLength);
    if (held > 0) this.#head.push(bytes.slice(0, held));
    this.#headLength += held;
    for (let position = held; position < bytes.length;) {
      this.#part ??= this.#nextPart();
      const taken = Math.min(bytes.length - position, this.#part.length - this.#partLength);
      this.#part.set(bytes.subarray(position, position + taken), this.#partLength);
      this.#partLength += taken;
      position += taken;
      if (this.#partLength === this.#part.length) await this.#sendPart();
    }
  }

  /** Sends what is left and `beginning`, which stands before everything appended, and completes the file. */
  async finish(beginning: Uint8Array): Promise<void> {
    if (this.#partLength > 0) await this.#sendPart();
    await this.#sender.send(1, Buffer.concat([beginning, ...this.#head]));
    await this.#sender.complete();
  }

  /** Waits until no part is in flight, whatever became of it. */
  settle(): Promise<void> {
    return this.#sender.settle();
  }

  #nextPart(): Uint8Array {
    this.#partNumber++;
    const { maxParts, expectedParts, unexpectedFactor } = this.#limits;
    if (this.#partNumber > maxParts) throw this.#tooLarge(maxParts, this.#expectedBytes);
    // What is sent of a part was written.
    return Buffer.allocUnsafeSlow(
      this.#partNumber <= expectedParts ? this.#partBytes : this.#partBytes * unexpectedFactor,
    );
  }

  async #sendPart(): Promise<void> {
    const bytes = this.#part!.subarray(0, this.#partLength);
    this.#part = undefined;
    this.#partLength = 0;
    await this.#sender.send(this.#partNumber, bytes);
  }
}
