import { setTimeout as delay } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import type { Clock } from '../jobs/ports/clock.ts';
import type { Identifiers, Random } from '../jobs/ports/identifiers.ts';

/** The real time, randomness and ids: the only file that reads them. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};

export const systemRandom: Random = () => Math.random();

const nextUlid = monotonicFactory();
export const systemIdentifiers: Identifiers = { next: (now) => nextUlid(now) };
