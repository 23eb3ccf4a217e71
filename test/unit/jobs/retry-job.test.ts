import { describe, expect, it } from 'vitest';
import { jobItemKey, shardItemKey } from '../../../shared/jobs/items/keys.ts';
import type { Job } from '../../../shared/jobs/job.ts';
import { loadJob } from '../../../shared/jobs/load-job.ts';
import { planRetry } from '../../../shared/jobs/plan-retry.ts';
import type { ItemKey, JobStore } from '../../../shared/jobs/ports/job-store.ts';
import type { Plan, ProcessDefinition } from '../../../shared/jobs/process.ts';
import { retryJob, type RetryOptions } from '../../../shared/jobs/retry-job.ts';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import { readRequest } from '../../../shared/jobs/stored-plan.ts';
import { finalError, type NumbersHooks } from '../../helpers/numbers-process.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { moveTo } from './move-to.ts';

const JOB = '01J00000000000000000000001';
const KEY = { tenant: 'acme', jobId: JOB };
const AREA = { type: 'Polygon' as const, coordinates: [[[1, 3]]] };

interface Bench extends TestEngine {
  retry: (options?: Partial<RetryOptions>, key?: typeof KEY) => ReturnType<typeof retryJob>;
  /** The plan that a retry of the job would have, in which the request gives this plan now. */
  plan: (fresh: Plan['datasets'], changes?: Partial<Job>, area?: typeof AREA) => Promise<Plan['datasets']>;
}

/** A job with these datasets that has ended. */
async function ended(datasets: { id: string; units: number }[], hooks: NumbersHooks, more = {}): Promise<Bench> {
  const test = createTestEngine(hooks);
  await test.submit({ datasets, chunkUnits: 1, ...more });
  await test.engine.runUntilIdle();
  const { platform } = test.engine;
  return {
    ...test,
    retry: (options = {}, key = KEY) => retryJob(platform, key, { subject: 'ann', ...options }),
    plan: async (fresh, changes = {}, area) => {
      const job = { ...(await loadJob(platform.store, KEY))!, retryOf: JOB, ...changes };
      const process = platform.processes.get('numbers')!;
      const request = { inputs: {}, ...(area === undefined ? {} : { retryArea: area }) };
      const { datasets: planned } = await planRetry(
        platform,
        process,
        job,
        { datasets: fresh, toleratedFailurePercentage: 50 },
        request,
      );
      return planned;
    },
  };
}

const dataset = (id: string, units: number) => ({ id, units, chunkUnits: 1, detail: {}, numbering: `${units}` });
const remove = ({ objects }: TestEngine, name: string) => objects.remove(new URL(`s3://data/work/acme/${JOB}/${name}`));

