import { expect, it } from 'vitest';
import { Totals } from './core/totals.ts';
import { runSingles } from './tiers/crash-points.ts';
import { runInterruptions } from './tiers/interruptions.ts';
import { printFigures } from '../helpers/print-figures.ts';

/** Preconditions that nothing refuses here: it would take an id that is drawn twice, or two sweepers at one instant. */
const NOT_HERE = [
  'a refusal by: absent state',
  'a refusal by: absent updatedAt',
  'a refusal by: in state & at-most deadlineAt',
];

/** Exhaustive: every call of every handler goes wrong in every way, and is cancelled or out of time at both its sides. */
it('keeps every promise wherever one call goes wrong, a job is cancelled or its deadline passes', async () => {
  const singles = new Totals();
  await runSingles(singles, { contexts: ['once', 'reordered'] });
  printFigures(`crash points, once and reordered: ${singles.toString()}`);
  const interruptions = new Totals();
  await runInterruptions(interruptions);
  printFigures(`interruptions: ${interruptions.toString()}`);
  expect([...singles.violations, ...interruptions.violations]).toEqual([]);
  expect(singles.joined(interruptions).missing().sort()).toEqual(NOT_HERE);
});
