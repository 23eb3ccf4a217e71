import { describe, expect, it } from 'vitest';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { cleanUp, CLEAN_UP_MILLISECONDS, cleanUpOf, planCleanUp } from '../../../shared/jobs/handlers/clean-up.ts';
import { cleanUpItemKey, jobItemKey } from '../../../shared/jobs/items/keys.ts';
import type { JobState } from '../../../shared/jobs/job.ts';
import type { JobStore } from '../../../shared/jobs/ports/job-store.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { moveTo } from './move-to.ts';
import { recordingLogger } from './recording-logger.ts';

const JOB = '01J00000000000000000000001';
const KEY = { tenant: 'acme', jobId: JOB };
const CLEAN_UP = { pk: 'TENANT#acme', sk: `CLEANUP#${JOB}` };

const outputs = ({ objects }: TestEngine): string[] =>
  [...objects.objects.keys()].filter((url) => url.includes('/outputs/')).map((url) => url.split('/').at(-1)!);

/** A job with outputs in a state, and a clean-up that is due now. */
async function dueIn(state: JobState): Promise<TestEngine> {
  const test = createTestEngine();
  await test.submit({ datasets: [{ id: 'a', units: 3 }], failing: [1] });
  await test.engine.runUntilIdle();
  const { job } = await test.read(JOB);
  await planCleanUp(test.engine.platform, { ...job, updatedAt: test.clock.now() });
  test.clock.advance(CLEAN_UP_MILLISECONDS);
  await test.engine.store.write({
    kind: 'update',
    key: jobItemKey(KEY),
    condition: { operator: 'exists', attribute: 'pk' },
    set: { state },
  });
  return test;
}

describe('a clean-up', () => {
  it('is noted with when it is due and when it may be forgotten', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 1 }] });
    const { job } = await test.read(JOB);
    await planCleanUp(test.engine.platform, job);
    expect(cleanUpItemKey(KEY)).toEqual(CLEAN_UP);
    expect(await test.engine.store.read(CLEAN_UP)).toEqual({
      activePartition: 'active#1',
      dueAt: job.updatedAt + 20 * 60_000,
      ttl: job.updatedAt / 1_000 + 30 * 86_400,
    });
    expect(cleanUpOf(CLEAN_UP)).toEqual(KEY);
    expect(cleanUpOf(jobItemKey(KEY))).toBeUndefined();
  });

  it.each(['succeeded', 'partial'] as const)('leaves all files of a job that %s', async (state) => {
    const test = await dueIn(state);
    await cleanUp(test.engine.platform, KEY);
    expect(outputs(test).sort()).toEqual(['a.txt', 'errors.ndjson', 'results.json']);
    expect(await test.engine.store.read(CLEAN_UP)).not.toHaveProperty('dueAt');
  });

  it.each(['failed', 'cancelled'] as const)(
    'removes all but the errors of a job that %s, and says how much',
    async (state) => {
      const test = await dueIn(state);
      const { logger, lines } = recordingLogger();
      await cleanUp({ ...test.engine.platform, logger }, KEY);
      expect(outputs(test)).toEqual(['errors.ndjson']);
      expect(lines).toEqual([['info', 'job.cleaned', { tenant: 'acme', job: JOB, files: 2 }]]);
      const item = await test.engine.store.read(CLEAN_UP);
      expect(Object.keys(item!)).toEqual(['ttl']);
    },
  );

  it('removes the files of a job whose row is gone', async () => {
    const test = await dueIn('failed');
    test.engine.store.remove(jobItemKey(KEY));
    await cleanUp(test.engine.platform, KEY);
    expect(outputs(test)).toEqual(['errors.ndjson']);
  });

  it('does nothing before it is due, or when there is none', async () => {
    const test = await dueIn('failed');
    test.clock.advance(-1);
    await cleanUp(test.engine.platform, KEY);
    expect(outputs(test)).toHaveLength(3);
    test.engine.store.remove(CLEAN_UP);
    test.clock.advance(1);
    await cleanUp(test.engine.platform, KEY);
    expect(outputs(test)).toHaveLength(3);
  });

  it('is noted once: a change that is seen again after it was done brings nothing back', async () => {
    const test = await dueIn('failed');
    await cleanUp(test.engine.platform, KEY);
    await planCleanUp(test.engine.platform, (await test.read(JOB)).job);
    expect(await test.engine.store.read(CLEAN_UP)).not.toHaveProperty('dueAt');
  });

  it('is decided upon by item and row as they now are', async () => {
    const test = await dueIn('failed');
    const { store } = test.engine;
    const consistentOnly: JobStore = {
      ...store.labelled('sweeper'),
      read: (key, options = {}) =>
        options.consistent === true ? store.read(key, options) : Promise.reject(new Error('a read that may be stale')),
    };
    await cleanUp({ ...test.engine.platform, store: consistentOnly }, KEY);
    expect(outputs(test)).toEqual(['errors.ndjson']);
  });

  it('is noted for a job that ended while it was finished, and for no other', async () => {
    const noted = async (state: JobState) => {
      const test = createTestEngine();
      await test.submit({ datasets: [{ id: 'a', units: 3 }] });
      await moveTo(test, JOB, state);
      await cancelJob(test.engine.platform, KEY, 'user:ann');
      await test.engine.followStream();
      return (await test.engine.store.read(CLEAN_UP)) !== undefined;
    };
    expect([await noted('running'), await noted('finishing')]).toEqual([false, true]);
  });
});
