import { archiveTooLarge } from './errors.ts';

const MIB = 1024 * 1024;

/** What bounds the parts of an upload. */
export interface PartLimits {
  /** Least size of each part but the highest-numbered, in bytes; so many bytes are held back. */
  minPartBytes: number;
  /** Size of the parts of an archive that is not larger than usual, in bytes. */
  usualPartBytes: number;
  maxParts: number;
  /** Parts that the expected bytes are divided over; the others are for what was not expected. */
  expectedParts: number;
  /** Parts beyond the expected ones are so many times larger. */
  unexpectedFactor: number;
  /** Parts in flight at once. */
  concurrency: number;
  /** Bytes in flight at once; a part that is larger goes alone. */
  maxBytesInFlight: number;
}

/**
 * Amazon S3 takes 10,000 parts of at least 5 MiB. 9,000 parts hold what is expected; the last 1,000 nearly as much again.
 */
export const S3_PART_LIMITS: PartLimits = {
  minPartBytes: 5 * MIB,
  usualPartBytes: 8 * MIB,
  maxParts: 10_000,
  expectedParts: 9_000,
  unexpectedFactor: 8,
  concurrency: 4,
  maxBytesInFlight: 64 * MIB,
};

/** Takes the parts of one file, in any order and at once. */
export interface PartSink {
  /** @param partNumber 1 … 10,000; the bytes stay the sink's */
  putPart(partNumber: number, bytes: Uint8Array): Promise<void>;
  /** Makes the file visible. */
  complete(): Promise<void>;
  abort(): Promise<void>;
}

/**
 * Streams a file whose beginning is known last: the first `minPartBytes` are held back and sent as part 1 behind that
 * beginning. Holds these, the part being filled and the parts in flight.
 */
export class PartUploader {
  readonly #sink: PartSink;
  readonly #expectedBytes: number;
  readonly #signal: AbortSignal | undefined;
  readonly #limits: PartLimits;
  readonly #partBytes: number;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #head: Uint8Array;
  #headLength = 0;
  #part: Uint8Array | undefined;
  #partLength = 0;
  #partNumber = 1;
  #failure: { error: unknown } | undefined;

  /** @param expectedBytes about the size of the whole file, from which the size of the parts follows */
  constructor(sink: PartSink, expectedBytes: number, signal?: AbortSignal, limits = S3_PART_LIMITS) {
    this.#sink = sink;
    this.#expectedBytes = expectedBytes;
    this.#signal = signal;
    this.#limits = limits;
    this.#head = new Uint8Array(limits.minPartBytes);
    this.#partBytes = Math.max(limits.usualPartBytes, Math.ceil(expectedBytes / limits.expectedParts));
  }

  /** Copies bytes to the end of the file; waits while enough parts are in flight. */
  async append(bytes: Uint8Array): Promise<void> {
    const held = Math.min(bytes.length, this.#head.length - this.#headLength);
    this.#head.set(bytes.subarray(0, held), this.#headLength);
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
    const first = new Uint8Array(beginning.length + this.#headLength);
    first.set(beginning);
    first.set(this.#head.subarray(0, this.#headLength), beginning.length);
    await this.#send(1, first);
    await this.settle();
    this.#check();
    await this.#sink.complete();
  }

  /** Waits until no part is in flight, whatever became of it. */
  async settle(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  #nextPart(): Uint8Array {
    this.#partNumber++;
    const { maxParts, expectedParts, unexpectedFactor } = this.#limits;
    if (this.#partNumber > maxParts) throw archiveTooLarge(maxParts, this.#expectedBytes);
    return new Uint8Array(this.#partNumber <= expectedParts ? this.#partBytes : this.#partBytes * unexpectedFactor);
  }

  async #sendPart(): Promise<void> {
    const bytes = this.#part!.subarray(0, this.#partLength);
    this.#part = undefined;
    this.#partLength = 0;
    await this.#send(this.#partNumber, bytes);
  }

  async #send(partNumber: number, bytes: Uint8Array): Promise<void> {
    const { concurrency, maxBytesInFlight } = this.#limits;
    const atOnce = Math.max(1, Math.min(concurrency, Math.floor(maxBytesInFlight / bytes.length)));
    while (this.#inFlight.size >= atOnce) await Promise.race(this.#inFlight);
    this.#check();
    const sent: Promise<void> = this.#put(partNumber, bytes).finally(() => this.#inFlight.delete(sent));
    this.#inFlight.add(sent);
  }

  /** Never rejects: the first failure is kept for the next call. */
  async #put(partNumber: number, bytes: Uint8Array): Promise<void> {
    try {
      await this.#sink.putPart(partNumber, bytes);
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#signal?.throwIfAborted();
  }
}
