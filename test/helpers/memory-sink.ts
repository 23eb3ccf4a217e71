import type { PartSink } from '../../shared/geo/upload/part-sink.ts';

const MIN_PART_BYTES = 5 * 1024 * 1024;

/** A sink with the rules of an S3 multipart upload, that keeps the file in memory. */
export class MemorySink implements PartSink {
  readonly parts = new Map<number, Uint8Array>();
  /** Most parts that were in flight at once. */
  mostInFlight = 0;
  state: 'open' | 'completed' | 'aborted' = 'open';
  inFlight = 0;

  async putPart(partNumber: number, bytes: Uint8Array): Promise<void> {
    if (this.state !== 'open') throw new Error(`part ${partNumber} came when the upload was ${this.state}`);
    if (!(partNumber >= 1 && partNumber <= 10_000)) throw new Error(`part ${partNumber} is out of range`);
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    this.inFlight--;
    this.parts.set(partNumber, bytes);
  }

  async complete(): Promise<void> {
    if (this.inFlight > 0) throw new Error('completed with parts in flight');
    const highest = Math.max(...this.parts.keys());
    for (const [partNumber, bytes] of this.parts) {
      if (partNumber < highest && bytes.length < MIN_PART_BYTES) throw new Error(`part ${partNumber} is too small`);
    }
    this.state = 'completed';
  }

  async abort(): Promise<void> {
    if (this.inFlight > 0) throw new Error('aborted with parts in flight');
    this.state = 'aborted';
  }

  /** The file; only of a completed upload. */
  get bytes(): Uint8Array {
    if (this.state !== 'completed') throw new Error(`the upload is ${this.state}`);
    const numbers = [...this.parts.keys()].sort((a, b) => a - b);
    return Buffer.concat(numbers.map((partNumber) => this.parts.get(partNumber)!));
  }
}
