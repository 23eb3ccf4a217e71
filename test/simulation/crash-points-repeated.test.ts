import { expect, it } from 'vitest';
import { INTERRUPTED_SCENARIOS } from './core/scenarios.ts';
import { isSoak } from './core/soak.ts';
import { Totals } from './core/totals.ts';
import { runSingles } from './tiers/crash-points.ts';

/** A file of its own, so that both cores have work. A push runs two scenarios so, `npm run test:soak` all of them. */
it('keeps every promise wherever one call goes wrong, when all is delivered repeatedly or to two at once', async () => {
  const totals = new Totals();
  const contexts = ['redelivered', 'two-workers'] as const;
  await runSingles(totals, isSoak ? { contexts } : { contexts, scenarios: INTERRUPTED_SCENARIOS });
  console.log(`crash points, redelivered and two workers: ${totals.toString()}`);
  expect(totals.violations).toEqual([]);
});
