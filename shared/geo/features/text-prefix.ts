/** Bytes of a text that are kept. */
const PREFIX_BYTES = 32;

/** The first bytes of a text that comes and goes. */
export class TextPrefix {
  readonly bytes = new Uint8Array(PREFIX_BYTES);
  /** Bytes that are kept; -1 while there is no text. */
  length = -1;

  set(bytes: Uint8Array, start: number, end: number): void {
    this.length = Math.min(end - start, PREFIX_BYTES);
    for (let index = 0; index < this.length; index++) this.bytes[index] = bytes[start + index]!;
  }

  copy(other: TextPrefix): void {
    this.set(other.bytes, 0, other.length);
  }

  /** Order of a text and this one, which are equal when they begin with the same bytes. */
  compare(bytes: Uint8Array, start: number, end: number): number {
    const length = Math.min(end - start, PREFIX_BYTES);
    const common = Math.min(length, this.length);
    for (let index = 0; index < common; index++) {
      const difference = bytes[start + index]! - this.bytes[index]!;
      if (difference !== 0) return difference;
    }
    return length - this.length;
  }

  /** The text; a character that was cut through is left out. */
  toString(): string {
    return new TextDecoder().decode(this.bytes.subarray(0, Math.max(0, this.length)), { stream: true });
  }
}
