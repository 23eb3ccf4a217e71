import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../../../scripts/local/api-client.ts';

/**
 * Longest time that one request is sent again and again. A function that is killed while it answers leaves its
 * Idempotency-Key taken for as long as it could have run, 29 s, and may be killed at the next attempt, too.
 */
const LIMIT_MS = 240_000;
const PAUSE_MS = 300;

const CONFLICT = 409;
const TOO_MANY_REQUESTS = 429;
const FIRST_SERVER_ERROR = 500;

export interface Answer {
  status: number;
  body: unknown;
}

/**
 * Sends a request as a careful caller does: again after a refusal that passes, and when there was no answer. Such a
 * request may take effect twice unless it has an Idempotency-Key or changes nothing.
 * @throws the last failure once the time is over
 */
export async function requestPatiently(
  api: ApiClient,
  ...parameters: Parameters<ApiClient['request']>
): Promise<Answer> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const answer = await api.request(...parameters).catch((error: unknown) => {
      if (isPassing(error) && performance.now() < deadline) return undefined;
      throw error;
    });
    if (answer !== undefined && !asksToComeAgain(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`still answered ${answer?.status}: ${JSON.stringify(answer?.body)}`);
    await delay(PAUSE_MS);
  }
}

/** No connection, one that broke, or no answer in time. */
function isPassing(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}

/** A conflict asks for it too when the same request is being answered. */
function asksToComeAgain({ status, body }: Answer): boolean {
  if (status >= FIRST_SERVER_ERROR || status === TOO_MANY_REQUESTS) return true;
  return status === CONFLICT && JSON.stringify(body).includes('idempotency-in-progress');
}
