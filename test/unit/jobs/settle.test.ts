import { describe, expect, it } from 'vitest';
import { jobItemKey, shardItemKey } from '../../../shared/jobs/items/keys.ts';
import { loadJob } from '../../../shared/jobs/load-job.ts';
import type { ItemKey, JobStore } from '../../../shared/jobs/ports/job-store.ts';
import { beginFinishing, loadShard, settleChunk, settleShard } from '../../../shared/jobs/settle.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { recordingLogger } from './recording-logger.ts';

const JOB = '01J00000000000000000000001';
const KEY = { tenant: 'acme', jobId: JOB };
const counts = { done: 1, failed: 0, skipped: 0, bytes: 1 };

/** A job of two shards, of 256 chunks and of one, that runs. */
async function runningJob() {
  const test = createTestEngine();
  await test.submit({ datasets: [{ id: 'a', units: 257 }], chunkUnits: 1 });
  await test.engine.followStream();
  await test.engine.workOnce();
  const { logger, lines } = recordingLogger();
  const platform = { ...test.engine.platform, logger };
  const job = (await loadJob(platform.store, KEY))!;
  const running = { ...job, datasets: job.datasets! };
  return { ...test, platform, lines, job: running, settled: shardsOf(test) };
}

const shardsOf = (test: TestEngine) => async () => [...(await test.read(JOB)).job.settledShards].sort();
const setShard = ({ engine }: TestEngine, shard: number, chunks: number) =>
  engine.store.write({
    kind: 'update',
    key: shardItemKey(KEY, shard),
    condition: { operator: 'absent', attribute: 'settled' },
    set: { settled: new Set(Array(chunks).keys()), done: chunks, updatedAt: 1 },
  });

describe('settleChunk', () => {
  it('carries a shard upwards when it is full, and not before', async () => {
    const test = await runningJob();
    await setShard(test, 0, 254);
    await settleChunk(test.platform, test.job, { shard: 0, chunk: 254, counts });
    expect(await test.settled()).toEqual([]);
    await settleChunk(test.platform, test.job, { shard: 0, chunk: 255, counts });
    expect(await test.settled()).toEqual([0]);
    expect((await test.read(JOB)).job).toMatchObject({ nextShard: 5, counts: [{ done: 256, bytes: 2 }] });
    const rowWrites = test.engine.store.capacity.lines.filter(
      ({ operation, item, label }) => operation === 'write' && item.startsWith('JOB#') && label === '',
    );
    // Claim, plan, and the shard: nothing tries to move on a job of which a shard is open.
    expect(rowWrites).toHaveLength(3);
  });

  it('carries a full shard upwards although the chunk was settled before', async () => {
    const test = await runningJob();
    await setShard(test, 0, 256);
    await settleChunk(test.platform, test.job, { shard: 0, chunk: 7, counts });
    expect(await test.settled()).toEqual([0]);
    expect((await test.read(JOB)).job.counts).toEqual([{ ...counts, done: 256, bytes: 0 }]);
    expect(test.lines.map(([, event, fields]) => [event, fields['again'], fields['isLast']])).toEqual([
      ['job.chunk.settled', true, undefined],
      ['job.shard.settled', undefined, false],
    ]);
  });

  it('keeps the item of a shard for as long as the job, and its retention', async () => {
    const test = await runningJob();
    await settleChunk(test.platform, test.job, { shard: 1, chunk: 0, counts });
    const item = await test.engine.store.read(shardItemKey(KEY, 1));
    expect(item?.['ttl']).toBe(test.job.deadlineAt / 1_000 + 30 * 86_400);
    expect(item?.['updatedAt']).toBe(test.clock.now());
  });
});

