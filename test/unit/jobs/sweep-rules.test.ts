import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { STALE_MILLISECONDS, sweep } from '../../../shared/jobs/handlers/sweep.ts';
import { jobItemKey, shardItemKey } from '../../../shared/jobs/items/keys.ts';
import type { JobState } from '../../../shared/jobs/job.ts';
import type { ItemKey, JobStore, UpdateWrite, Value } from '../../../shared/jobs/ports/job-store.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { moveTo } from './move-to.ts';
import { recordingLogger } from './recording-logger.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const JOB = '01J00000000000000000000001';
const KEY = { tenant: 'acme', jobId: JOB };

interface Bench extends TestEngine {
  /** Changes an item as it must not happen by itself. */
  change: (key: ItemKey, set: Record<string, Value>, more?: Partial<UpdateWrite>) => Promise<void>;
  /** What waits: kind, attempt, and place of a chunk. */
  messages: () => string[];
  sweep: () => ReturnType<typeof sweep>;
  dueIn: () => Promise<number>;
}

/** A job of so many units in chunks of one, moved on to a state; its messages are lost. */
async function benchAt(state: JobState, units = 3): Promise<Bench> {
  const test = createTestEngine();
  const { engine, clock } = test;
  await test.submit({ datasets: [{ id: 'a', units }], chunkUnits: 1 });
  await moveTo(test, JOB, state);
  return {
    ...test,
    change: async (key, set, more = {}) => {
      const condition = { operator: 'any' as const, conditions: [exists, absent] };
      expect((await engine.store.write({ kind: 'update', key, condition, set, ...more })).accepted).toBe(true);
    },
    messages: () =>
      engine.queue
        .receive('numbers', 2_000)
        .map(({ body }) => JSON.parse(body) as { kind: string; attempt: number; shard: number; chunk: number })
        .map(({ kind, attempt, shard, chunk }) => (kind === 'chunk' ? `${shard}/${chunk}` : `${kind} ${attempt}`)),
    sweep: () => sweep(engine.platform),
    dueIn: async () => ((await test.read(JOB)).job.dueAt ?? Infinity) - clock.now(),
  };
}
const exists = { operator: 'exists', attribute: 'pk' } as const;
const absent = { operator: 'absent', attribute: 'pk' } as const;

describe('what the sweeper does not heal', () => {
  it('is a job that is not due', async () => {
    const bench = await benchAt('accepted');
    bench.clock.advance(STALE_MILLISECONDS - 1);
    expect(await bench.sweep()).toEqual({ looked: 0, lateSeconds: 0, timedOut: 0, healed: {} });
    bench.clock.advance(1);
    expect(await bench.sweep()).toEqual({ looked: 1, lateSeconds: 0, timedOut: 0, healed: { 'plan-lost': 1 } });
  });

  it('is a job that the index shows and the row says is over, or was looked at meanwhile', async () => {
    const bench = await benchAt('accepted');
    bench.clock.advance(STALE_MILLISECONDS);
    const { store } = bench.engine;
    const withRow = async (set: Record<string, Value>, remove: string[] = []) => {
      const platform = {
        ...bench.engine.platform,
        store: {
          ...store.labelled('sweeper'),
          read: async (key: ItemKey) => {
            const item = { ...(await store.read(key)), ...set };
            return Object.fromEntries(Object.entries(item).filter(([name]) => !remove.includes(name)));
          },
        },
      };
      return (await sweep(platform)).looked;
    };
    expect(await withRow({ state: 'cancelled' })).toBe(0);
    expect(await withRow({}, ['dueAt'])).toBe(0);
    expect(await withRow({ dueAt: bench.clock.now() + 1 })).toBe(0);
    expect(await withRow({ dueAt: bench.clock.now() })).toBe(1);
  });

  it('is a job that was accepted a moment ago, or whose shard made progress a moment ago', async () => {
    const accepted = await benchAt('accepted');
    accepted.clock.advance(STALE_MILLISECONDS);
    await accepted.change(jobItemKey(KEY), { updatedAt: accepted.clock.now() - STALE_MILLISECONDS + 1 });
    expect((await accepted.sweep()).healed).toEqual({});
    expect(await accepted.dueIn()).toBe(SECOND);
    const running = await benchAt('running');
    running.clock.advance(31 * MINUTE);
    await running.change(shardItemKey(KEY, 0), { updatedAt: running.clock.now() });
    expect((await running.sweep()).healed).toEqual({});
  });

  it('is a planner whose lease holds, or a finish that began a moment ago', async () => {
    const planning = await benchAt('accepted');
    await planning.change(jobItemKey(KEY), {
      state: 'planning',
      leaseUntil: planning.clock.now() + STALE_MILLISECONDS + SECOND,
      planAttempt: 1,
    });
    planning.clock.advance(STALE_MILLISECONDS);
    expect((await planning.sweep()).healed).toEqual({});
    // Looked at again when the lease is over.
    expect(await planning.dueIn()).toBe(SECOND);
    planning.clock.advance(SECOND);
    expect((await planning.sweep()).healed).toEqual({ 'plan-lost': 1 });
    expect(planning.messages()).toEqual(['plan 2']);

    const finishing = await benchAt('finishing');
    finishing.clock.advance(STALE_MILLISECONDS);
    await finishing.change(jobItemKey(KEY), { updatedAt: finishing.clock.now() - STALE_MILLISECONDS + 30 * SECOND });
    expect((await finishing.sweep()).healed).toEqual({});
    expect(await finishing.dueIn()).toBe(30 * SECOND);
  });
});