describe('retryJob', () => {
  const one = [{ id: 'a', units: 2 }];
  const failing = new Set([0]);

  it('submits the same request as a job of its own, with the tags of the first', async () => {
    const { engine, retry } = await ended(one, { failing });
    const tagged = await submitTagged(engine);
    const { outcome, job } = await retry({ subject: 'bob' }, { ...KEY, jobId: tagged });
    expect(outcome).toBe('accepted');
    expect(job).toMatchObject({ retryOf: tagged, tags: ['night'], subject: 'bob', processId: 'numbers' });
    expect(job.history).toMatchObject([{ actor: 'user:bob', cause: 'retry' }]);
    expect(await readRequest(engine.platform, job)).toEqual(
      await readRequest(engine.platform, { ...KEY, jobId: tagged }),
    );
  });

  it('gives the same job for the same key, or the same retry', async () => {
    const { retry } = await ended(one, { failing });
    const { job } = await retry();
    expect(await retry()).toMatchObject({ outcome: 'existing', job: { jobId: job.jobId } });
    const keyed = await retry({ idempotencyKey: 'k' });
    expect(keyed.outcome).toBe('accepted');
    expect(await retry({ idempotencyKey: 'k' })).toMatchObject({ job: { jobId: keyed.job.jobId } });
  });

  it('forgets the area of the retry that it retries', async () => {
    const { engine, retry } = await ended(one, { failing });
    const { job } = await retry({ area: AREA });
    expect(await readRequest(engine.platform, job)).toMatchObject({ retryArea: AREA });
    await engine.runUntilIdle();
    const again = await retry({}, { ...KEY, jobId: job.jobId });
    expect(await readRequest(engine.platform, again.job)).not.toHaveProperty('retryArea');
  });

  it('is refused for a job that is not there', async () => {
    const { retry } = await ended(one, { failing });
    const refusal = await retry({}, { ...KEY, tenant: 'other' }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'job-not-found',
      retryable: false,
      detail: `There is no job ${JOB}.`,
      remedy: undefined,
    });
  });

  it('is refused for a job that has not ended', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: one });
    await expect(retryJob(test.engine.platform, KEY, { subject: 'ann' })).rejects.toMatchObject({
      code: 'job-not-terminal',
      detail: `Job ${JOB} is accepted.`,
      remedy: 'Wait until it has ended, or cancel it.',
    });
  });

  it('is refused for a job of which nothing failed, unless an area is named', async () => {
    const { retry } = await ended(one, {});
    await expect(retry()).rejects.toMatchObject({
      code: 'nothing-to-retry',
      detail: `Job ${JOB} succeeded: no unit failed.`,
      remedy: 'Name an area to run its units again, or submit a new job.',
    });
    expect((await retry({ area: AREA })).outcome).toBe('accepted');
  });

  it('by area is refused where the process has no units that lie in one', async () => {
    const { engine, retry } = await ended(one, { failing });
    withoutSelection(engine);
    await expect(retry({ area: AREA })).rejects.toMatchObject({
      code: 'retry-area-unsupported',
      detail: 'Process numbers has no units that lie in an area.',
    });
    expect((await retry()).outcome).toBe('accepted');
  });

  it('by area is refused where the process is no longer there', async () => {
    const { engine, retry } = await ended(one, { failing });
    engine.platform.processes = new Map();
    await expect(retry({ area: AREA })).rejects.toMatchObject({ code: 'retry-area-unsupported' });
  });
});

