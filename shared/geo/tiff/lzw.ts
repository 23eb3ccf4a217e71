const CLEAR = 256;
const END = 257;
const FIRST_CODE = 258;
const MIN_WIDTH = 9;
const MAX_WIDTH = 12;
const TABLE_SIZE = 2 ** MAX_WIDTH;

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
  const starts = new Uint32Array(TABLE_SIZE);
  const lengths = new Uint32Array(TABLE_SIZE);
  let next = FIRST_CODE;
  let width = MIN_WIDTH;
  let buffer = 0;
  let bits = 0;
  let read = 0;
  let written = 0;
  let previousStart = 0;
  // 0: the code before was a clear, so that the next one adds no string.
  let previousLength = 0;

  while (written < limit) {
    while (bits < width) {
      if (read >= input.length) return output.subarray(0, written);
      buffer = ((buffer << 8) | input[read++]!) & 0xffffff;
      bits += 8;
    }
    bits -= width;
    const code = (buffer >>> bits) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      next = FIRST_CODE;
      width = MIN_WIDTH;
      previousLength = 0;
      continue;
    }

    const start = written;
    if (code < CLEAR) output[written++] = code;
    else {
      const repeats = code === next && previousLength > 0;
      if (code >= next && !repeats) throw new RangeError(`code ${code} is not in the table of ${next}`);
      const from = repeats ? previousStart : starts[code]!;
      const length = repeats ? previousLength + 1 : lengths[code]!;
      const end = Math.min(written + length, limit);
      // Byte by byte: the string may reach into what it writes.
      for (let at = from; written < end; at++) output[written++] = output[at]!;
    }
    if (previousLength > 0 && next < TABLE_SIZE) {
      // The new string is the one before and the byte after it, which now stands there.
      starts[next] = previousStart;
      lengths[next] = previousLength + 1;
      next += 1;
      if (next + 1 >= 1 << width && width < MAX_WIDTH) width += 1;
    }
    previousStart = start;
    previousLength = written - start;
  }
  return output.subarray(0, written);
}