describe('a job that waits', () => {
  it('is planned anew when its planner is lost, as the next attempt', async () => {
    const bench = await benchAt('accepted');
    await bench.change(jobItemKey(KEY), { state: 'planning', leaseUntil: bench.clock.now(), planAttempt: 4 });
    bench.clock.advance(STALE_MILLISECONDS);
    const { logger, lines } = recordingLogger();
    bench.engine.platform.logger = logger;
    expect((await bench.sweep()).healed).toEqual({ 'plan-lost': 1 });
    expect(bench.messages()).toEqual(['plan 5']);
    expect(await bench.dueIn()).toBe(STALE_MILLISECONDS);
    expect(lines).toEqual([
      ['warn', 'job.healed', { event: 'resilience', tenant: 'acme', job: JOB, cause: 'plan-lost' }],
      ['info', 'sweep.done', { looked: 1, lateSeconds: 0, timedOut: 0, healed: { 'plan-lost': 1 } }],
    ]);
  });

  it('fails when its planner was lost with the last attempt', async () => {
    const bench = await benchAt('accepted');
    await bench.change(jobItemKey(KEY), { state: 'planning', leaseUntil: bench.clock.now(), planAttempt: 5 });
    bench.clock.advance(STALE_MILLISECONDS);
    await bench.sweep();
    const { job } = await bench.read(JOB);
    expect(job).toMatchObject({
      state: 'failed',
      failure: {
        code: 'worker-lost',
        detail: 'The planner ended without an answer 5 times.',
        remedy: 'Read the logs of the job, mend the cause, and retry it.',
      },
    });
    expect(job.history.at(-1)?.actor).toBe('sweeper');
    expect(bench.messages()).toEqual([]);
  });

  it('is finished anew when nothing of it waits in the queue, with the first attempt', async () => {
    const bench = await benchAt('finishing');
    bench.clock.advance(STALE_MILLISECONDS);
    expect((await bench.sweep()).healed).toEqual({ 'finish-lost': 1 });
    expect(bench.messages()).toEqual(['finish 1']);
  });

  it('is finished anew behind a backlog after half an hour', async () => {
    const bench = await benchAt('finishing');
    const backlog = () =>
      bench.engine.queue.send('numbers', [{ body: 'of another job', delaySeconds: 0, group: 'other' }]);
    await backlog();
    bench.clock.advance(STALE_MILLISECONDS);
    expect((await bench.sweep()).healed).toEqual({});
    expect(await bench.dueIn()).toBe(STALE_MILLISECONDS);
    bench.clock.advance(28 * MINUTE - 1);
    expect((await bench.sweep()).healed).toEqual({});
    expect(await bench.dueIn()).toBe(STALE_MILLISECONDS);
    await bench.change(jobItemKey(KEY), { dueAt: bench.clock.now() + 1 });
    bench.clock.advance(1);
    expect((await bench.sweep()).healed).toEqual({ 'finish-lost': 1 });
  });
});

