import { isUtf8 } from 'node:buffer';

/** Whether some bytes are UTF-8 (Unicode 16, 3.9): no overlong forms, no surrogates, nothing cut off. */
export function isUtf8Range(bytes: Uint8Array, start: number, end: number): boolean {
  return isUtf8(bytes.subarray(start, end));
}

/** The end of the last whole character of UTF-8 before `end`, as far as its lead byte tells. */
export function wholeCharacters(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start && at >= end - 4; at--) {
    const byte = bytes[at]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return at + length > end ? at : end;
  }
  return end;
}
