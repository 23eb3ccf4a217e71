import type { XmlReader } from './xml-reader.ts';

/**
 * Reads the content of the element that began last, to its end, as ASCII text: from the bytes where they stand if it is
 * nothing but text, and otherwise from a copy without references and comments. Behind its end stands a byte that can be
 * part of no number.
 */
export function readAscii<Result>(xml: XmlReader, read: (bytes: Buffer, start: number, end: number) => Result): Result {
  const end = xml.plainContentEnd();
  if (end === undefined) {
    const text = Buffer.from(`${xml.readString()}\0`);
    return read(text, 0, text.length - 1);
  }
  const result = read(xml.bytes, xml.position, end);
  xml.goTo(end);
  xml.next();
  return result;
}
