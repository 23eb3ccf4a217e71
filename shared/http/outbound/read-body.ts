import type { Readable } from 'node:stream';
import { responseTooLarge } from './errors.ts';

/**
 * Reads a body of at most `maxBytes`, and lets go of the connection at the first byte beyond.
 * @param declared the Content-Length, when there is one
 * @throws LonghaulError `response-too-large` (final)
 */
export async function readBody(
  body: Readable,
  declared: string | undefined,
  maxBytes: number,
  host: string,
): Promise<Uint8Array> {
  if (Number(declared ?? 0) > maxBytes) {
    discard(body);
    throw responseTooLarge(host, maxBytes);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop destroys the stream, and the connection with it.
    if (bytes > maxBytes) throw responseTooLarge(host, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

/** Gives up a body that is not wanted, together with its connection: it may have no end. */
export function discard(body: Readable): void {
  // Destroying it raises an abort error on the stream, which is what was asked for.
  body.on('error', () => undefined);
  body.destroy();
}