describe('the plan of a retry', () => {
  it('has of each dataset the units that failed, and the whole as its union', async () => {
    const { plan } = await ended([{ id: 'a', units: 5 }], { failing: new Set([1, 2, 4]) });
    expect(await plan([dataset('a', 5)])).toEqual([
      {
        ...dataset('a', 5),
        units: 3,
        selection: [
          { start: 1, end: 3 },
          { start: 4, end: 5 },
        ],
        union: { units: 5, failed: 0 },
      },
    ]);
  });

  it('leaves out a dataset that was published whole, and one that the request no longer has', async () => {
    const { plan } = await ended(
      [
        { id: 'a', units: 1 },
        { id: 'b', units: 4 },
      ],
      { failing: new Set([2]) },
    );
    const planned = await plan([dataset('a', 1), dataset('b', 4), dataset('c', 1)]);
    expect(planned.map(({ id, selection }) => [id, selection])).toEqual([['b', [{ start: 2, end: 3 }]]]);
    expect(await plan([dataset('a', 1)])).toEqual([]);
  });

  it('leaves out a dataset that was published whole though its numbering is another one since, unless an area is named', async () => {
    const both = [
      { id: 'a', units: 1 },
      { id: 'b', units: 4 },
    ];
    const { plan } = await ended(both, { failing: new Set([2]) });
    const changed = [{ ...dataset('a', 1), numbering: 'upon what was published' }, dataset('b', 4)];
    expect((await plan(changed)).map(({ id }) => id)).toEqual(['b']);
    await expect(plan(changed, {}, AREA)).rejects.toMatchObject({ code: 'retry-source-changed' });
  });

  it('has a dataset without units to run again as long as it was not published', async () => {
    const { plan, engine } = await ended([{ id: 'a', units: 2 }], {});
    await setRow(engine, { state: 'cancelled' });
    expect(await plan([dataset('a', 2)])).toMatchObject([{ units: 0, selection: [], union: { units: 2, failed: 0 } }]);
  });

  it('has a dataset that failed as a whole, and none that was published, when an area touches neither', async () => {
    const { plan } = await ended(
      [
        { id: 'a', units: 2 },
        { id: 'b', units: 3 },
      ],
      { failing: new Set([0, 1]) },
      { toleratedFailurePercentage: 70 },
    );
    const nowhere = { type: 'Polygon' as const, coordinates: [[[0, 0]]] };
    const planned = await plan([dataset('a', 2), dataset('b', 3)], {}, nowhere);
    expect(planned).toMatchObject([{ id: 'a', units: 0, selection: [], union: { units: 2, failed: 2 } }]);
    const whole = await ended([{ id: 'a', units: 2 }], {});
    expect(await whole.plan([dataset('a', 2)], {}, nowhere)).toEqual([]);
  });

  it('takes no notice of a shard that the plan does not have', async () => {
    const { plan, engine } = await ended([{ id: 'a', units: 2 }], { failing: new Set([0]) });
    for (const shard of [1, 7]) {
      await engine.store.write({
        kind: 'put',
        key: shardItemKey(KEY, shard),
        item: { settled: new Set([0]), failedChunks: new Set([0]) },
        condition: { operator: 'absent', attribute: 'pk' },
      });
    }
    expect(await plan([dataset('a', 2)])).toMatchObject([{ units: 1, selection: [{ start: 0, end: 1 }] }]);
  });

  it('with an area has the units that lie in it, and counts the failures elsewhere', async () => {
    const { plan } = await ended([{ id: 'a', units: 6 }], { failing: new Set([0, 2, 5]) });
    expect(await plan([dataset('a', 6)], {}, AREA)).toMatchObject([
      { units: 2, selection: [{ start: 1, end: 3 }], union: { units: 6, failed: 2 } },
    ]);
  });

  it('has what was never settled of a job that was cancelled', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 10 }], chunkUnits: 2 });
    await test.engine.followStream();
    await test.engine.workOnce();
    await test.engine.followStream();
    await test.engine.workOnce();
    await setRow(test.engine, { state: 'cancelled' });
    const { platform } = test.engine;
    const job = { ...(await loadJob(platform.store, KEY))!, retryOf: JOB };
    const fresh = { datasets: [{ ...dataset('a', 10), chunkUnits: 2 }], toleratedFailurePercentage: 50 };
    const planned = await planRetry(platform, platform.processes.get('numbers')!, job, fresh, { inputs: {} });
    // Four workers settled a chunk each.
    expect(planned.datasets).toMatchObject([{ units: 2, selection: [{ start: 8, end: 10 }] }]);
    expect(planned.toleratedFailurePercentage).toBe(50);
  });

  it('has every unit of a job that was cancelled before any was settled', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 4 }], chunkUnits: 1 });
    await moveTo(test, JOB, 'running');
    await setRow(test.engine, { state: 'cancelled' });
    const { platform } = test.engine;
    const job = { ...(await loadJob(platform.store, KEY))!, retryOf: JOB };
    const fresh = { datasets: [dataset('a', 4)], toleratedFailurePercentage: 50 };
    const planned = await planRetry(platform, platform.processes.get('numbers')!, job, fresh, { inputs: {} });
    expect(planned.datasets).toMatchObject([{ units: 4, selection: [{ start: 0, end: 4 }] }]);
  });

  it('is the fresh plan when the first job never had one', async () => {
    const test = createTestEngine({ planError: () => new Error('no plan') });
    await test.submit({ datasets: [{ id: 'a', units: 2 }] });
    await setRow(test.engine, { state: 'failed' });
    const { platform } = test.engine;
    const job = { ...(await loadJob(platform.store, KEY))!, retryOf: JOB };
    const fresh = { datasets: [dataset('a', 2)], toleratedFailurePercentage: 7 };
    expect(await planRetry(platform, platform.processes.get('numbers')!, job, fresh, { inputs: {} })).toEqual(fresh);
  });

  it.each([
    ['other units', { ...dataset('a', 3), numbering: '2' }, 'had 2 units and has 3 now'],
    ['another numbering', { ...dataset('a', 2), numbering: 'moved' }, 'had 2 units and has 2 now'],
  ])('is refused when the dataset has %s now', async (_what, next, detail) => {
    const { plan } = await ended([{ id: 'a', units: 2 }], { failing: new Set([0]) });
    await expect(plan([next])).rejects.toMatchObject({
      code: 'retry-source-changed',
      retryable: false,
      detail: `Dataset a ${detail}, or covers another area: its units are no longer the same.`,
      remedy: 'Submit a new job.',
    });
  });

  it('is refused by a process whose units lie in no area', async () => {
    const { plan, engine } = await ended([{ id: 'a', units: 2 }], { failing: new Set([0]) });
    withoutSelection(engine);
    await expect(plan([dataset('a', 2)], {}, AREA)).rejects.toMatchObject({
      code: 'retry-area-unsupported',
      retryable: false,
      detail: 'Process numbers has no units that lie in an area.',
      field: '/area',
      remedy: 'Retry without an area: all units that failed are run again.',
    });
  });

  it('is refused when the first job is no longer stored, or has not ended', async () => {
    const { plan, engine } = await ended([{ id: 'a', units: 2 }], { failing: new Set([0]) });
    const expired = (jobId: string) => ({
      code: 'work-expired',
      retryable: false,
      detail: `Job ${jobId}, which is to be retried, is no longer stored or has not ended.`,
      remedy: 'Submit a new job.',
    });
    await expect(plan([dataset('a', 2)], { retryOf: 'gone' })).rejects.toMatchObject(expired('gone'));
    await setRow(engine, { state: 'running' });
    await expect(plan([dataset('a', 2)])).rejects.toMatchObject(expired(JOB));
  });

  it('is refused when the errors of a chunk that failed are no longer stored', async () => {
    const bench = await ended([{ id: 'a', units: 2 }], { failing: new Set([0]) });
    remove(bench, 'chunks/00000/000');
    await expect(bench.plan([dataset('a', 2)])).rejects.toMatchObject({ code: 'work-expired' });
  });
});

