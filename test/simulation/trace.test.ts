import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { runSeed } from './tiers/random.ts';

it('does the same to the letter when a seed is run again', async () => {
  for (const seed of [1, 2, 3]) {
    const [first, second] = [await traceOf(seed), await traceOf(seed)];
    expect(first.length).toBeGreaterThan(1_000);
    expect(digest(second)).toBe(digest(first));
  }
  expect(digest(await traceOf(4))).not.toBe(digest(await traceOf(5)));
});

const traceOf = async (seed: number): Promise<string[]> =>
  (await runSeed(seed, { steps: 2_000, traced: true })).world.trace;

const digest = (trace: string[]): string => createHash('sha256').update(trace.join('\n')).digest('hex');
