/** Most bytes of a variable-length integer. */
export const MAX_VARINT_BYTES = 9;

/** An integer of a record: a number where that is exact. The two compare with each other as they should. */
export type Integer = number | bigint;

/** A bigint, as a number where that is exact. */
export function asInteger(value: bigint): Integer {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Reads variable-length integers (https://www.sqlite.org/fileformat2.html, 1.6): 7 bits in each byte, 8 in the ninth. */
export class VarintReader {
  /** Position behind the integer that was read last. */
  end = 0;

  /** One that counts bytes, such as a length: what is above 2⁵³ is not told apart from what is not exact. */
  readLength(bytes: Uint8Array, at: number): number {
    let value = 0;
    for (let index = 0; index < MAX_VARINT_BYTES - 1; index++) {
      const byte = bytes[at + index]!;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) {
        this.end = at + index + 1;
        return value;
      }
    }
    this.end = at + MAX_VARINT_BYTES;
    return value * 256 + bytes[at + MAX_VARINT_BYTES - 1]!;
  }

  /** One of 64 bits with a sign, exactly. */
  readInteger(bytes: Uint8Array, at: number): Integer {
    const value = this.readLength(bytes, at);
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    let exact = 0n;
    for (let index = at; index < this.end; index++) {
      const isNinth = index === at + MAX_VARINT_BYTES - 1;
      exact = isNinth ? (exact << 8n) | BigInt(bytes[index]!) : (exact << 7n) | BigInt(bytes[index]! & 0x7f);
    }
    return asInteger(BigInt.asIntN(64, exact));
  }
}
