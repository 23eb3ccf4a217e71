import type { BufferViews } from './encode-geometry.ts';

const encoder = new TextEncoder();
/** Up to so many bytes or characters a loop is faster than a call. */
const LOOP_BYTES = 48;
/** UTF-8 bytes of a UTF-16 unit, at most. */
const MAX_UNIT_BYTES = 3;

/** A buffer that grows, seen in every way that it is written in. Views are to be taken anew after `ensure`. */
export class GrowableBuffer implements BufferViews {
  bytes!: Uint8Array<ArrayBuffer>;
  view!: DataView;
  float64!: Float64Array;
  uint32!: Uint32Array;
  /** Bytes that are written. */
  length = 0;

  /** @param size a multiple of 8 */
  constructor(size: number) {
    this.#use(new ArrayBuffer(size));
  }

  /** The bytes that are written; they stay the buffer's. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  /** Makes room for `more` bytes behind those that are written. */
  ensure(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const { bytes } = this;
    this.#use(new ArrayBuffer(Math.ceil(Math.max(needed, 2 * bytes.length) / 8) * 8));
    this.bytes.set(bytes.subarray(0, this.length));
  }

  /** Writes bytes behind those that are written; room is there already. */
  put(from: Uint8Array, start: number, end: number): void {
    const { bytes, length } = this;
    if (end - start > LOOP_BYTES) bytes.set(from.subarray(start, end), length);
    else for (let index = start; index < end; index++) bytes[length + index - start] = from[index]!;
    this.length = length + end - start;
  }

  /**
   * Writes a text in UTF-8.
   * @returns its bytes
   */
  putText(text: string): number {
    this.ensure(MAX_UNIT_BYTES * text.length);
    const { bytes, length } = this;
    let index = 0;
    if (text.length <= LOOP_BYTES) {
      for (; index < text.length; index++) {
        const unit = text.charCodeAt(index);
        if (unit > 0x7f) break;
        bytes[length + index] = unit;
      }
    }
    const written = index === text.length ? index : encoder.encodeInto(text, bytes.subarray(length)).written;
    this.length = length + written;
    return written;
  }

  /** Writes zeros up to a multiple of `alignment` plus `remainder`; room is there already. */
  align(alignment: number, remainder = 0): void {
    while (this.length % alignment !== remainder) this.bytes[this.length++] = 0;
  }

  #use(buffer: ArrayBuffer): void {
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.float64 = new Float64Array(buffer);
    this.uint32 = new Uint32Array(buffer);
  }
}
