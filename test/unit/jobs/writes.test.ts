import { describe, expect, it } from 'vitest';
import { newJobItem, readJobItem } from '../../../shared/jobs/items/job-item.ts';
import { jobItemKey, shardItemKey } from '../../../shared/jobs/items/keys.ts';
import { readShardItem } from '../../../shared/jobs/items/shard-item.ts';
import type { Job } from '../../../shared/jobs/job.ts';
import type { Condition, Item, Write } from '../../../shared/jobs/ports/job-store.ts';
import { holdJobWrite, releaseJobWrite } from '../../../shared/jobs/writes/active-jobs.ts';
import { beginFinishingWrite } from '../../../shared/jobs/writes/begin-finishing.ts';
import { cancelWrite } from '../../../shared/jobs/writes/cancel.ts';
import { claimPlanningWrite } from '../../../shared/jobs/writes/claim-planning.ts';
import { endCleanUpWrite, planCleanUpWrite } from '../../../shared/jobs/writes/clean-up.ts';
import { abandonFinishWrite, refusePlanWrite, timeOutWrite } from '../../../shared/jobs/writes/fail.ts';
import { observeShardWrite, postponeSweepWrite } from '../../../shared/jobs/writes/postpone-sweep.ts';
import { publishWrites } from '../../../shared/jobs/writes/publish.ts';
import { settleChunkWrite } from '../../../shared/jobs/writes/settle-chunk.ts';
import { settleLastShardWrite, settleShardWrite } from '../../../shared/jobs/writes/settle-shard.ts';
import { storePlanWrite } from '../../../shared/jobs/writes/store-plan.ts';
import { submitWrites } from '../../../shared/jobs/writes/submit.ts';
import { MemoryJobStore } from '../../../shared/local/memory-job-store.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';

const NOW = 1_000_000;
const DAY_SECONDS = 86_400;
const KEY = { tenant: 'acme', jobId: '01J00000000000000000000001' };
const JOB: Job = {
  ...KEY,
  state: 'accepted',
  version: 1,
  processId: 'numbers',
  processVersion: '1.0.0',
  createdAt: 500,
  updatedAt: 500,
  deadlineAt: NOW,
  dueAt: 700,
  subject: 'ann',
  counts: [],
  nextShard: 0,
  settledShards: new Set(),
  healed: {},
  history: [{ state: 'accepted', at: 500, actor: 'user:ann', cause: 'submitted' }],
};
const ACCEPTED: Item = {
  state: 'accepted',
  version: 1,
  processId: 'numbers',
  processVersion: '1.0.0',
  createdAt: 500,
  updatedAt: 500,
  deadlineAt: NOW,
  dueAt: 700,
  subject: 'ann',
  nextShard: 0,
  history: [{ state: 'accepted', at: 500, actor: 'user:ann', cause: 'submitted' }],
  activePartition: 'active#1',
};
const HISTORY = [{ state: 'accepted', at: 500, actor: 'user:ann', cause: 'submitted' }];
const ALWAYS: Condition = {
  operator: 'any',
  conditions: [
    { operator: 'absent', attribute: 'pk' },
    { operator: 'exists', attribute: 'pk' },
  ],
};

/** What is stored under the write's key after it: on a row that was accepted, with some attributes changed. */
async function after(write: Write, row: Item = {}): Promise<Item | undefined> {
  const store = new MemoryJobStore({ clock: new ManualClock(NOW) });
  await store.write({ kind: 'put', key: jobItemKey(KEY), item: { ...ACCEPTED, ...row }, condition: ALWAYS });
  expect(['put', 'update']).toContain(write.kind);
  expect((await store.write(write)).accepted).toBe(true);
  return store.read(write.key, { consistent: true });
}

function without(item: Item, ...names: string[]): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));
}

/** A row without what a terminal one has no more. */
function ended(changes: Item): Item {
  return { ...without(ACCEPTED, 'activePartition', 'dueAt'), version: 2, updatedAt: NOW, finishedAt: NOW, ...changes };
}

