import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { parseJson } from '../../../shared/http/json.ts';
import { bodyTooLarge } from '../errors.ts';
import type { ApiRequest } from '../request.ts';

const MIB = 1024 * 1024;

/** Largest request body in bytes. */
export const MAX_BODY_BYTES = MIB;

/**
 * Reads a JSON body; undefined when there is none.
 * @throws LonghaulError (final) `body-too-large`, `media-type-unsupported`, `json-invalid`, and those of `parseJson`
 */
export function readJsonBody(request: ApiRequest): unknown {
  const body = bytesOf(request);
  if (body.length === 0) return undefined;
  requireJson(request.headers['content-type']);
  return parseJson(decode(body));
}

function bytesOf(request: ApiRequest): Uint8Array {
  const text = request.body ?? '';
  // Base64 grows by a third: what is refused here would be too large when it is decoded, and is not decoded.
  const bytes = request.bodyIsBase64 ? Math.floor((text.length * 3) / 4) : text.length;
  if (bytes > MAX_BODY_BYTES + 2) throw bodyTooLarge(MAX_BODY_BYTES, bytes);
  const body = Buffer.from(text, request.bodyIsBase64 ? 'base64' : 'utf8');
  if (body.length > MAX_BODY_BYTES) throw bodyTooLarge(MAX_BODY_BYTES, body.length);
  return body;
}

function requireJson(contentType: string | undefined): void {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || type === 'application/json') return;
  throw new LonghaulError({
    code: 'media-type-unsupported',
    retryable: false,
    detail: `The body is of the media type ${JSON.stringify(type.slice(0, 80))}.`,
    remedy: 'Send application/json.',
  });
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new LonghaulError({
      code: 'json-invalid',
      retryable: false,
      detail: 'The body is not UTF-8.',
      remedy: 'Send JSON (RFC 8259) in UTF-8.',
      cause,
    });
  }
}
