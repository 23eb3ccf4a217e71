import { findEncoding, type TextEncoding } from '../text/encoding.ts';

/** Bytes that are looked at for a byte order mark and an XML declaration. */
export const PROLOGUE_BYTES = 1024;

/**
 * Finds the encoding of an XML document (appendix F of XML 1.0): a byte order mark tells, or `<?` in UTF-16 does; then
 * what the caller says holds, then the XML declaration, then UTF-8.
 * @param first the first bytes of the file
 * @throws LonghaulError `encoding-unsupported` (final)
 */
export function findXmlEncoding(first: Uint8Array, told?: string): TextEncoding {
  const found = findEncoding(first);
  if (found.bomBytes > 0) return found;
  if (first[0] === 0x3c && first[1] === 0) return { name: 'utf-16le', bomBytes: 0 };
  if (first[0] === 0 && first[1] === 0x3c) return { name: 'utf-16be', bomBytes: 0 };
  const declared = told ?? declaredEncoding(first);
  // A declaration that can be read byte by byte is not in UTF-16, whatever it says: programs forget to change it.
  if (told === undefined && /^utf-?16|^ucs-?2/i.test(declared ?? '')) return found;
  return findEncoding(first, declared);
}

function declaredEncoding(first: Uint8Array): string | undefined {
  const text = Buffer.from(first.buffer, first.byteOffset, first.byteLength).toString('latin1');
  return /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'<>]*)["']/.exec(text)?.[1];
}
