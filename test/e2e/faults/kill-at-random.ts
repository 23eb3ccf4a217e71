import { setTimeout as delay } from 'node:timers/promises';
import { functionNames } from '../helpers/functions.ts';
import { kill, workersOf } from '../helpers/kill-workers.ts';
import { pick } from '../helpers/seeded-random.ts';
import type { TestStack } from '../helpers/stack.ts';

const SHORTEST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 5000;

/**
 * Kills one worker after another until it is told to stop: any worker of any function may be next.
 * @param random chooses the victims and the pauses between them
 * @returns how many died
 */
export async function killAtRandom(stack: TestStack, random: () => number, stop: AbortSignal): Promise<number> {
  const names = functionNames(stack);
  let killed = 0;
  while (!stop.aborted) {
    const workers = (await workersOf(stack, ...names)).sort((a, b) => a - b);
    if (workers.length > 0 && kill(pick(random, workers))) killed += 1;
    const pause = SHORTEST_PAUSE_MS + random() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS);
    await delay(pause, undefined, { signal: stop }).catch(() => undefined);
  }
  return killed;
}
