import { expect, it } from 'vitest';
import { CLEAN_UP_PREFIX } from '../../shared/jobs/items/keys.ts';
import type { Write } from '../../shared/jobs/ports/job-store.ts';
import { Drive } from './core/drive.ts';
import type { Fault } from './core/faults.ts';
import type { PortCall } from './core/port-call.ts';
import { submit } from './core/scenarios.ts';
import { World } from './core/world.ts';
import { checkAll } from './invariants/invariants.ts';

/** The finisher dies before it publishes; then the clean-up of what it wrote is refused for good. */
function decide({ name, invocation, parameters }: PortCall): Fault | undefined {
  if (name === 'store.transact' && invocation.role === 'worker') return 'crash-before';
  const isCleanUp = name === 'store.write' && (parameters[0] as Write).key.sk.startsWith(CLEAN_UP_PREFIX);
  return isCleanUp ? 'terminal' : undefined;
}

// Found by the soak, with seed 614.
it('leaves to an operator, by name, the outputs of a job whose clean-up is refused for good', async () => {
  const world = new World({ decide });
  const drive = new Drive(world, 'once');
  const job = await submit(world, { datasets: [{ id: 'a', units: 3 }] });
  while (world.fired.length === 0) await drive.step();
  await world.cancel(job);
  await drive.rest();

  const left = `s3://data/outputs/acme/${job.jobId}/a.txt`;
  const putAside = [...world.objects.objects.keys()].filter((url) => url.includes('/dead-letters/_unknown/stream/'));
  expect(world.objects.objects.has(left)).toBe(true);
  expect(putAside).toHaveLength(1);
  expect(await checkAll(world)).toEqual([]);

  world.objects.remove(new URL(putAside[0]!));
  const unpublished = `of acme/${job.jobId} is left, which published nothing`;
  expect((await checkAll(world)).filter((breach) => breach.startsWith('S5'))).toEqual([
    `S5 a.txt ${unpublished}`,
    `S5 results.json ${unpublished}`,
  ]);
});