describe('settleShard', () => {
  it('moves the job on with the last shard', async () => {
    const test = await runningJob();
    await setShard(test, 0, 256);
    await setShard(test, 1, 1);
    await settleShard(test.platform, test.job, await loadShard(test.platform, KEY, 1));
    expect((await test.read(JOB)).job.state).toBe('running');
    await settleShard(test.platform, test.job, await loadShard(test.platform, KEY, 0));
    const { job } = await test.read(JOB);
    expect([job.state, job.version, job.history.at(-1)?.actor]).toEqual(['finishing', 5, 'worker']);
    // Every write was for something: the last one moved the job on by itself.
    expect(test.engine.store.capacity.lines.filter(({ accepted }) => !accepted)).toEqual([]);
  });

  it('changes nothing a second time, and says nothing', async () => {
    const test = await runningJob();
    await setShard(test, 0, 256);
    const shard = await loadShard(test.platform, KEY, 0);
    await settleShard(test.platform, test.job, shard);
    test.lines.length = 0;
    const { job } = await test.read(JOB);
    await settleShard(test.platform, test.job, shard);
    expect((await test.read(JOB)).job).toEqual(job);
    expect(test.lines).toEqual([]);
  });

  it('moves a job on that two last shards left behind, each of which took the other for open', async () => {
    const test = await runningJob();
    await setShard(test, 0, 256);
    await setShard(test, 1, 1);
    const { store } = test.engine;
    const before = await store.read(jobItemKey(KEY), { consistent: true });
    // Both have read the row before either has written it.
    const early: JobStore = {
      ...store.labelled('worker'),
      read: async (key: ItemKey, options) => (key.sk.startsWith('JOB#') ? before : store.read(key, options)),
    };
    const platform = { ...test.platform, store: early };
    await settleShard(platform, test.job, await loadShard(platform, KEY, 0));
    expect((await test.read(JOB)).job.state).toBe('running');
    await settleShard(platform, test.job, await loadShard(platform, KEY, 1));
    const { job } = await test.read(JOB);
    expect([job.state, job.history.at(-1)?.actor]).toEqual(['finishing', 'worker']);
  });

  it('leaves a job alone that no longer runs, or is no longer there', async () => {
    const test = await runningJob();
    await setShard(test, 0, 256);
    const shard = await loadShard(test.platform, KEY, 0);
    await test.engine.store.write({
      kind: 'update',
      key: jobItemKey(KEY),
      condition: { operator: 'exists', attribute: 'pk' },
      set: { state: 'cancelled' },
    });
    const writes = () => test.engine.store.capacity.lines.filter(({ operation }) => operation === 'write').length;
    const before = writes();
    await settleShard(test.platform, test.job, shard);
    test.engine.store.remove(jobItemKey(KEY));
    await settleShard(test.platform, test.job, shard);
    expect(writes()).toBe(before);
  });

  it('does no harm to a row that vanishes in between', async () => {
    const test = await runningJob();
    await setShard(test, 0, 256);
    const shard = await loadShard(test.platform, KEY, 0);
    const { store } = test.engine;
    const vanishing: JobStore = {
      ...store.labelled('worker'),
      write: (write) => {
        store.remove(jobItemKey(KEY));
        return store.write(write);
      },
    };
    await settleShard({ ...test.platform, store: vanishing }, test.job, shard);
    expect(await store.read(jobItemKey(KEY))).toBeUndefined();
  });

  it('decides on row and shard as they now are', async () => {
    const test = await runningJob();
    await setShard(test, 0, 256);
    const { store } = test.engine;
    const consistentOnly: JobStore = {
      ...store.labelled('worker'),
      read: (key, options = {}) =>
        options.consistent === true ? store.read(key, options) : Promise.reject(new Error('a read that may be stale')),
    };
    const platform = { ...test.platform, store: consistentOnly };
    await settleShard(platform, test.job, await loadShard(platform, KEY, 0));
    expect(await test.settled()).toEqual([0]);
  });
});

describe('beginFinishing', () => {
  it('leaves a job alone that has no plan', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 1 }] });
    const { job } = await test.read(JOB);
    await beginFinishing(test.engine.platform, job, 'stream');
    expect((await test.read(JOB)).job.state).toBe('accepted');
  });
});
