import { expect, it } from 'vitest';
import { Totals } from './core/totals.ts';
import { runModel } from './tiers/model.ts';
import { printFigures } from '../helpers/print-figures.ts';

it('answers callers, and moves jobs, as a model of a page predicts', async () => {
  const totals = new Totals();
  const tally = await runModel(totals);
  const counts = [...tally].map(([what, times]) => `${what} ${times}`).sort();
  printFigures(`model: ${totals.toString()}`, `model: commands and answers: ${counts.join(', ')}`);
  expect(totals.violations).toEqual([]);
  // Every command was run, and every answer of the model was given.
  expect(counts).toHaveLength(28);
});
