import type { Random } from './ports/identifiers.ts';
import { MAX_DELAY_SECONDS } from './ports/queue.ts';

/** No process may ask for more attempts than this. */
export const MAX_ATTEMPTS = 20;

/** Bound of the delay before the second attempt, in seconds; it doubles with each further one. */
const BASE_SECONDS = 30;

/**
 * Seconds to wait before the next attempt: exponential with full jitter (uniform between zero and the bound), so that
 * many failures at one instant do not come back at one instant. Bounds: 30, 60, 120, 240, 480, then 900.
 * @param attempt the attempt that just failed, from 1
 * @param retryAfterMs what the other side asked for; never earlier than that, up to the queue's longest delay
 */
export function retryDelaySeconds(attempt: number, random: Random, retryAfterMs = 0): number {
  const bound = Math.min(BASE_SECONDS * 2 ** (attempt - 1), MAX_DELAY_SECONDS);
  const asked = Math.ceil(retryAfterMs / 1000);
  return Math.min(Math.max(Math.floor(random() * (bound + 1)), asked), MAX_DELAY_SECONDS);
}
