import { expect, it } from 'vitest';
import { UPLOAD_TRANSITIONS } from '../../shared/uploads/state-machine.ts';
import { PAIR_CONTEXTS } from './core/soak.ts';
import { Totals } from './core/totals.ts';
import { runUploads } from './uploads/upload-crash-points.ts';
import { printFigures } from '../helpers/print-figures.ts';

/** Exhaustive: every call of every handler of uploads goes wrong in every way. */
it('keeps every promise of uploads and quotas wherever one call goes wrong', async () => {
  const totals = new Totals();
  const steps = await runUploads(totals, { contexts: PAIR_CONTEXTS });
  printFigures(`uploads: ${totals.toString()}`);
  expect(totals.violations).toEqual([]);
  expect([...steps].sort()).toEqual(UPLOAD_TRANSITIONS.map(({ from, to }) => `${from} → ${to}`).sort());
});
