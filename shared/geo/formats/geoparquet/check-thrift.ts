/** Types of the compact protocol (Apache Thrift, "Compact protocol encoding"). */
const TYPE = { true: 1, false: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, struct: 12 } as const;

const MAX_DEPTH = 16;
const MAX_VARINT_BYTES = 10;
const DOUBLE_BYTES = 8;

/** What a structure in compact protocol turned out to be. */
export type ThriftCheck = { end: number } | { problem: string } | 'cut-off';

/**
 * Walks over an untrusted structure before it is parsed: a parser makes room for lists as they say how long they are, and
 * computes with numbers of any length.
 * @param most values, each of which becomes one of JavaScript
 * @returns where it ends; `cut-off` when it does not end within the bytes
 */
export function checkThrift(bytes: Uint8Array, start: number, most: number): ThriftCheck {
  const walk = new Walk(bytes, start, most);
  try {
    walk.struct(0);
    return { end: walk.position };
  } catch (error) {
    if (error instanceof Stop) return error.problem === undefined ? 'cut-off' : { problem: error.problem };
    throw error;
  }
}

/** Ends a walk; without a problem where the bytes end. */
class Stop extends Error {
  readonly problem: string | undefined;

  constructor(problem?: string) {
    super(problem);
    this.problem = problem;
  }
}

class Walk {
  position: number;
  readonly #bytes: Uint8Array;
  #left: number;

  constructor(bytes: Uint8Array, start: number, most: number) {
    this.#bytes = bytes;
    this.position = start;
    this.#left = most;
  }

  struct(depth: number): void {
    if (depth >= MAX_DEPTH) throw new Stop(`it has structures more than ${MAX_DEPTH} deep`);
    for (;;) {
      const header = this.#byte();
      const type = header & 0x0f;
      if (type === 0) return;
      if (header >> 4 === 0) this.#varint();
      this.#value(type, depth);
    }
  }

  #value(type: number, depth: number): void {
    if (--this.#left < 0) throw new Stop('it has too many values');
    switch (type) {
      case TYPE.true:
      case TYPE.false:
        return;
      case TYPE.byte:
        this.#skip(1);
        return;
      case TYPE.i16:
      case TYPE.i32:
      case TYPE.i64:
        this.#varint();
        return;
      case TYPE.double:
        this.#skip(DOUBLE_BYTES);
        return;
      case TYPE.binary:
        this.#skip(this.#varint());
        return;
      case TYPE.list:
        this.#list(depth);
        return;
      case TYPE.struct:
        this.struct(depth + 1);
        return;
      default:
        throw new Stop(`it has a value of type ${type}`);
    }
  }

  #list(depth: number): void {
    if (depth >= MAX_DEPTH) throw new Stop(`it has lists more than ${MAX_DEPTH} deep`);
    const header = this.#byte();
    const type = header & 0x0f;
    const count = header >> 4 === 15 ? this.#varint() : header >> 4;
    // Each element takes a byte at least; booleans are bytes in lists.
    if (count > this.#bytes.length - this.position) throw new Stop();
    const element = type === TYPE.true || type === TYPE.false ? TYPE.byte : type;
    for (let index = 0; index < count; index++) this.#value(element, depth + 1);
  }

  #byte(): number {
    if (this.position >= this.#bytes.length) throw new Stop();
    return this.#bytes[this.position++]!;
  }

  #varint(): number {
    let value = 0;
    for (let index = 0; index < MAX_VARINT_BYTES; index++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    throw new Stop('it has a number of more than 64 bits');
  }

  #skip(bytes: number): void {
    if (bytes > this.#bytes.length - this.position) throw new Stop();
    this.position += bytes;
  }
}
