import { PutObjectCommand } from '@aws-sdk/client-s3';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobStatus } from '../../scripts/local/api-client.ts';
import { killWorkers } from './helpers/kill-workers.ts';
import { purgeQueue, sendDuplicates } from './helpers/queues.ts';
import { readOutput } from './helpers/read-output.ts';
import { restartLocalCloud } from './helpers/restart-local-cloud.ts';
import { hasStack, testStack, type TestStack } from './helpers/stack.ts';

const PROCESS = 'raster-preseed';
/** Four chunks of 64 tiles on the example scene. */
const INPUTS = { minzoom: 6, maxzoom: 13, tileSize: 512, format: 'png' };

const isRunning = ({ state }: JobStatus): boolean => state === 'running';

describe.runIf(hasStack)('a job on the deployed stack', () => {
  let stack: TestStack;
  let source: string;
  /** The archive and counts of a run that nothing disturbed. */
  let undisturbed: { archive: Uint8Array; job: JobStatus };

  const submit = (key: string, inputs: object = {}): Promise<JobStatus> =>
    stack.api.submit(PROCESS, { datasets: [{ id: 'scene', source }], ...INPUTS, ...inputs }, key);

  /** Whatever happened on the way: the counts are those of the undisturbed run, and so is every byte. */
  async function expectUndisturbed(job: JobStatus): Promise<void> {
    expect(job).toMatchObject({ state: 'succeeded', counts: undisturbed.job.counts, units: undisturbed.job.units });
    expect(Buffer.compare(await readOutput(stack, job.jobID, 'scene.pmtiles'), undisturbed.archive)).toBe(0);
    const events = await stack.api.request('GET', `jobs/${job.jobID}/events`);
    const states = (events.body as { events: { state: string }[] }).events.map(({ state }) => state);
    expect(states.filter((state) => state === 'succeeded')).toHaveLength(1);
    expect(states.at(-1)).toBe('succeeded');
  }

  beforeAll(async () => {
    stack = await testStack();
    const { data } = stack.description.buckets;
    const key = `sources/${stack.description.tenant}/scene.tif`;
    const scene = await readFile(new URL('../../examples/scene.tif', import.meta.url));
    await stack.clients.s3.send(new PutObjectCommand({ Bucket: data, Key: key, Body: scene }));
    source = `s3://${data}/${key}`;
    const { jobID } = await submit('undisturbed');
    const job = await stack.api.wait(jobID);
    expect(job.state).toBe('succeeded');
    undisturbed = { job, archive: await readOutput(stack, jobID, 'scene.pmtiles') };
  });

  afterAll(() => stack.clients.destroy());

  let lethal: Promise<JobStatus> | undefined;
  /** The end of a job of which one chunk always kills its worker: five deliveries, half a minute apart, for all tests. */
  const endOfLethal = (): Promise<JobStatus> =>
    (lethal ??= stack.api
      .submit('self-destruct', { lethalChunk: 3, mode: 'kill', run: 'kill' })
      .then(({ jobID }) => stack.api.wait(jobID)));

  describe('waiting for redelivery and the sweeper at the same time', () => {
    it.concurrent('ends partial, named and archived, when one chunk always kills its worker', async () => {
      const job = await endOfLethal();
      const { jobID } = job;
      expect(job).toMatchObject({ state: 'partial', counts: { done: 7, failed: 1, skipped: 0 } });
      expect(job.errors).toMatchObject([{ code: 'worker-lost' }]);
      const errors = await stack.api.request('GET', `jobs/${jobID}/errors`);
      expect(errors.body).toMatchObject({ errors: [{ code: 'worker-lost', number: 3 }] });
    });

    it.concurrent(
      'is healed by the sweeper when its queue is purged, and survives a worker that is killed',
      async () => {
        const purged = await submit('purged');
        await stack.api.wait(purged.jobID, { until: isRunning });
        await purgeQueue(stack, PROCESS);
        const killed = await submit('killed');
        await stack.api.wait(killed.jobID, { until: isRunning });
        const worker = stack.description.functions.workers[PROCESS];
        await stack.api.wait(killed.jobID, { until: () => true });
        expect(await killWorkers(stack, worker ?? '')).toBeGreaterThan(0);
        await expectUndisturbed(await stack.api.wait(killed.jobID));
        await expectUndisturbed(await stack.api.wait(purged.jobID));
      },
    );
  });

  it('counts nothing twice when its messages are duplicated', async () => {
    const { jobID } = await submit('duplicated');
    await stack.api.wait(jobID, { until: isRunning });
    expect(await sendDuplicates(stack, PROCESS)).toBeGreaterThan(0);
    await expectUndisturbed(await stack.api.wait(jobID));
  });

  it('is over at once when it is cancelled in full work, and publishes nothing after it', async () => {
    const { jobID } = await submit('cancelled', { datasets: [{ id: 'cancelled-scene', source }], maxzoom: 15 });
    await stack.api.wait(jobID, { until: isRunning });
    expect(await stack.api.cancel(jobID)).toMatchObject({ status: 'dismissed', state: 'cancelled' });
    // A job that comes after it is worked on by the same workers: once it is published, they have left the other.
    const { jobID: next } = await submit('after-the-cancelled', { maxzoom: 8 });
    expect(await stack.api.wait(next)).toMatchObject({ state: 'succeeded' });
    expect(await stack.api.status(jobID)).toMatchObject({ state: 'cancelled' });
    expect((await stack.api.request('GET', 'datasets/cancelled-scene')).status).toBe(404);
    expect((await stack.api.request('GET', `jobs/${jobID}/results`)).status).toBeGreaterThanOrEqual(400);
  });

  it('gives the failed units of a job, and only those, to its retry', async () => {
    const first = await endOfLethal();
    expect(first.state).toBe('partial');
    const retry = await stack.api.retry(first.jobID);
    expect(retry.retryOf).toBe(first.jobID);
    expect(await stack.api.wait(retry.jobID, { until: ({ units }) => units !== undefined })).toMatchObject({
      units: 1,
    });
    expect((await stack.api.cancel(retry.jobID)).state).toBe('cancelled');
  });

  it('goes on where it was when the cloud is restarted in the middle of it', async () => {
    const { jobID } = await submit('restarted');
    await stack.api.wait(jobID, { until: isRunning });
    await restartLocalCloud(stack);
    await expectUndisturbed(await stack.api.wait(jobID));
  });
});