describe('a job row', () => {
  it('holds what was submitted, and is read back the same', () => {
    expect(newJobItem(JOB)).toEqual(ACCEPTED);
    expect(readJobItem(KEY.tenant, KEY.jobId, ACCEPTED)).toEqual(JOB);
    const more = { retryOf: 'other', subscribed: true, tags: ['night'] };
    expect(newJobItem({ ...JOB, ...more })).toEqual({ ...ACCEPTED, ...more });
  });

  it('is read with all that it may have', () => {
    const more = {
      startedAt: 1,
      finishedAt: 2,
      retryOf: 'other',
      subscribed: true,
      tags: ['night'],
      leaseToken: 't',
      leaseUntil: 3,
      planAttempt: 4,
      datasetStates: ['partial', 'failed'],
      failure: { code: 'x', detail: 'y' },
      errors: [{ code: 'e', detail: 'f' }],
    } as const;
    const datasets = [
      { id: 'a', units: 9, chunkUnits: 2 },
      { id: 'b', units: 1, chunkUnits: 1 },
    ];
    const settledShards = new Set([1]);
    const counted = { 'done:0': 1, 'failed:0': 2, 'skipped:0': 3, 'bytes:0': 4, 'done:1': 5 };
    const item = {
      ...ACCEPTED,
      ...more,
      datasets,
      settledShards,
      ...counted,
      'healed:plan-lost': 2,
    } as unknown as Item;
    expect(readJobItem(KEY.tenant, KEY.jobId, item)).toEqual({
      ...JOB,
      ...more,
      datasets,
      settledShards,
      counts: [
        { done: 1, failed: 2, skipped: 3, bytes: 4 },
        { done: 5, failed: 0, skipped: 0, bytes: 0 },
      ],
      healed: { 'plan-lost': 2 },
    });
  });

  it('without a history, which no version of ours writes, has none', () => {
    expect(readJobItem(KEY.tenant, KEY.jobId, without(ACCEPTED, 'history')).history).toEqual([]);
  });

  it.each([
    [{ state: 'asleep' }, `job ${KEY.jobId} has the unknown state asleep`],
    [{ version: 'one' }, 'attribute version is not a number'],
    [{ processId: 5 }, 'attribute processId is not a text'],
  ])('with %j is poison', (change, message) => {
    expect(() => readJobItem(KEY.tenant, KEY.jobId, { ...ACCEPTED, ...change })).toThrow(new TypeError(message));
  });
});

describe('a submission', () => {
  const [row, record] = submitWrites({ ...JOB, createdAt: NOW }, { keyHash: 'kk', requestHash: 'rr' });

  it('writes the row and the record that makes it idempotent for 24 hours', async () => {
    expect(row).toMatchObject({ kind: 'put', key: jobItemKey(KEY), item: { state: 'accepted', createdAt: NOW } });
    expect(await after(record!)).toEqual({
      jobId: KEY.jobId,
      requestHash: 'rr',
      expiresAt: NOW + 86_400_000,
      ttl: NOW / 1000 + 2 * DAY_SECONDS,
    });
  });

  it('replaces no row', async () => {
    const store = new MemoryJobStore({ clock: new ManualClock(NOW) });
    expect((await store.write(row!)).accepted).toBe(true);
    expect((await store.write(row!)).accepted).toBe(false);
  });
});

