import { expect, it } from 'vitest';
import type { Context } from '../core/contexts.ts';
import { Totals } from '../core/totals.ts';
import { runSingles } from './crash-points.ts';
import { printFigures } from '../../helpers/print-figures.ts';

export function testRepeated(context: Context): void {
  it(`keeps every promise wherever one call goes wrong, when all is delivered so: ${context}`, async () => {
    const totals = new Totals();
    await runSingles(totals, { contexts: [context] });
    printFigures(`crash points, ${context}: ${totals.toString()}`);
    expect(totals.violations).toEqual([]);
  });
}
