import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { jobItemKey, shardItemKey } from '../../../shared/jobs/items/keys.ts';
import type { ItemKey, JobStore, ListQuery, Value } from '../../../shared/jobs/ports/job-store.ts';
import { readErrors } from '../../../shared/jobs/read-errors.ts';
import { readJob } from '../../../shared/jobs/read-job.ts';
import { readLayers, readShards } from '../../../shared/jobs/read-layers.ts';
import { readResults } from '../../../shared/jobs/read-results.ts';
import { retryJob } from '../../../shared/jobs/retry-job.ts';
import { writeErrors } from '../../../shared/jobs/write-errors.ts';
import { finalError } from '../../helpers/numbers-process.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { moveTo } from './move-to.ts';

const JOB = '01J00000000000000000000001';
const KEY = { tenant: 'acme', jobId: JOB };
const counts = (done: number) => ({ done, failed: 0, skipped: 0, bytes: 0 });

async function change({ engine }: TestEngine, key: ItemKey, set: Record<string, Value>): Promise<void> {
  const condition = {
    operator: 'any' as const,
    conditions: [
      { operator: 'exists' as const, attribute: 'pk' },
      { operator: 'absent' as const, attribute: 'pk' },
    ],
  };
  await engine.store.write({ kind: 'update', key, condition, set });
}

/** A job that runs, of which no chunk was worked on. */
async function runningJob(inputs: Record<string, unknown>): Promise<TestEngine> {
  const test = createTestEngine();
  await test.submit(inputs);
  await test.engine.followStream();
  await test.engine.workOnce();
  await test.engine.followStream();
  return test;
}

describe('readJob', () => {
  it('knows no units before there is a plan, and no job of another tenant', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 3 }] });
    expect(await readJob(test.engine.platform, KEY)).toMatchObject({ counts: [], units: undefined });
    expect(await readJob(test.engine.platform, { ...KEY, tenant: 'other' })).toBeUndefined();
  });

  it('adds what the open shards have settled, by dataset', async () => {
    const test = await runningJob({
      datasets: [
        { id: 'a', units: 300 },
        { id: 'b', units: 300 },
      ],
      chunkUnits: 1,
    });
    await change(test, jobItemKey(KEY), { settledShards: new Set([0]), 'done:0': 256 });
    await change(test, shardItemKey(KEY, 0), { done: 256 });
    await change(test, shardItemKey(KEY, 1), { done: 4 });
    await change(test, shardItemKey(KEY, 2), { done: 5 });
    const view = await readJob(test.engine.platform, KEY);
    expect(view).toMatchObject({ units: 600, counts: [counts(260), counts(5)] });
    expect(view?.job.counts).toEqual([counts(256), counts(0)]);
  });

  it('adds no shard that is settled, and none beyond four from the first that is not', async () => {
    const test = await runningJob({ datasets: [{ id: 'a', units: 9 * 256 }], chunkUnits: 1 });
    await change(test, jobItemKey(KEY), { settledShards: new Set([0, 1, 3]), 'done:0': 3, nextShard: 7 });
    for (const shard of [0, 1, 2, 3, 6]) await change(test, shardItemKey(KEY, shard), { done: 10 });
    expect((await readJob(test.engine.platform, KEY))?.counts).toEqual([counts(13)]);
  });

  it('begins behind the shards that are settled', async () => {
    const test = await runningJob({ datasets: [{ id: 'a', units: 9 * 256 }], chunkUnits: 1 });
    await change(test, jobItemKey(KEY), { settledShards: new Set([0, 1, 2, 3]), 'done:0': 4, nextShard: 8 });
    for (const shard of [0, 1, 2, 3, 4, 7, 8]) await change(test, shardItemKey(KEY, shard), { done: 10 });
    expect((await readJob(test.engine.platform, KEY))?.counts).toEqual([counts(24)]);
  });

  it('shows of a job of more than 512 shards what its row says', async () => {
    for (const [shards, done] of [
      [512, 10],
      [513, 0],
    ] as const) {
      const test = await runningJob({ datasets: [{ id: 'a', units: shards * 256 }], chunkUnits: 1 });
      await change(test, shardItemKey(KEY, 0), { done: 10 });
      expect((await readJob(test.engine.platform, KEY))?.counts).toEqual([counts(done)]);
    }
  });

  it('keeps what the open shards of a cancelled job had settled', async () => {
    const test = await runningJob({ datasets: [{ id: 'a', units: 3 }] });
    await change(test, jobItemKey(KEY), { state: 'cancelled' });
    await change(test, shardItemKey(KEY, 0), { done: 2 });
    expect((await readJob(test.engine.platform, KEY))?.counts).toEqual([counts(2)]);
  });

  it('reads no shard of a job whose shards are all settled', async () => {
    const test = await runningJob({ datasets: [{ id: 'a', units: 3 }] });
    await change(test, jobItemKey(KEY), { settledShards: new Set([0]), 'done:0': 3 });
    const reads = () => test.engine.store.capacity.lines.filter(({ operation }) => operation === 'list').length;
    const before = reads();
    expect((await readJob(test.engine.platform, KEY))?.counts).toEqual([counts(3)]);
    expect(reads()).toBe(before);
  });
});

