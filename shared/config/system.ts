import { setTimeout as delay } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import type { Clock } from '../jobs/ports/clock.ts';
import type { Identifiers, Random } from '../jobs/ports/identifiers.ts';

/** The real time, randomness and ids: the only file that reads them. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      // Node rejects with an AbortError of its own, which says nothing of why.
      signal?.throwIfAborted();
      throw error;
    });
  },
};

export const systemRandom: Random = () => Math.random();

const nextUlid = monotonicFactory();
export const systemIdentifiers: Identifiers = { next: (now) => nextUlid(now) };
