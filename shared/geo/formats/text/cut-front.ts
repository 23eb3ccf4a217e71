import { wholeCharacters } from './utf8.ts';

/** Bytes at the beginning of a text that have the markup of its format. */
const MARKUP_BYTES = 1024;

/** The first bytes of a longer text, in whatever encoding, without part of a character at their end. */
export function cutFront(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, isUtf16(bytes) ? wholePairs(bytes) : wholeCharacters(bytes, 0, bytes.length));
}

/** Only texts of two bytes to a character have zero bytes, in the markup that every format begins with. */
function isUtf16(bytes: Uint8Array): boolean {
  return bytes.subarray(0, MARKUP_BYTES).includes(0);
}

/** The end of what is whole in UTF-16 of either order: two bytes, or both halves of a pair. */
function wholePairs(bytes: Uint8Array): number {
  const end = bytes.length & ~1;
  const isHigh = (byte = 0): boolean => byte >= 0xd8 && byte <= 0xdb;
  return end >= 2 && (isHigh(bytes[end - 1]) || isHigh(bytes[end - 2])) ? end - 2 : end;
}
