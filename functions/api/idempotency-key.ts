import type { Api } from './api.ts';
import { invalidParameter } from './errors.ts';
import type { ApiRequest } from './request.ts';
import type { ApiResponse } from './response.ts';
import { principalOf } from './route-handler.ts';

/** Longest key, in characters. */
const MAX_KEY_CHARACTERS = 128;

/**
 * The `Idempotency-Key` of a request.
 * @throws LonghaulError `parameter-invalid` for an empty, long or unprintable one
 */
export function idempotencyKeyOf(request: ApiRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (/^[\x21-\x7e]+$/.test(key) && key.length <= MAX_KEY_CHARACTERS) return key;
  throw invalidParameter(
    'Idempotency-Key',
    'The Idempotency-Key is empty, too long, or has characters that cannot be printed.',
    `Give 1 to ${MAX_KEY_CHARACTERS} printable ASCII characters without spaces, such as a UUID.`,
  );
}

/**
 * Answers a POST, or gives the answer that it had before under its `Idempotency-Key`.
 * @param body as parsed: spaces and the order of members make no other request
 */
export async function replayed(
  api: Pick<Api, 'replay'>,
  request: ApiRequest,
  body: unknown,
  run: () => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const key = idempotencyKeyOf(request);
  if (key === undefined) return run();
  const scope = JSON.stringify([principalOf(request).tenant, request.method, request.path.replace(/\/$/, ''), key]);
  return api.replay({ key: scope, fingerprint: body ?? null }, request.lambda, run);
}
