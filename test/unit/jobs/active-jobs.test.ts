import { beforeEach, describe, expect, it } from 'vitest';
import { quotaItemKey } from '../../../shared/jobs/items/keys.ts';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';

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

  it('are not counted where no quota is set', async () => {
    test = createTestEngine();
    await submit('a');
    expect(await held()).toBeUndefined();
  });
});
