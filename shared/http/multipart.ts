import { createHash } from 'node:crypto';

/** One part of a `multipart/related` body: either bytes, or a place where they are. */
export interface Part {
  /** Content-ID: the identifier of an output. */
  id: string;
  mediaType: string;
  body: Uint8Array;
  /** Where the content lies, when the body is empty. */
  location?: string;
}

const encoder = new TextEncoder();

/**
 * Writes a `multipart/related` body (RFC 2387).
 * The boundary is made from the content, so that the same parts give the same bytes, and it cannot stand in them
 * unless somebody finds a SHA-256 that contains itself.
 */
export function multipartRelated(parts: readonly Part[]): { contentType: string; body: Uint8Array } {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part.body);
  const boundary = `longhaul-${hash.digest('hex').slice(0, 40)}`;
  const chunks: Uint8Array[] = [];
  for (const part of parts) {
    chunks.push(encoder.encode(`--${boundary}\r\n${headersOf(part)}\r\n\r\n`), part.body, encoder.encode('\r\n'));
  }
  chunks.push(encoder.encode(`--${boundary}--\r\n`));
  const type = parts[0]?.mediaType ?? 'application/json';
  return {
    contentType: `multipart/related; boundary=${boundary}; type="${type.replaceAll('"', '')}"`,
    body: Buffer.concat(chunks),
  };
}

function headersOf(part: Part): string {
  const headers = [`Content-ID: <${clean(part.id)}>`, `Content-Type: ${clean(part.mediaType)}`];
  if (part.location !== undefined) headers.push(`Content-Location: ${clean(part.location)}`);
  return headers.join('\r\n');
}

/** Nothing of a value may end its header. */
const clean = (text: string): string => text.replace(/[\r\n]/g, ' ');