describe('what the planner writes', () => {
  it('claims the job with a lease', async () => {
    const claim = { token: 'tt', attempt: 3, now: NOW, leaseUntil: NOW + 9 };
    expect(await after(claimPlanningWrite(KEY, claim))).toEqual({
      ...ACCEPTED,
      state: 'planning',
      version: 2,
      updatedAt: NOW,
      leaseToken: 'tt',
      leaseUntil: NOW + 9,
      planAttempt: 3,
      history: [...HISTORY, { state: 'planning', at: NOW, actor: 'planner', cause: 'attempt-3' }],
    });
  });

  it('opens the first four shards of a plan, and gives up the lease', async () => {
    const datasets = [{ id: 'a', units: 9, chunkUnits: 2, detail: 'is in the object store' }];
    const write = storePlanWrite(KEY, { token: 'tt', datasets, now: NOW });
    expect(await after(write, { state: 'planning', leaseToken: 'tt', leaseUntil: 5 })).toEqual({
      ...ACCEPTED,
      state: 'running',
      version: 2,
      updatedAt: NOW,
      startedAt: NOW,
      nextShard: 4,
      datasets: [{ id: 'a', units: 9, chunkUnits: 2 }],
      history: [...HISTORY, { state: 'running', at: NOW, actor: 'planner', cause: 'planned' }],
    });
  });
});

describe('what a chunk and a shard write', () => {
  const counts = { done: 1, failed: 2, skipped: 3, bytes: 4 };

  it('settles a chunk in the item of its shard', async () => {
    const settlement = { shard: 7, chunk: 5, counts, now: NOW, ttl: 99 };
    const item = await after(settleChunkWrite(KEY, settlement));
    expect(item).toEqual({ updatedAt: NOW, ttl: 99, settled: new Set([5]), failedChunks: new Set([5]), ...counts });
    const shard = { shard: 7, settled: new Set([5]), failedChunks: new Set([5]), counts, updatedAt: NOW };
    expect(readShardItem(7, item)).toEqual(shard);
  });

  it('names a chunk without a failed unit among those that are settled alone', async () => {
    const write = settleChunkWrite(KEY, { shard: 7, chunk: 5, counts: { ...counts, failed: 0 }, now: NOW, ttl: 99 });
    expect(await after(write)).not.toHaveProperty('failedChunks');
  });

  it('takes a shard without an item as one that has settled nothing', () => {
    expect(readShardItem(7, undefined)).toEqual({
      shard: 7,
      settled: new Set(),
      failedChunks: new Set(),
      counts: { done: 0, failed: 0, skipped: 0, bytes: 0 },
      updatedAt: 0,
    });
  });

  it('carries a shard to the row, with what it counts, and opens the next', async () => {
    const write = settleShardWrite(KEY, { shard: 2, dataset: 1, counts: { ...counts, skipped: 0 }, now: NOW });
    expect(await after(write, { state: 'running', nextShard: 4 })).toEqual({
      ...ACCEPTED,
      state: 'running',
      version: 2,
      updatedAt: NOW,
      nextShard: 5,
      settledShards: new Set([2]),
      'done:1': 1,
      'failed:1': 2,
      'bytes:1': 4,
    });
  });

  it('moves the job on with the last shard', async () => {
    const write = settleLastShardWrite(KEY, { shard: 2, dataset: 0, counts, now: NOW }, 2);
    expect(await after(write, { state: 'running', nextShard: 4, settledShards: new Set([0]) })).toEqual({
      ...ACCEPTED,
      state: 'finishing',
      version: 2,
      updatedAt: NOW,
      nextShard: 5,
      settledShards: new Set([0, 2]),
      'done:0': 1,
      'failed:0': 2,
      'skipped:0': 3,
      'bytes:0': 4,
      history: [...HISTORY, { state: 'finishing', at: NOW, actor: 'worker', cause: 'all-shards-settled' }],
    });
  });

  it('moves a job on whose shards are all settled', async () => {
    const row = { state: 'running', settledShards: new Set([0, 1]) };
    expect(await after(beginFinishingWrite(KEY, 2, 'stream', NOW), row)).toEqual({
      ...ACCEPTED,
      ...row,
      state: 'finishing',
      version: 2,
      updatedAt: NOW,
      history: [...HISTORY, { state: 'finishing', at: NOW, actor: 'stream', cause: 'all-shards-settled' }],
    });
  });
});

