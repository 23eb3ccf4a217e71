import { expect, it } from 'vitest';
import { printFigures } from '../helpers/print-figures.ts';
import { INGEST_SCENARIOS } from './core/ingest-scenarios.ts';
import { PAIR_CONTEXTS } from './core/soak.ts';
import { Totals } from './core/totals.ts';
import { runSingles } from './tiers/crash-points.ts';

it('keeps every promise wherever one call of an ingestion goes wrong', async () => {
  const totals = new Totals();
  await runSingles(totals, { scenarios: INGEST_SCENARIOS, contexts: PAIR_CONTEXTS });
  printFigures(`ingestion: ${totals.toString()}`);
  expect(totals.violations).toEqual([]);
});