describe('a job that runs', () => {
  it('moves on when its shards are all settled', async () => {
    const bench = await benchAt('running');
    await bench.change(jobItemKey(KEY), { settledShards: new Set([0]) });
    bench.clock.advance(STALE_MILLISECONDS);
    expect((await bench.sweep()).healed).toEqual({ 'finish-not-begun': 1 });
    const { job } = await bench.read(JOB);
    expect([job.state, job.history.at(-1)?.actor]).toEqual(['finishing', 'sweeper']);
    expect(await bench.dueIn()).toBe(STALE_MILLISECONDS);
  });

  it('has its full shards carried to the row', async () => {
    const bench = await benchAt('running');
    const counts = { done: 3, failed: 0, skipped: 0, bytes: 5 };
    await bench.change(shardItemKey(KEY, 0), { settled: new Set([0, 1, 2]), updatedAt: bench.clock.now(), ...counts });
    bench.clock.advance(STALE_MILLISECONDS);
    expect((await bench.sweep()).healed).toEqual({ 'shard-not-carried': 1 });
    expect((await bench.read(JOB)).job).toMatchObject({ state: 'finishing', counts: [counts] });
    expect(bench.messages()).toEqual([]);
  });

  it('has the unsettled chunks of its open shards sent again, and of no other', async () => {
    const bench = await benchAt('running', 5 * 256 + 2);
    await bench.change(jobItemKey(KEY), { settledShards: new Set([1]), nextShard: 3 });
    const all = Array.from({ length: 254 }, (_, chunk) => chunk);
    await bench.change(shardItemKey(KEY, 0), { settled: new Set(all), updatedAt: bench.clock.now() });
    bench.clock.advance(STALE_MILLISECONDS);
    expect((await bench.sweep()).healed).toEqual({ 'chunks-lost': 1 });
    const sent = bench.messages();
    expect(sent.slice(0, 3)).toEqual(['0/254', '0/255', '2/0']);
    expect(sent).toHaveLength(2 + 256);
  });

  it('is looked at again when the first of its open shards can be stale', async () => {
    const bench = await benchAt('running', 3 * 256);
    bench.clock.advance(STALE_MILLISECONDS);
    const now = bench.clock.now();
    await bench.change(shardItemKey(KEY, 0), { settled: new Set([1]), updatedAt: now - 20 * SECOND });
    await bench.change(shardItemKey(KEY, 1), { settled: new Set([1]), updatedAt: now - 50 * SECOND });
    await bench.change(shardItemKey(KEY, 2), { settled: new Set([1]), updatedAt: now });
    expect((await bench.sweep()).healed).toEqual({});
    expect(await bench.dueIn()).toBe(70 * SECOND);
  });

  it('starts the clock of a shard that was opened a moment ago', async () => {
    const bench = await benchAt('running', 2 * 256);
    bench.clock.advance(STALE_MILLISECONDS);
    await bench.change(jobItemKey(KEY), { updatedAt: bench.clock.now() - STALE_MILLISECONDS + 1 });
    expect((await bench.sweep()).healed).toEqual({});
    const shard = await bench.engine.store.read(shardItemKey(KEY, 1));
    expect(shard).toEqual({
      updatedAt: bench.clock.now(),
      ttl: (await bench.read(JOB)).job.deadlineAt / SECOND + 30 * 86_400,
    });
    bench.clock.advance(STALE_MILLISECONDS);
    expect((await bench.sweep()).healed).toEqual({ 'chunks-lost': 1 });
  });

  it('has nothing sent again while the queue may hold it, for half an hour without progress', async () => {
    const bench = await benchAt('running');
    const since = bench.clock.now();
    const other = { body: 'of another job', delaySeconds: 0, group: 'other' };
    await bench.engine.queue.send('numbers', [other, other, other]);
    const healedAfter = async (milliseconds: number) => {
      bench.clock.advance(since + milliseconds - bench.clock.now());
      return (await bench.sweep()).healed;
    };
    expect(await healedAfter(STALE_MILLISECONDS)).toEqual({});
    expect(await healedAfter(30 * MINUTE - 1)).toEqual({});
    expect(await healedAfter(30 * MINUTE + STALE_MILLISECONDS)).toEqual({ 'chunks-lost': 1 });
  });

  it('has its chunks sent again when the queue holds fewer messages than it waits for', async () => {
    const bench = await benchAt('running');
    const other = { body: 'of another job', delaySeconds: 0, group: 'other' };
    await bench.engine.queue.send('numbers', [other, other]);
    bench.clock.advance(STALE_MILLISECONDS);
    expect((await bench.sweep()).healed).toEqual({ 'chunks-lost': 1 });
  });
});

