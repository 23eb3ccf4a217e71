import { expect, it } from 'vitest';
import type { Share } from '../core/share.ts';
import { PAIR_CONTEXTS } from '../core/soak.ts';
import { Totals } from '../core/totals.ts';
import { runPairs } from './crash-points.ts';
import { printFigures } from '../../helpers/print-figures.ts';

export function testPairs(share: Share): void {
  it('keeps every promise wherever two calls go wrong', async () => {
    const totals = new Totals();
    await runPairs(totals, { share, contexts: PAIR_CONTEXTS });
    printFigures(
      `pairs of crash points, ${PAIR_CONTEXTS.join(', ')}, part ${share.part} of ${share.of}: ${totals.toString()}`,
    );
    expect(totals.violations).toEqual([]);
  });
}
