import { runBatches } from '../../simulation/tiers/delivery-batches.ts';
import { runOrders, runRedrives } from '../../simulation/tiers/delivery-orders.ts';
import { runPoisonBodies, runPoisonImages } from '../../simulation/tiers/delivery-poison.ts';
import type { Totals } from '../../simulation/core/totals.ts';
import { answer, untilViolation } from '../find-violation.ts';

const PARTS: Record<string, (totals: Totals) => Promise<unknown>> = {
  'poison bodies': runPoisonBodies,
  'poison images': runPoisonImages,
  batches: runBatches,
  orders: runOrders,
  redrives: runRedrives,
};

void answer(({ where, maxCases }) =>
  untilViolation(maxCases, async (totals) => {
    for (const [name, run] of Object.entries(PARTS)) if (name.startsWith(where)) await run(totals);
  }),
);