describe('the deadline of a job', () => {
  it('ends it as failed, says after how long, and heals nothing', async () => {
    const bench = await benchAt('running');
    bench.clock.advance(3_600 * SECOND);
    expect(await bench.sweep()).toMatchObject({ looked: 1, timedOut: 1, healed: {} });
    const { job } = await bench.read(JOB);
    expect(job.failure).toEqual({
      code: 'timed-out',
      detail: 'The job had not ended 3600 s after it was accepted.',
      remedy: 'Retry it: what is done is kept, only the rest is run.',
    });
    expect(job.history.at(-1)).toMatchObject({ actor: 'sweeper', cause: 'deadline' });
    expect(bench.messages()).toEqual([]);
  });

  it('is looked at on time', async () => {
    const bench = await benchAt('accepted');
    bench.clock.advance(3_600 * SECOND - 10 * SECOND);
    await bench.sweep();
    expect(await bench.dueIn()).toBe(10 * SECOND);
  });

  it('counts no job that had ended by itself at the same instant', async () => {
    const bench = await benchAt('running');
    bench.clock.advance(3_600 * SECOND);
    const { store } = bench.engine;
    const refusing: JobStore = {
      ...store.labelled('sweeper'),
      write: async () => ({ accepted: false, item: undefined }),
    };
    expect((await sweep({ ...bench.engine.platform, store: refusing })).timedOut).toBe(0);
  });
});

describe('what is due besides jobs', () => {
  const UPLOAD = { pk: 'TENANT#acme', sk: 'UPLOAD#7' };

  /** A job and an item of another kind, both due. */
  async function bothDue() {
    const bench = await benchAt('accepted');
    bench.clock.advance(STALE_MILLISECONDS);
    await bench.change(UPLOAD, { activePartition: 'active#3', dueAt: bench.clock.now() });
    const { logger, lines } = recordingLogger();
    return { bench, platform: { ...bench.engine.platform, logger }, lines };
  }

  it('is looked at by whom its key begins for, and jobs by the sweeper', async () => {
    const { platform, lines } = await bothDue();
    const seen: [string, ItemKey][] = [];
    const other = (prefix: string) => ({ prefix, look: async (key: ItemKey) => void seen.push([prefix, key]) });
    const report = await sweep(platform, [other('DRAFT#'), other('UPLOAD#')]);
    expect(seen).toEqual([['UPLOAD#', UPLOAD]]);
    expect(report).toMatchObject({ looked: 1, healed: { 'plan-lost': 1 } });
    expect(lines.map(([level]) => level)).not.toContain('error');
  });

  it('is named by its key when looking at it fails, and does not keep jobs from being looked at', async () => {
    const { platform, lines } = await bothDue();
    const look = () => Promise.reject(new Error('the bucket does not answer'));
    expect(await sweep(platform, [{ prefix: 'UPLOAD#', look }])).toMatchObject({ looked: 1 });
    expect(lines.filter(([level]) => level === 'error')).toEqual([
      ['error', 'sweep.job.failed', { tenant: 'acme', item: 'UPLOAD#7', error: 'Error: the bucket does not answer' }],
    ]);
  });
});

