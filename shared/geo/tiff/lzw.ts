const CLEAR = 256;
const END = 257;
const FIRST_CODE = 258;
const MIN_WIDTH = 9;
const MAX_WIDTH = 12;
const TABLE_SIZE = 2 ** MAX_WIDTH;

/** Shared by all calls: decoding is synchronous, and each call sets what it reads. */
const starts = new Uint32Array(TABLE_SIZE);
const lengths = new Uint32Array(TABLE_SIZE);

/**
 * Decodes TIFF LZW (TIFF 6.0 section 13): codes of 9 to 12 bits, most significant bit first, whose width grows one
 * code early. A string of the table is a place in the output, where it was written before: no table of bytes is kept.
 * @param limit bytes to decode at most; what is encoded beyond it is not read
 * @returns the decoded bytes, fewer than `limit` when the input ends before
 * @throws RangeError when a code names a string that is not in the table
 */
export function decodeLzw(input: Uint8Array, limit: number): Uint8Array<ArrayBuffer> {
  if (input.length > 1 && input[0] === 0 && (input[1]! & 1) === 1) {
    throw new RangeError('codes stored last bit first (LZW of before TIFF 5) are not supported');
  }
  const output = new Uint8Array(limit);
  const totalBits = input.length * 8;
  let next = FIRST_CODE;
  let width = MIN_WIDTH;
  let bit = 0;
  let written = 0;
  let previousStart = 0;
  // 0: the code before was a clear, so that the next one adds no string.
  let previousLength = 0;

  while (written < limit && bit + width <= totalBits) {
    const byte = bit >>> 3;
    // A code of 12 bits lies in at most three bytes; beyond the end there are zeros, which are shifted out.
    const three = (input[byte]! << 16) | ((input[byte + 1] ?? 0) << 8) | (input[byte + 2] ?? 0);
    const code = (three >>> (24 - width - (bit & 7))) & ((1 << width) - 1);
    bit += width;
    if (code === END) break;
    if (code === CLEAR) {
      next = FIRST_CODE;
      width = MIN_WIDTH;
      previousLength = 0;
      continue;
    }

    if (previousLength > 0 && next < TABLE_SIZE) {
      // The new string is the one before and the byte after it, which this code is about to write.
      starts[next] = previousStart;
      lengths[next] = previousLength + 1;
      next += 1;
      if (next + 1 >= 1 << width && width < MAX_WIDTH) width += 1;
    }
    previousStart = written;
    if (code < CLEAR) {
      output[written++] = code;
      previousLength = 1;
      continue;
    }
    if (code >= next) throw new RangeError(`code ${code} is not in the table of ${next}`);
    let from = starts[code]!;
    const end = Math.min(written + lengths[code]!, limit);
    // Byte by byte: the string may reach into what it writes.
    while (written < end) output[written++] = output[from++]!;
    previousLength = written - previousStart;
  }
  return output.subarray(0, written);
}
