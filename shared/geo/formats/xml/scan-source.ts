import { TextWindow, type TextRange } from '../text/text-window.ts';
import { notWellFormed, xmlTruncated } from './errors.ts';
import type { OutlineScanner } from './outline-scanner.ts';

/** Byte of the source that a position of the bytes is which a handler is given. */
export type OffsetOf = (position: number) => number;

/** A whole document, whose root must be closed; a block, which ends with a record; or a front, which ends anywhere. */
export type PartOfSource = 'document' | 'block' | 'front';

/**
 * Reads a part of a source through a scanner.
 * @param begin makes the scanner
 * @throws LonghaulError (final) as `OutlineScanner.scan` and `TextWindow.more`; `xml-truncated` when the part ends within
 *   an element; as `RangeReader.read`
 */
export async function scanSource(
  range: TextRange,
  begin: (offsetOf: OffsetOf) => OutlineScanner,
  part: PartOfSource,
): Promise<void> {
  const window = new TextWindow(range);
  const offsetOf: OffsetOf = (position) => window.offsetOf(position);
  const scanner = begin(offsetOf);
  let position = 0;
  while (await window.more(position)) {
    scanner.move(position);
    position = scanner.scan(window.bytes, 0, window.limit, offsetOf);
    range.signal.throwIfAborted();
  }
  if (part === 'front') return;
  if (part === 'block' && scanner.endBlock(window.bytes, position, window.limit)) return;
  if (position < window.limit) throw xmlTruncated(range.end, describeRest(window.bytes, position, window.limit));
  const open = scanner.containers.at(-1);
  if (open !== undefined) throw xmlTruncated(range.end, `the element ${JSON.stringify(open.tag)}`);
  if (!scanner.hasRoot) throw notWellFormed(range.start, 'there is no element');
}

function describeRest(bytes: Buffer, start: number, limit: number): string {
  return `what begins with ${JSON.stringify(bytes.toString('utf8', start, Math.min(start + 40, limit)))}`;
}
