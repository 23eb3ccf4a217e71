const NO_OPERATION = 128;

/**
 * Decodes PackBits (TIFF 6.0 section 9).
 * @param limit bytes to decode at most
 * @returns the decoded bytes, fewer than `limit` when the input ends before
 */
export function decodePackBits(input: Uint8Array, limit: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(limit);
  let written = 0;
  for (let read = 0; read < input.length && written < limit;) {
    const header = input[read++]!;
    if (header === NO_OPERATION) continue;
    if (header < NO_OPERATION) {
      const literal = input.subarray(read, read + Math.min(header + 1, limit - written));
      output.set(literal, written);
      written += literal.length;
      read += header + 1;
      continue;
    }
    if (read >= input.length) break;
    const end = Math.min(written + 257 - header, limit);
    output.fill(input[read++]!, written, end);
    written = end;
  }
  return output.subarray(0, written);
}