describe('readErrors', () => {
  const error = (number: number) => ({ number, code: 'unit-bad', detail: `Unit ${number} is bad.`, dataset: 'a' });

  it('pages through the errors of a job that has ended, to the last', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 6 }], failing: [0, 1, 4] });
    await test.engine.runUntilIdle();
    const { platform } = test.engine;
    const first = await readErrors(platform, KEY, { limit: 2 });
    const line = JSON.stringify(error(0)).length + 1;
    expect(first).toEqual({ errors: [error(0), error(1)], next: String(2 * line) });
    expect(await readErrors(platform, KEY, { limit: 1, after: String(line) })).toEqual({
      errors: [error(1)],
      next: String(2 * line),
    });
    expect(await readErrors(platform, KEY, { limit: 2, after: first!.next! })).toEqual({ errors: [error(4)] });
    expect(await readErrors(platform, KEY, { limit: 3 })).toEqual({ errors: [error(0), error(1), error(4)] });
    expect(await readErrors(platform, { ...KEY, tenant: 'other' }, { limit: 2 })).toBeUndefined();
  });

  it('pages by position through the errors of a job that has not ended, though its list may be written', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 6 }], failing: [0, 1, 4] });
    await moveTo(test, JOB, 'finishing');
    const { platform } = test.engine;
    await writeErrors(platform, KEY);
    expect(await readErrors(platform, KEY, { limit: 2 })).toEqual({ errors: [error(0), error(1)], next: '2' });
    expect(await readErrors(platform, KEY, { limit: 2, after: '2' })).toEqual({ errors: [error(4)] });
  });

  it('goes on where a page of 512 KiB ended within a line', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 2 }], failing: [0] });
    await test.engine.runUntilIdle();
    const url = new URL(`s3://data/outputs/acme/${JOB}/errors.ndjson`);
    const long = { ...error(0), detail: 'x'.repeat(500) };
    const line = `${JSON.stringify(long)}\n`;
    test.objects.remove(url);
    await test.objects.putIfAbsent(url, new TextEncoder().encode(line.repeat(1_000)), 'application/x-ndjson');
    const fits = Math.floor((512 * 1024) / line.length);
    const { platform } = test.engine;
    const first = await readErrors(platform, KEY, { limit: 2_000 });
    expect([first?.errors.length, first?.next]).toEqual([fits, String(fits * line.length)]);
    const second = await readErrors(platform, KEY, { limit: 2_000, after: first!.next! });
    expect([second?.errors.length, second?.next]).toEqual([1_000 - fits, undefined]);
  });

  it('goes on where a page of 512 KiB ended with a line', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 2 }], failing: [0] });
    await test.engine.runUntilIdle();
    const url = new URL(`s3://data/outputs/acme/${JOB}/errors.ndjson`);
    const padding = 512 - JSON.stringify({ ...error(0), detail: '' }).length - 1;
    const line = `${JSON.stringify({ ...error(0), detail: 'x'.repeat(padding) })}\n`;
    test.objects.remove(url);
    await test.objects.putIfAbsent(url, new TextEncoder().encode(line.repeat(1_025)), 'application/x-ndjson');
    const { platform } = test.engine;
    const first = await readErrors(platform, KEY, { limit: 2_000 });
    expect([first?.errors.length, first?.next]).toEqual([1_024, String(512 * 1_024)]);
    expect((await readErrors(platform, KEY, { limit: 2_000, after: first!.next! }))?.errors).toHaveLength(1);
  });

  it('shows of a job that runs the errors so far', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 1_100 }], chunkUnits: 550, failing: [0, 2, 5, 600] });
    await test.engine.followStream();
    await test.engine.workOnce();
    await test.engine.followStream();
    await test.engine.workOnce();
    await change(test, jobItemKey(KEY), { state: 'running' });
    const { platform } = test.engine;
    expect(await readErrors(platform, KEY, { limit: 3 })).toEqual({
      errors: [error(0), error(2), error(5)],
      next: '3',
    });
    expect(await readErrors(platform, KEY, { limit: 2, after: '2' })).toEqual({ errors: [error(5), error(600)] });
    expect(await readErrors(platform, KEY, { limit: 4 })).toEqual({
      errors: [error(0), error(2), error(5), error(600)],
    });
  });

  it('shows of a job that was cancelled, and has no list, the errors so far, up to a thousand', async () => {
    const test = createTestEngine();
    const failing = Array.from({ length: 1_005 }, (_, number) => number);
    await test.submit({ datasets: [{ id: 'a', units: 1_005 }], chunkUnits: 201, failing });
    await test.engine.followStream();
    for (let turn = 0; turn < 3; turn++) {
      await test.engine.workOnce();
      await test.engine.followStream();
    }
    await change(test, jobItemKey(KEY), { state: 'cancelled' });
    const page = await readErrors(test.engine.platform, KEY, { limit: 2_000 });
    expect([page?.errors.length, page?.next]).toEqual([1_000, undefined]);
  });
});

