import { EXCLAMATION, LESS, NAME, NAME_START, QUESTION, COLON } from './characters.ts';
import { skipUnread } from './element-end.ts';
import type { NameTable } from './name-table.ts';

/** Counts the start tags of elements by local name, between two positions; comments and CDATA sections hold none. */
export function countElements(bytes: Buffer, start: number, end: number, names: NameTable, name: string): number {
  let count = 0;
  for (let at = bytes.indexOf(LESS, start); at >= 0 && at < end; at = bytes.indexOf(LESS, at)) {
    const byte = bytes[at + 1]!;
    if (byte === EXCLAMATION || byte === QUESTION) {
      at = skipUnread(bytes, at, end);
      if (at < 0) break;
      continue;
    }
    at++;
    if ((NAME[byte]! & NAME_START) === 0) continue;
    let localStart = at;
    while (NAME[bytes[at]!]! !== 0) if (bytes[at++] === COLON) localStart = at;
    if (names.lookup(bytes, localStart, at) === name) count++;
  }
  return count;
}
