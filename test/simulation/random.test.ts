import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { isSoak } from './core/soak.ts';
import { Totals } from './core/totals.ts';
import { runRandom, runSeed } from './tiers/random.ts';

const STEPS = 10_000;
const SEEDS = isSoak ? 50_000 : 100;

it('keeps every promise in worlds where nobody decides but the seed', async () => {
  const totals = new Totals();
  await runRandom(totals, { seeds: SEEDS, steps: STEPS });
  console.log(`simulation of ${SEEDS} seeds of ${STEPS} steps: ${totals.toString()}`);
  expect(totals.violations).toEqual([]);
});

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
