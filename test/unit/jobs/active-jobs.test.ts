import { beforeEach, describe, expect, it } from 'vitest';
import { releaseEndedJobs } from '../../../shared/jobs/active-jobs.ts';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { handleJobChange } from '../../../shared/jobs/handlers/handle-job-change.ts';
import { jobItemKey, quotaItemKey } from '../../../shared/jobs/items/keys.ts';
import type { JobStore, Write } from '../../../shared/jobs/ports/job-store.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { moveTo } from './move-to.ts';

const JOB = { datasets: [{ id: 'a', units: 2 }], chunkUnits: 2 };
const TENANT = 'acme';

let test: TestEngine;
const limitTo = (maxActiveJobs: number): void => {
  const limits = () => ({ maxUnits: 1e12, maxOutputBytes: 1e15, maxActiveJobs });
  Object.assign(test.engine.platform, { limits });
};
const submit = (idempotencyKey: string, tenant = TENANT): Promise<string> =>
  test.submit(JOB, { idempotencyKey, tenant });
const held = async (): Promise<unknown> => test.engine.store.read(quotaItemKey(TENANT), { consistent: true });

beforeEach(() => {
  test = createTestEngine();
  limitTo(2);
});

describe('the active jobs of a tenant', () => {
  it('are no more than its quota, and it says how many there are', async () => {
    await submit('a');
    await submit('b');
    await expect(submit('c')).rejects.toMatchObject({
      code: 'quota-exceeded',
      use: { quota: 'activeJobs', used: 0, reserved: 2, limit: 2, asked: 1 },
    });
    await submit('c', 'globex');
  });

  it('are counted once for one submission, also when there is no room left', async () => {
    const job = await submit('a');
    await submit('b');
    expect(await submit('a')).toBe(job);
    expect(await held()).toMatchObject({ activeJobs: 2 });
  });

  it('make room when they end, once however often the stream says so', async () => {
    const job = await submit('a');
    await cancelJob(test.engine.platform, { tenant: TENANT, jobId: job }, 'user:ann');
    await test.engine.followStream();
    expect(await held()).toEqual({ activeJobs: 0 });
    await submit('b');
    await test.engine.runUntilIdle();
    expect(await held()).toEqual({ activeJobs: 0 });
  });

  it('make room for the next submission when the stream lost their end', async () => {
    for (const key of ['a', 'b']) {
      const jobId = await submit(key);
      await cancelJob(test.engine.platform, { tenant: TENANT, jobId }, 'user:ann');
    }
    test.engine.store.stream.take();
    expect(await held()).toMatchObject({ activeJobs: 2 });
    await submit('c');
    expect(await held()).toMatchObject({ activeJobs: 1 });
  });

  it('are counted by name from the moment that they are accepted, and while they run', async () => {
    const job = await submit('a');
    const counted = { activeJobs: 1, [`job:${job}`]: true };
    expect(await held()).toEqual(counted);
    await moveTo(test, job, 'finishing');
    expect(await held()).toEqual(counted);
  });

  it('make room when their rows are gone', async () => {
    for (const key of ['a', 'b']) {
      test.engine.store.remove(jobItemKey({ tenant: TENANT, jobId: await submit(key) }));
    }
    await submit('c');
    expect(await held()).toMatchObject({ activeJobs: 1 });
  });

  it('are taken out of the count by item and rows as they now are', async () => {
    const jobId = await submit('a');
    await cancelJob(test.engine.platform, { tenant: TENANT, jobId }, 'user:ann');
    const { platform, store } = test.engine;
    const consistentOnly: JobStore = {
      ...store.labelled('submit'),
      read: (key, options = {}) =>
        options.consistent === true ? store.read(key, options) : Promise.reject(new Error('a read that may be stale')),
    };
    const quota = await releaseEndedJobs({ ...platform, store: consistentOnly }, TENANT);
    expect(quota).toMatchObject({ activeJobs: 0, heldJobs: [] });
  });

  it('that were never counted are not taken out of the count when they end', async () => {
    test = createTestEngine();
    const written: Write[] = [];
    const { platform, store } = test.engine;
    const watching: JobStore = {
      ...store.labelled('stream'),
      write: (write) => {
        written.push(write);
        return store.write(write);
      },
    };
    const jobId = await submit('a');
    const { job } = await test.read(jobId);
    await handleJobChange({ ...platform, store: watching }, job, { ...job, state: 'cancelled' });
    expect(written).toEqual([]);
    await handleJobChange({ ...platform, store: watching }, job, { ...job, state: 'cancelled', inQuota: true });
    expect(written.map(({ key }) => key)).toEqual([quotaItemKey(TENANT)]);
  });

  it('are asked for once more only when one of them has ended', async () => {
    const tokens: string[] = [];
    const { platform, store } = test.engine;
    const watching: JobStore = {
      ...store.labelled('submit'),
      transact: (writes, token) => {
        tokens.push(token);
        return store.transact(writes, token);
      },
    };
    await submit('a');
    const jobId = await submit('b');
    platform.store = watching;
    await expect(submit('c')).rejects.toMatchObject({ code: 'quota-exceeded' });
    expect(tokens).toHaveLength(1);
    await cancelJob(platform, { tenant: TENANT, jobId }, 'user:ann');
    await submit('c');
    expect(tokens).toHaveLength(3);
  });

  it('are not counted where no quota is set', async () => {
    test = createTestEngine();
    await submit('a');
    expect(await held()).toBeUndefined();
  });
});
