import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { LonghaulError } from '../errors/longhaul-error.ts';

/** Longest cursor that is looked at, in characters; ours have about 120. */
const MAX_CURSOR_CHARACTERS = 1_024;

/** Bytes of the signature that are kept: 128 bits cannot be guessed, and the cursor stays short. */
const SIGNATURE_BYTES = 16;

const payloadSchema = z.strictObject({ after: z.string().min(1).max(256) });

/**
 * Makes an opaque cursor (RFC 4648 base64url) that continues a listing behind `after`.
 * @param scope what the listing is of: tenant, path and filters. A cursor opens only in the scope it was made in.
 */
export function signCursor(key: Uint8Array, scope: string, after: string): string {
  const payload = Buffer.from(JSON.stringify({ after }));
  return `${payload.toString('base64url')}.${signature(key, scope, payload).toString('base64url')}`;
}

/**
 * Where the listing continues.
 * @throws LonghaulError `cursor-invalid` (final) when the cursor was changed, or made for another tenant, path or filter
 */
export function openCursor(key: Uint8Array, scope: string, cursor: string): string {
  if (cursor.length > MAX_CURSOR_CHARACTERS) throw invalid();
  const [payloadText = '', signatureText = '', ...rest] = cursor.split('.');
  const payload = Buffer.from(payloadText, 'base64url');
  const given = Buffer.from(signatureText, 'base64url');
  const expected = signature(key, scope, payload);
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) throw invalid();
  const parsed = payloadSchema.safeParse(JSON.parse(payload.toString()));
  if (!parsed.success) throw invalid();
  return parsed.data.after;
}

function signature(key: Uint8Array, scope: string, payload: Uint8Array): Buffer {
  return createHmac('sha256', key)
    .update(`${scope.length}:${scope}`)
    .update(payload)
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}

const invalid = (): LonghaulError =>
  new LonghaulError({
    code: 'cursor-invalid',
    retryable: false,
    detail: 'The cursor was not made for this list.',
    field: 'cursor',
    remedy: 'Follow the link with relation "next" of the page before, or start again without a cursor.',
  });