describe('readResults', () => {
  it('gives the results with their URLs, and the request that says how to give them', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 1 }] });
    expect(await readResults(test.engine.platform, KEY)).toBeUndefined();
    await test.engine.runUntilIdle();
    expect(await readResults(test.engine.platform, KEY)).toMatchObject({
      results: { lists: [{ dataset: 'a', href: new URL(`s3://data/outputs/acme/${JOB}/a.txt`) }] },
      request: { inputs: { datasets: [{ id: 'a', units: 1 }] } },
    });
  });
});

describe('readShards', () => {
  it('reads all shards of a job in order, a hundred to a page, as they are now', async () => {
    const test = await runningJob({ datasets: [{ id: 'a', units: 1 }] });
    for (let shard = 0; shard < 250; shard++) await change(test, shardItemKey(KEY, shard), { done: shard });
    const queries: ListQuery[] = [];
    const { store, platform } = { store: test.engine.store, platform: test.engine.platform };
    const watching = {
      ...store.labelled('shards'),
      list: (query: ListQuery) => {
        queries.push(query);
        return store.list(query);
      },
    };
    const seen: number[] = [];
    for await (const shard of readShards({ ...platform, store: watching }, KEY)) seen.push(shard.shard);
    expect(seen).toEqual(Array.from({ length: 250 }, (_, shard) => shard));
    expect(queries.map(({ limit, consistent }) => [limit, consistent])).toEqual(Array(3).fill([100, true]));
  });
});