describe('a chain of retries', () => {
  it('carries over what failed elsewhere, and asks for it only then', async () => {
    const failing = new Set([0, 5]);
    const { engine, retry, ...test } = await ended([{ id: 'a', units: 6 }], { failing });
    const second = await retry({ area: AREA });
    await engine.runUntilIdle();
    expect((await test.read(second.job.jobId)).job.state).toBe('partial');
    failing.clear();
    const third = await retry({}, { ...KEY, jobId: second.job.jobId });
    await engine.runUntilIdle();
    const { job } = await test.read(third.job.jobId);
    expect(job).toMatchObject({ state: 'succeeded', counts: [{ done: 2 }] });
    expect(test.published(third.job.jobId)).toBe('0 1 2 3 4 5');
  });

  it('needs no earlier job once nothing is carried over', async () => {
    const failing = new Set([0, 5]);
    const { engine, retry, read, published } = await ended([{ id: 'a', units: 6 }], { failing });
    const second = await retry();
    await engine.runUntilIdle();
    engine.store.remove(jobItemKey(KEY));
    failing.clear();
    const third = await retry({}, { ...KEY, jobId: second.job.jobId });
    await engine.runUntilIdle();
    expect((await read(third.job.jobId)).job).toMatchObject({ state: 'succeeded', counts: [{ done: 2 }] });
    expect(published(third.job.jobId)).toBe('0 1 2 3 4 5');
  });

  it('carries over what one dataset left, though another left nothing', async () => {
    const failing = new Set([4, 5]);
    const { engine, retry, read, published } = await ended(
      [
        { id: 'a', units: 6 },
        { id: 'b', units: 4 },
      ],
      { failing },
    );
    const second = await retry({ area: AREA });
    await engine.runUntilIdle();
    failing.clear();
    const third = await retry({}, { ...KEY, jobId: second.job.jobId });
    await engine.runUntilIdle();
    expect((await read(third.job.jobId)).job).toMatchObject({ state: 'succeeded', counts: [{ done: 2 }] });
    expect(published(third.job.jobId)).toBe('0 1 2 3 4 5');
  });

  it('takes nothing from a job that never had a plan', async () => {
    let error: Error | undefined = finalError();
    const { engine, retry, read, published } = await ended([{ id: 'a', units: 2 }], { planError: () => error });
    error = undefined;
    const second = await retry();
    await engine.runUntilIdle();
    expect((await read(second.job.jobId)).job.state).toBe('succeeded');
    expect(published(second.job.jobId)).toBe('0 1');
  });

  it('ends where an earlier job is no longer stored', async () => {
    const { engine, retry, read } = await ended([{ id: 'a', units: 6 }], { failing: new Set([0, 5]) });
    const second = await retry({ area: AREA });
    await engine.runUntilIdle();
    engine.store.remove(jobItemKey(KEY));
    const third = await retry({}, { ...KEY, jobId: second.job.jobId });
    await engine.runUntilIdle();
    expect((await read(third.job.jobId)).job).toMatchObject({
      state: 'failed',
      failure: {
        code: 'work-expired',
        detail: `Job ${JOB}, which is to be retried, is no longer stored or has not ended.`,
      },
    });
  });
});

