import { expect, it } from 'vitest';
import { Totals } from './core/totals.ts';
import { runPairs } from './tiers/crash-points.ts';
import { isSoak } from './core/soak.ts';

it('keeps every promise wherever two calls go wrong', async () => {
  const totals = new Totals();
  await runPairs(totals, isSoak ? {} : { contexts: ['once'] });
  console.log(`pairs of crash points: ${totals.toString()}`);
  expect(totals.violations).toEqual([]);
});