describe('a sweep', () => {
  it('goes on with the other jobs when one cannot be healed now, and leaves that one due', async () => {
    const bench = await benchAt('accepted');
    const other = await bench.submit({ datasets: [{ id: 'b', units: 1 }] });
    bench.engine.queue.purge('numbers');
    bench.clock.advance(STALE_MILLISECONDS);
    const { logger, lines } = recordingLogger();
    const { store } = bench.engine;
    const unavailable = new LonghaulError({ code: 'store-unavailable', retryable: true, detail: 'Slow down.' });
    const failing: JobStore = {
      ...store.labelled('sweeper'),
      read: (key, options) => (key.sk === `JOB#${JOB}` ? Promise.reject(unavailable) : store.read(key, options)),
    };
    expect(await sweep({ ...bench.engine.platform, store: failing, logger })).toMatchObject({ looked: 1 });
    expect(lines[0]?.slice(0, 2)).toEqual(['error', 'sweep.job.failed']);
    expect(lines[0]?.[2]).toMatchObject({ tenant: 'acme', job: JOB });
    expect(await bench.dueIn()).toBe(0);
    expect((await bench.read(other)).job.dueAt).toBe(bench.clock.now() + STALE_MILLISECONDS);
  });

  it('passes over a job whose row is gone', async () => {
    const bench = await benchAt('accepted');
    bench.clock.advance(STALE_MILLISECONDS);
    const { logger, lines } = recordingLogger();
    const { store } = bench.engine;
    const without: JobStore = { ...store.labelled('sweeper'), read: async () => undefined };
    expect(await sweep({ ...bench.engine.platform, store: without, logger })).toMatchObject({ looked: 0 });
    expect(lines.map(([, event]) => event)).toEqual(['sweep.done']);
  });

  it('looks at jobs as they now are, and plans anew what a process once took', async () => {
    const bench = await benchAt('accepted');
    bench.clock.advance(STALE_MILLISECONDS);
    const { store } = bench.engine;
    const consistentOnly: JobStore = {
      ...store.labelled('sweeper'),
      read: (key, options = {}) =>
        options.consistent === true ? store.read(key, options) : Promise.reject(new Error('a read that may be stale')),
    };
    const platform = { ...bench.engine.platform, store: consistentOnly, processes: new Map() };
    expect((await sweep(platform)).healed).toEqual({ 'plan-lost': 1 });
    expect(bench.messages()).toEqual(['plan 1']);
  });

  it('looks at every partition of the index, and at most at a hundred jobs of each', async () => {
    const test = createTestEngine();
    const asked: unknown[] = [];
    const { store } = test.engine;
    const asking: JobStore = {
      ...store.labelled('sweeper'),
      listDue: async (...query) => {
        asked.push(query);
        return [];
      },
    };
    await sweep({ ...test.engine.platform, store: asking });
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((number) => [`active#${number}`, test.clock.now(), 100]));
  });

  it('says how late the latest job was, in whole seconds', async () => {
    const bench = await benchAt('accepted');
    bench.clock.advance(STALE_MILLISECONDS + 5_999);
    expect((await bench.sweep()).lateSeconds).toBe(5);
  });

  it('heals nothing that another sweeper has taken', async () => {
    const bench = await benchAt('accepted');
    bench.clock.advance(STALE_MILLISECONDS);
    await Promise.all([bench.sweep(), bench.sweep()]);
    expect(bench.messages()).toEqual(['plan 1']);
    expect((await bench.read(JOB)).job.healed).toEqual({ 'plan-lost': 1 });
  });
});