describe('what the sweeper writes', () => {
  it('puts the next look off, and counts what it heals', async () => {
    const write = postponeSweepWrite(KEY, { seenDueAt: 700, nextDueAt: 800, causes: ['plan-lost'] });
    const first = await after(write, { 'healed:plan-lost': 1 });
    expect(first).toEqual({ ...ACCEPTED, version: 2, dueAt: 800, 'healed:plan-lost': 2 });
  });

  it('starts the clock of a shard that has settled nothing, once', async () => {
    const write = observeShardWrite(KEY, 3, NOW, 99);
    expect(write.key).toEqual(shardItemKey(KEY, 3));
    expect(await after(write)).toEqual({ updatedAt: NOW, ttl: 99 });
    const store = new MemoryJobStore({ clock: new ManualClock(NOW) });
    await store.write(write);
    expect((await store.write(observeShardWrite(KEY, 3, NOW + 1, 99))).accepted).toBe(false);
  });
});

describe('what ends a job', () => {
  const failure = { failure: { code: 'x', detail: 'y' }, actor: 'someone', now: NOW, retentionDays: 3 };
  const ttl = NOW / 1000 + 3 * DAY_SECONDS;

  it('takes it out of the index of active jobs, and says who, when and why', async () => {
    const row = { leaseToken: 't', leaseUntil: 5 };
    expect(await after(cancelWrite(KEY, { actor: 'user:ann', now: NOW, retentionDays: 3 }), row)).toEqual(
      ended({
        state: 'cancelled',
        ttl,
        history: [...HISTORY, { state: 'cancelled', at: NOW, actor: 'user:ann', cause: 'requested' }],
      }),
    );
  });

  it.each([
    ['plan-failed', refusePlanWrite, 'planning'],
    ['finish-failed', abandonFinishWrite, 'finishing'],
    ['deadline', timeOutWrite, 'running'],
  ] as const)('gives the cause %s and the failure', async (cause, write, state) => {
    expect(await after(write(KEY, failure), { state })).toEqual(
      ended({
        state: 'failed',
        ttl,
        failure: { code: 'x', detail: 'y' },
        history: [...HISTORY, { state: 'failed', at: NOW, actor: 'someone', cause }],
      }),
    );
  });

  const publication = { artifacts: [], errors: [], now: NOW, retentionDays: 3 };

  it('publishes with the states of its datasets and a sample of its errors', async () => {
    const long = { code: 'e', detail: 'd'.repeat(501), remedy: 'r', dataset: 'a', unit: 'u', number: 7, secret: 's' };
    const [write] = publishWrites(KEY, {
      ...publication,
      outcome: 'partial',
      errors: [long],
      datasetStates: ['partial', 'succeeded'],
    });
    expect(await after(write!, { state: 'finishing' })).toEqual(
      ended({
        state: 'partial',
        ttl,
        datasetStates: ['partial', 'succeeded'],
        errors: [{ code: 'e', detail: 'd'.repeat(500), remedy: 'r', dataset: 'a', unit: 'u' }],
        history: [...HISTORY, { state: 'partial', at: NOW, actor: 'finisher', cause: 'published' }],
      }),
    );
  });

  it('fails with the reason when too much failed', async () => {
    const reason = { code: 'too-many-failures', detail: 'y' };
    const [write] = publishWrites(KEY, {
      ...publication,
      outcome: 'failed',
      failure: reason,
      datasetStates: ['failed'],
    });
    expect(await after(write!, { state: 'finishing' })).toEqual(
      ended({
        state: 'failed',
        ttl,
        datasetStates: ['failed'],
        failure: reason,
        history: [...HISTORY, { state: 'failed', at: NOW, actor: 'finisher', cause: 'too-many-failures' }],
      }),
    );
  });
});

