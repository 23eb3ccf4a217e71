import { expect, it } from 'vitest';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { sweep } from '../../../shared/jobs/handlers/sweep.ts';
import { finalError } from '../../helpers/numbers-process.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';

const MINUTE = 60_000;
const THREE = { datasets: [{ id: 'a', units: 3 }], failing: [1] };

const outputs = ({ objects }: TestEngine): string[] =>
  [...objects.objects.keys()]
    .filter((url) => url.startsWith('s3://data/outputs/'))
    .map((url) => url.split('/').at(-1)!);

/** A job whose finisher wrote its outputs before it was cancelled. */
async function cancelledWithOutputs(): Promise<TestEngine> {
  const test = createTestEngine({
    finishError: () => {
      const url = new URL(`s3://data/outputs/acme/${jobId}/a.txt`);
      void test.objects.putIfAbsent(url, new Uint8Array(1), 'text/plain');
      void cancelJob(test.engine.platform, { tenant: 'acme', jobId }, 'user:ann');
      return finalError();
    },
  });
  const jobId = await test.submit(THREE);
  await test.engine.runUntilIdle();
  expect((await test.read(jobId)).job.state).toBe('cancelled');
  expect(outputs(test)).toEqual(['errors.ndjson', 'a.txt']);
  return test;
}

it('removes what a job wrote and did not publish, once no worker can still write, and keeps its list of errors', async () => {
  const test = await cancelledWithOutputs();
  test.clock.advance(20 * MINUTE - 1);
  await sweep(test.engine.platform);
  expect(outputs(test)).toEqual(['errors.ndjson', 'a.txt']);
  test.clock.advance(1);
  await sweep(test.engine.platform);
  expect(outputs(test)).toEqual(['errors.ndjson']);
});

it('is done once: later sweeps look at it no more', async () => {
  const test = await cancelledWithOutputs();
  test.clock.advance(20 * MINUTE);
  await Promise.all([sweep(test.engine.platform), sweep(test.engine.platform)]);
  const calls = test.engine.store.capacity.lines.length;
  await sweep(test.engine.platform);
  expect(test.engine.store.capacity.lines.slice(calls).map(({ operation }) => operation)).toEqual(
    Array.from({ length: 8 }, () => 'list-due'),
  );
});

it('leaves what is published', async () => {
  const test = createTestEngine();
  await test.submit(THREE);
  await test.engine.runUntilIdle();
  test.clock.advance(60 * MINUTE);
  await sweep(test.engine.platform);
  expect(outputs(test).sort()).toEqual(['a.txt', 'errors.ndjson', 'results.json']);
});
