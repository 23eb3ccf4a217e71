import { describe, expect, it } from 'vitest';
import { jobItemKey } from '../../../shared/jobs/items/keys.ts';
import { STALE_MILLISECONDS } from '../../../shared/jobs/handlers/sweep.ts';
import type { ItemKey, JobStore } from '../../../shared/jobs/ports/job-store.ts';
import { submitJob, type Submission } from '../../../shared/jobs/submit-job.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

const JOB = '01J00000000000000000000001';
const SUBMISSION: Submission = {
  tenant: 'acme',
  subject: 'ann',
  processId: 'numbers',
  request: { inputs: { datasets: [{ id: 'a', units: 1 }] } },
};

describe('what a submission gives', () => {
  it('is the whole job, with a deadline and a first look of the sweeper', async () => {
    const { engine, clock, objects } = createTestEngine();
    const now = clock.now();
    const { job } = await submitJob(engine.platform, SUBMISSION);
    expect(job).toStrictEqual({
      tenant: 'acme',
      jobId: JOB,
      state: 'accepted',
      version: 1,
      processId: 'numbers',
      processVersion: '1.0.0',
      createdAt: now,
      updatedAt: now,
      deadlineAt: now + 3_600_000,
      dueAt: now + STALE_MILLISECONDS,
      subject: 'ann',
      counts: [],
      nextShard: 0,
      settledShards: new Set(),
      healed: {},
      history: [{ state: 'accepted', at: now, actor: 'user:ann', cause: 'submitted' }],
    });
    expect(STALE_MILLISECONDS).toBe(120_000);
    expect(objects.objects.has(`s3://data/work/acme/${JOB}/request.json`)).toBe(true);
  });

  it('says whether there are tags and a subscriber, and what it retries', async () => {
    const { engine } = createTestEngine();
    const { job } = await submitJob(engine.platform, {
      ...SUBMISSION,
      request: { ...SUBMISSION.request, subscriber: { successUri: 'https://a.example/' } },
      tags: ['night'],
      retryOf: 'other',
    });
    expect(job).toMatchObject({ tags: ['night'], subscribed: true, retryOf: 'other', history: [{ cause: 'retry' }] });
    const bare = await submitJob(engine.platform, { ...SUBMISSION, tags: [] });
    expect(bare.job).not.toHaveProperty('tags');
  });

  it('is one job for one key, and another for another key, process or retried job', async () => {
    const { engine } = createTestEngine();
    const idOf = async (more: Partial<Submission>) =>
      (await submitJob(engine.platform, { ...SUBMISSION, ...more })).job.jobId;
    const first = await idOf({});
    expect(await idOf({})).toBe(first);
    const others = [
      await idOf({ idempotencyKey: 'k' }),
      await idOf({ idempotencyKey: 'l' }),
      await idOf({ retryOf: 'other' }),
      await idOf({ request: { inputs: {} } }),
    ];
    expect(new Set([first, ...others]).size).toBe(5);
    expect(await idOf({ idempotencyKey: 'k' })).toBe(others[0]);
  });

  it('gives each transaction a token of its own, that says what it is for', async () => {
    const { engine } = createTestEngine();
    const { store } = engine;
    const tokens: string[] = [];
    const watching: JobStore = {
      ...store.labelled('submit'),
      transact: (writes, token) => {
        tokens.push(token);
        return store.transact(writes, token);
      },
    };
    await submitJob({ ...engine.platform, store: watching }, SUBMISSION);
    expect(tokens).toEqual([`acme/${JOB}/submit`]);
  });
});

describe('a submission that is refused', () => {
  it('names the process that does not exist', async () => {
    const { engine } = createTestEngine();
    await expect(submitJob(engine.platform, { ...SUBMISSION, processId: 'none' })).rejects.toMatchObject({
      code: 'process-unknown',
      retryable: false,
      detail: 'There is no process none.',
      remedy: 'List the processes at /processes.',
    });
  });

  it('names the job that its key was used for', async () => {
    const { engine } = createTestEngine();
    await submitJob(engine.platform, { ...SUBMISSION, idempotencyKey: 'k' });
    const other = { ...SUBMISSION, idempotencyKey: 'k', request: { inputs: {} } };
    await expect(submitJob(engine.platform, other)).rejects.toMatchObject({
      code: 'idempotency-conflict',
      retryable: false,
      detail: `This Idempotency-Key was used for another request, which gave job ${JOB}.`,
      remedy: 'Send the request of that time again, or use a new key for this one.',
    });
  });

  it('may be made again when the job that it met cannot be read', async () => {
    const { engine } = createTestEngine();
    await submitJob(engine.platform, SUBMISSION);
    const { store } = engine;
    const unreadable = {
      code: 'store-unavailable',
      retryable: true,
      detail: 'The submission met another one of the same job and could not read it.',
      remedy: 'Submit again: the same submission gives the same job.',
    };
    const without = (prefix: string): JobStore => ({
      ...store.labelled('submit'),
      read: async (key: ItemKey, options) => (key.sk.startsWith(prefix) ? undefined : store.read(key, options)),
    });
    for (const prefix of ['JOB#', 'SUBMISSION']) {
      const platform = { ...engine.platform, store: without(prefix) };
      await expect(submitJob(platform, SUBMISSION)).rejects.toMatchObject(unreadable);
    }
  });

  it('finds the job of its key as it now is', async () => {
    const { engine } = createTestEngine();
    const { store } = engine;
    await submitJob(engine.platform, SUBMISSION);
    const consistentOnly: JobStore = {
      ...store.labelled('submit'),
      read: (key, options = {}) =>
        options.consistent === true ? store.read(key, options) : Promise.reject(new Error('a read that may be stale')),
    };
    const { outcome, job } = await submitJob({ ...engine.platform, store: consistentOnly }, SUBMISSION);
    expect([outcome, job.jobId]).toEqual(['existing', JOB]);
    expect(await store.read(jobItemKey(job))).toMatchObject({ version: 1 });
  });
});
