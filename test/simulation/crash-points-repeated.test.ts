import { expect, it } from 'vitest';
import { Totals } from './core/totals.ts';
import { runSingles } from './tiers/crash-points.ts';

/** A file of its own, so that both cores have work. */
it('keeps every promise wherever one call goes wrong, when all is delivered repeatedly or to two at once', async () => {
  const totals = new Totals();
  await runSingles(totals, { contexts: ['redelivered', 'two-workers'] });
  console.log(`crash points, redelivered and two workers: ${totals.toString()}`);
  expect(totals.violations).toEqual([]);
});
