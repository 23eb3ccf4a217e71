import { QUOTE } from '../text/characters.ts';

/** Takes one quote of each pair away, in another buffer of at least as many bytes: how many there are then. */
export function unquote(bytes: Buffer, start: number, end: number, target: Buffer): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    target[length++] = byte;
    if (byte === QUOTE) at += 1;
  }
  return length;
}
