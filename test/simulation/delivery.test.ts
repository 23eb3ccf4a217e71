import { expect, it } from 'vitest';
import { Totals } from './core/totals.ts';
import { runBatches } from './tiers/delivery-batches.ts';
import { runOrders, runOrdersInBatches, runRedrives, runRedrivesAfterDeath } from './tiers/delivery-orders.ts';
import { runPoisonBodies, runPoisonImages } from './tiers/delivery-poison.ts';
import { printFigures } from '../helpers/print-figures.ts';

async function run(name: string, tier: (totals: Totals) => Promise<unknown>): Promise<Totals> {
  const totals = new Totals();
  await tier(totals);
  printFigures(`delivery, ${name}: ${totals.toString()}`);
  return totals;
}

it('reports exactly the records of a batch that were not durably handled', async () => {
  const { cases, violations } = await run('batches with every failing subset', runBatches);
  expect(violations).toEqual([]);
  expect(cases).toBe(5 * 2_046);
});

it('brings a job to the same end in whatever order its messages and records come, and however often', async () => {
  const orders = await run('orders of messages and records', runOrders);
  const batches = await run('orders of messages in one batch', runOrdersInBatches);
  expect([...orders.violations, ...batches.violations]).toEqual([]);
});

it('takes a message back from the dead letters at every point of the life of its job', async () => {
  const redrives = await run('redrives', runRedrives);
  const afterDeath = await run('redrives of messages that had died', runRedrivesAfterDeath);
  expect([...redrives.violations, ...afterDeath.violations]).toEqual([]);
});

it('keeps poison whole, and lets it change nothing', async () => {
  const { violations } = await run('poison bodies for three consumers', runPoisonBodies);
  const images = await run('poison records of the stream', runPoisonImages);
  expect([...violations, ...images.violations]).toEqual([]);
});