describe("a dataset's pointer", () => {
  const artifact = { dataset: 'scene', url: new URL('s3://data/outputs/x'), mediaType: 'text/plain', bytes: 5 };
  const publication = { outcome: 'succeeded', artifacts: [artifact], errors: [], datasetStates: [] } as const;
  const pointerAt = (now: number, jobId = KEY.jobId) => {
    const writes = publishWrites(
      { ...KEY, jobId },
      { ...publication, errors: [], datasetStates: [], now, retentionDays: 1 },
    );
    return writes[1]!;
  };

  it('says which job made it, where it lies, and when it was published', async () => {
    expect(pointerAt(NOW).key).toEqual({ pk: 'TENANT#acme', sk: 'DATASET#scene' });
    expect(await after(pointerAt(NOW))).toEqual({
      jobId: KEY.jobId,
      url: 's3://data/outputs/x',
      mediaType: 'text/plain',
      bytes: 5,
      publishedAt: NOW,
    });
  });

  it('moves to a later job, or one of the same instant, and never back', async () => {
    const store = new MemoryJobStore({ clock: new ManualClock(NOW) });
    const moves: [number, string][] = [
      [NOW, 'first'],
      [NOW, 'same-instant'],
      [NOW - 1, 'earlier'],
      [NOW + 1, 'later'],
    ];
    const accepted = [];
    for (const [now, jobId] of moves) accepted.push((await store.write(pointerAt(now, jobId))).accepted);
    expect(accepted).toEqual([true, true, false, true]);
  });

  it('that is expected moves from the version that is named, once, and from no other', async () => {
    const store = new MemoryJobStore({ clock: new ManualClock(NOW) });
    const from = (jobId: string, expected?: string) => {
      const expects = { kind: 'unchanged', ...(expected === undefined ? {} : { jobId: expected }) } as const;
      const artifacts = [{ ...artifact, expects }];
      const more = { artifacts, errors: [], datasetStates: [], now: NOW, retentionDays: 1 };
      return publishWrites({ ...KEY, jobId }, { ...publication, ...more })[1]!;
    };
    const moves = [from('a'), from('b'), from('c', 'a'), from('d', 'a'), from('e', 'c')];
    const accepted = [];
    for (const move of moves) accepted.push((await store.write(move)).accepted);
    expect(accepted).toEqual([true, false, true, false, true]);
  });
});

describe('the count of active jobs', () => {
  it('names what it counts, has no more than its limit, and is taken back once', async () => {
    const store = new MemoryJobStore({ clock: new ManualClock(NOW) });
    const other = { ...KEY, jobId: '01J00000000000000000000002' };
    const name = `job:${KEY.jobId}`;
    expect(await after(holdJobWrite(KEY, 1))).toEqual({ activeJobs: 1, [name]: true });
    const accepted = [];
    for (const write of [
      holdJobWrite(KEY, 1),
      holdJobWrite(other, 1),
      releaseJobWrite(other),
      releaseJobWrite(KEY),
      releaseJobWrite(KEY),
      holdJobWrite(other, 1),
    ]) {
      expect(write).toMatchObject({ kind: 'update', key: { pk: 'TENANT#acme', sk: 'QUOTA' } });
      accepted.push((await store.write(write)).accepted);
    }
    expect(accepted).toEqual([true, false, false, true, false, true]);
  });
});

describe('a clean-up', () => {
  it('is entered once, and taken out by who saw when it was due', async () => {
    const store = new MemoryJobStore({ clock: new ManualClock(NOW) });
    const due = { dueAt: NOW, ttl: 9 };
    const accepted = [];
    for (const write of [
      planCleanUpWrite(KEY, due),
      planCleanUpWrite(KEY, due),
      endCleanUpWrite(KEY, NOW - 1),
      endCleanUpWrite(KEY, NOW),
      planCleanUpWrite(KEY, due),
    ]) {
      accepted.push([write.kind, (await store.write(write)).accepted]);
    }
    expect(accepted).toEqual([
      ['put', true],
      ['put', false],
      ['update', false],
      ['update', true],
      ['put', false],
    ]);
  });
});