describe('what decides upon a retry', () => {
  it('is the row as it now is', async () => {
    const { engine } = await ended([{ id: 'a', units: 2 }], { failing: new Set([0]) });
    const { store } = engine;
    const consistentOnly: JobStore = {
      ...store.labelled('retry'),
      read: (key: ItemKey, options = {}) =>
        options.consistent === true ? store.read(key, options) : Promise.reject(new Error('a read that may be stale')),
    };
    const platform = { ...engine.platform, store: consistentOnly };
    const { job } = await retryJob(platform, KEY, { subject: 'ann' });
    const fresh = { datasets: [dataset('a', 2)], toleratedFailurePercentage: 50 };
    const process = platform.processes.get('numbers')!;
    expect((await planRetry(platform, process, job, fresh, { inputs: {} })).datasets).toMatchObject([{ units: 1 }]);
  });
});

/** @returns the id of the job, which has ended */
async function submitTagged(engine: TestEngine['engine']): Promise<string> {
  const inputs = {
    datasets: [{ id: 'a', units: 2 }],
    chunkUnits: 1,
    failing: [1],
    empty: [],
    toleratedFailurePercentage: 0,
  };
  const submission = { tenant: 'acme', subject: 'ann', processId: 'numbers', request: { inputs }, tags: ['night'] };
  const { job } = await submitJob(engine.platform, submission);
  await engine.runUntilIdle();
  return job.jobId;
}

function withoutSelection({ platform }: TestEngine['engine']): void {
  const process: ProcessDefinition = { ...platform.processes.get('numbers')! };
  delete process.selectUnits;
  platform.processes = new Map([['numbers', process]]);
}

async function setRow({ store }: TestEngine['engine'], set: { state: string }): Promise<void> {
  const condition = { operator: 'exists' as const, attribute: 'pk' };
  await store.write({ kind: 'update', key: jobItemKey(KEY), condition, set });
}
