import type { RangeReader } from '../../sources/range-reader.ts';

/** Bytes of one read by default; the next one is on its way while they are worked on. */
const PIECE_BYTES = 4 * 1024 ** 2;

export interface ByteWindowOptions {
  /** Nothing behind it is read. */
  end: number;
  signal: AbortSignal;
  /** The error for a source that ends before the bytes that it was to have. */
  truncated: (end: number) => Error;
  /** Bytes of one read. */
  pieceBytes?: number;
}

/**
 * A view of a source that moves on over records of known length: of each record all bytes lie beside each other. It holds two
 * pieces, or one record that is longer.
 */
export class ByteWindow {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  /** Offset in the source of the first byte. */
  start = 0;
  readonly #file: RangeReader;
  readonly #options: ByteWindowOptions;
  readonly #pieceBytes: number;
  /** The read behind the window. */
  #next: { start: number; bytes: Promise<Uint8Array> } | undefined;

  constructor(file: RangeReader, options: ByteWindowOptions) {
    this.#file = file;
    this.#options = options;
    this.#pieceBytes = options.pieceBytes ?? PIECE_BYTES;
  }

  /** Whether the window holds a range of the source. */
  has(offset: number, length: number): boolean {
    return offset >= this.start && offset + length <= this.start + this.bytes.length;
  }

  /**
   * Moves on so that the window holds a range, which begins no earlier than the window.
   * @throws Error as `options.truncated` makes it; as `RangeReader.read`
   */
  async load(offset: number, length: number): Promise<void> {
    const { end, truncated } = this.#options;
    if (offset + length > Math.min(end, this.#file.size)) throw truncated(offset + length);
    const have = this.start + this.bytes.length;
    const kept = offset >= this.start && offset < have ? this.bytes.subarray(offset - this.start) : new Uint8Array(0);
    const from = offset + kept.length;
    const missing = length - kept.length;
    const piece = await this.#read(from, missing);
    if (piece.length < missing) throw truncated(offset + length);
    this.bytes = kept.length === 0 ? piece : Buffer.concat([kept, piece]);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    this.start = offset;
    this.#readAhead(offset + this.bytes.length);
  }

  /** At least so many bytes, of which the read ahead may be the first. */
  async #read(from: number, least: number): Promise<Uint8Array> {
    const ahead = this.#next;
    this.#next = undefined;
    if (ahead?.start !== from) return this.#readRange(from, Math.max(least, this.#pieceBytes));
    const bytes = await ahead.bytes;
    if (bytes.length >= least || bytes.length === 0) return bytes;
    return Buffer.concat([bytes, await this.#readRange(from + bytes.length, least - bytes.length)]);
  }

  #readAhead(start: number): void {
    if (start >= Math.min(this.#options.end, this.#file.size)) return;
    const bytes = this.#readRange(start, this.#pieceBytes);
    // Whoever moves there gets the error; nobody may.
    bytes.catch(() => undefined);
    this.#next = { start, bytes };
  }

  async #readRange(start: number, length: number): Promise<Uint8Array> {
    const available = Math.min(length, Math.min(this.#options.end, this.#file.size) - start);
    return this.#file.read(start, available, this.#options.signal);
  }
}
