import { expect, it } from 'vitest';
import type { Share } from '../core/share.ts';
import { FIRST_SEED, SEEDS } from '../core/soak.ts';
import { Totals } from '../core/totals.ts';
import { runRandom } from './random.ts';
import { printFigures } from '../../helpers/print-figures.ts';

const STEPS = 10_000;

export function testRandom(share: Share): void {
  it('keeps every promise in worlds where nobody decides but the seed', async () => {
    const totals = new Totals();
    await runRandom(totals, { firstSeed: FIRST_SEED, seeds: SEEDS, steps: STEPS, share });
    printFigures(`simulation of ${STEPS} steps, part ${share.part} of ${share.of}: ${totals.toString()}`);
    expect(totals.violations).toEqual([]);
  });
}