describe('readLayers', () => {
  const texts = async (test: TestEngine, dataset: string) => {
    const layers = [];
    for (const layer of await readLayers(test.engine.platform, KEY, dataset)) {
      const payloads: string[] = [];
      for await (const payload of layer) payloads.push(new TextDecoder().decode(payload));
      layers.push(payloads);
    }
    return layers;
  };

  it('gives the payloads of one dataset in the order of their chunks, without those that were given up', async () => {
    const test = createTestEngine({
      finishError: () => finalError(),
      beforeChunk: (units) => (units[0] === 2 ? Promise.reject(finalError()) : Promise.resolve()),
    });
    await test.submit({
      datasets: [
        { id: 'a', units: 7 },
        { id: 'b', units: 1 },
      ],
    });
    await test.engine.runUntilIdle();
    expect(await texts(test, 'a')).toEqual([['0 1', '4 5', '6']]);
    expect(await texts(test, 'b')).toEqual([['0']]);
    expect(await texts(test, 'c')).toEqual([]);
  });

  it('opens the payloads of a layer side by side, each read by ranges', async () => {
    const large = new Uint8Array(40_000).map((_, index) => index % 251);
    const test = createTestEngine({
      finishError: () => finalError(),
      beforeChunk: (units) => (units[0] === 2 ? Promise.reject(finalError()) : Promise.resolve()),
      payload: () => large,
    });
    await test.submit({ datasets: [{ id: 'a', units: 6 }] });
    await test.engine.runUntilIdle();
    const [layer] = await readLayers(test.engine.platform, KEY, 'a');
    const payloads = [];
    for await (const payload of layer!.stored()) payloads.push(payload);
    expect(payloads.map(({ ranges, counts }) => [ranges, counts.done])).toEqual([
      [[{ start: 0, end: 2 }], 2],
      [[{ start: 4, end: 6 }], 2],
    ]);
    for (const [offset, length] of [
      [0, 8],
      [100, 20_000],
      [39_990, 100],
    ] as const) {
      const read = await Promise.all(payloads.map((payload) => payload.read(offset, length)));
      for (const bytes of read) expect(Buffer.compare(bytes, large.subarray(offset, offset + length))).toBe(0);
    }
  });

  it('names the units of a payload as the dataset numbers them, also where a retry ran some', async () => {
    const failing = new Set([1, 4]);
    const test = createTestEngine({ failing });
    const datasets = [
      { id: 'a', units: 2 },
      { id: 'b', units: 6 },
    ];
    await test.submit({ datasets, chunkUnits: 1 });
    await test.engine.runUntilIdle();
    failing.clear();
    const { job } = await retryJob(test.engine.platform, KEY, { subject: 'ann' });
    await test.engine.runUntilIdle();
    const units = async (dataset: string) => {
      const [layer] = await readLayers(test.engine.platform, job, dataset);
      const ranges = [];
      for await (const payload of layer!.stored()) ranges.push(...payload.ranges);
      return ranges;
    };
    expect(await units('a')).toEqual([{ start: 1, end: 2 }]);
    expect(await units('b')).toEqual([
      { start: 1, end: 2 },
      { start: 4, end: 5 },
    ]);
  });

  it('reads the payloads of a job that was planned, though its row as it is read here does not say so yet', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 2 }] });
    await test.engine.runUntilIdle();
    const { platform, store } = test.engine;
    const stale: JobStore = {
      ...store.labelled('stale'),
      read: async (key, options) => {
        const row = (await store.read(key, options)) ?? {};
        return Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'datasets'));
      },
    };
    expect(await readLayers({ ...platform, store: stale }, KEY, 'a')).toHaveLength(1);
  });

  it('takes no notice of a shard that the plan does not have', async () => {
    const test = createTestEngine({ finishError: () => finalError() });
    await test.submit({ datasets: [{ id: 'a', units: 2 }] });
    await test.engine.runUntilIdle();
    for (const shard of [1, 9]) await change(test, shardItemKey(KEY, shard), { settled: new Set([0]) });
    expect(await texts(test, 'a')).toEqual([['0 1']]);
  });

  it('raises the loss of a chunk when its turn comes', async () => {
    const test = createTestEngine({ finishError: () => finalError() });
    await test.submit({ datasets: [{ id: 'a', units: 6 }] });
    await test.engine.runUntilIdle();
    test.objects.remove(new URL(`s3://data/work/acme/${JOB}/chunks/00000/001`));
    await expect(texts(test, 'a')).rejects.toMatchObject({
      code: 'work-expired',
      retryable: false,
      detail: 'A settled chunk is no longer stored.',
      remedy: 'Submit the job again; raise the retention if jobs must be retried later than that.',
    });
  });

  it('builds upon at most twenty retries', async () => {
    const test = createTestEngine({ failing: new Set([0]) });
    await test.submit({ datasets: [{ id: 'a', units: 2 }] });
    await test.engine.runUntilIdle();
    let key = KEY;
    for (let retry = 0; retry < 20; retry++) {
      key = (await retryJob(test.engine.platform, key, { subject: 'ann' })).job;
      await test.engine.runUntilIdle();
      if (retry === 18) expect(await readLayers(test.engine.platform, key, 'a')).toHaveLength(20);
    }
    const error = await readLayers(test.engine.platform, key, 'a').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LonghaulError);
    expect(error).toMatchObject({
      code: 'retry-too-deep',
      retryable: false,
      detail: 'This job retries a retry more than 20 times over.',
      limit: 20,
      remedy: 'Submit the job anew.',
    });
  });
});
