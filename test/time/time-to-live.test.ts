import fc from 'fast-check';
import { globSync, readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { cancelJob } from '../../shared/jobs/cancel-job.ts';
import { sweep } from '../../shared/jobs/handlers/sweep.ts';
import { jobItemKey } from '../../shared/jobs/items/keys.ts';
import { isTerminal, type JobState } from '../../shared/jobs/job.ts';
import { readJob } from '../../shared/jobs/read-job.ts';
import { retryJob } from '../../shared/jobs/retry-job.ts';
import { timeToLive } from '../../shared/jobs/retention.ts';
import { releaseJobWrite } from '../../shared/jobs/writes/active-jobs.ts';
import { beginFinishingWrite } from '../../shared/jobs/writes/begin-finishing.ts';
import { cancelWrite } from '../../shared/jobs/writes/cancel.ts';
import { endCleanUpWrite } from '../../shared/jobs/writes/clean-up.ts';
import { claimPlanningWrite } from '../../shared/jobs/writes/claim-planning.ts';
import { abandonFinishWrite, refusePlanWrite, timeOutWrite } from '../../shared/jobs/writes/fail.ts';
import { postponeSweepWrite } from '../../shared/jobs/writes/postpone-sweep.ts';
import { publishWrites } from '../../shared/jobs/writes/publish.ts';
import { settleLastShardWrite, settleShardWrite } from '../../shared/jobs/writes/settle-shard.ts';
import { storePlanWrite } from '../../shared/jobs/writes/store-plan.ts';
import type { Write } from '../../shared/jobs/ports/job-store.ts';
import { createTestEngine } from '../helpers/test-engine.ts';
import { begin, beginFinishing, beginRunning, HOUR, SECOND, type Story } from './stories.ts';

const DAY = 24 * HOUR;
const KEY = { tenant: 'acme', jobId: '01J00000000000000000000001' };

/** The table's time to live takes the row of a story's job, whatever else is under way. */
function takeRow({ engine, jobId }: Story): void {
  engine.store.remove(jobItemKey({ tenant: 'acme', jobId }));
}

const rowsOf = ({ engine }: Pick<Story, 'engine'>): string[] =>
  engine.store.items().flatMap(({ key }) => (key.sk.startsWith('JOB#') ? [key.sk] : []));

describe('rows that may be forgotten', () => {
  it('are those of ended jobs only, never before the days that they are kept', async () => {
    const story = await begin({ datasets: [{ id: 'a', units: 6 }], failing: [1], chunkUnits: 2 });
    const images: [JobState, unknown][] = [];
    do {
      const row = await story.engine.store.read(jobItemKey({ tenant: 'acme', jobId: story.jobId }));
      images.push([row?.['state'] as JobState, row?.['ttl']]);
      await story.engine.followStream();
    } while (await story.engine.workOnce());
    expect(new Set(images.map(([state]) => state))).toEqual(new Set(['accepted', 'running', 'finishing', 'partial']));
    for (const [state, ttl] of images) {
      expect(ttl, state).toBe(isTerminal(state) ? timeToLive(story.clock.now(), 30) : undefined);
    }
  });

  it('keep the record of a submission for its 24 hours, and a shard for its job’s whole life', async () => {
    const story = await beginRunning();
    await story.engine.workOnce();
    const items = story.engine.store.items();
    const submission = items.find(({ key }) => key.sk === 'SUBMISSION')!.item;
    expect(Number(submission['ttl']) * SECOND).toBeGreaterThanOrEqual(Number(submission['expiresAt']));
    const shard = items.find(({ key }) => key.sk.startsWith('SHARD#'))!.item;
    expect(Number(shard['ttl']) * SECOND).toBeGreaterThanOrEqual((await story.job()).deadlineAt + 30 * DAY);
  });

  it('are no datasets and no tokens', async () => {
    const story = await beginFinishing();
    await story.engine.runUntilIdle();
    const pointer = story.engine.store.items().find(({ key }) => key.sk.startsWith('DATASET#'));
    expect(pointer?.item).not.toHaveProperty('ttl');
  });

  it('are kept a day or more longer than promised in seconds, whatever the time is', () => {
    const instant = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 3650 }), (now, days) => {
        const kept = timeToLive(now, days) * SECOND - now;
        expect(kept).toBeGreaterThanOrEqual(days * DAY);
        expect(kept).toBeLessThan(days * DAY + SECOND);
      }),
    );
  });
});

describe('rows that outlive their time by days', () => {
  it.each([0, 1, 2, 7, 365])('do not keep a request from giving a new job, %d days late', async (days) => {
    const story = await begin();
    story.moveTo(DAY + days * DAY);
    const again = await story.submit({ datasets: [{ id: 'a', units: 2 }], chunkUnits: 2 });
    expect(again).not.toBe(story.jobId);
    expect(await story.submit({ datasets: [{ id: 'a', units: 2 }], chunkUnits: 2 })).toBe(again);
  });

  it.each([1, 7])('are read, and retried with a reason, when the objects went %d days before', async (days) => {
    const story = await begin({ datasets: [{ id: 'a', units: 6 }], failing: [1], chunkUnits: 2 });
    await story.engine.runUntilIdle();
    story.moveTo((30 + days) * DAY);
    for (const url of story.objects.objects.keys()) story.objects.remove(new URL(url));
    expect((await story.job()).state).toBe('partial');
    const retry = retryJob(story.engine.platform, { tenant: 'acme', jobId: story.jobId }, { subject: 'ann' });
    await expect(retry).rejects.toMatchObject({ code: 'work-expired', retryable: false });
  });
});

describe('a job whose row was taken', () => {
  const now = 1;
  const failure = { failure: { code: 'x', detail: 'x' }, actor: 'sweeper', now, retentionDays: 30 };
  const settlement = { shard: 0, dataset: 0, counts: { done: 1, failed: 0, skipped: 0, bytes: 0 }, now };
  /** Every write to the row of a job that there is; it must not bring the row back. */
  const WRITES: Record<string, Write> = {
    beginFinishingWrite: beginFinishingWrite(KEY, 1, 'sweeper', now),
    endCleanUpWrite: endCleanUpWrite(KEY, 1),
    cancelWrite: cancelWrite(KEY, { actor: 'user:ann', now, retentionDays: 30 }),
    claimPlanningWrite: claimPlanningWrite(KEY, { token: 't', attempt: 2, now, leaseUntil: 2 }),
    refusePlanWrite: refusePlanWrite(KEY, failure),
    abandonFinishWrite: abandonFinishWrite(KEY, failure),
    timeOutWrite: timeOutWrite(KEY, failure),
    postponeSweepWrite: postponeSweepWrite(KEY, { seenDueAt: 0, nextDueAt: 1, causes: [] }),
    publishWrites: publishWrites(KEY, {
      outcome: 'succeeded',
      artifacts: [],
      errors: [],
      datasetStates: [],
      now,
      retentionDays: 30,
    })[0]!,
    settleShardWrite: settleShardWrite(KEY, settlement),
    settleLastShardWrite: settleLastShardWrite(KEY, settlement, 1),
    storePlanWrite: storePlanWrite(KEY, { token: 't', datasets: [], now }),
    releaseJobWrite: releaseJobWrite(KEY),
  };
  /**
   * Those that make an item: a new job with its place in the quota, and items of shards and clean-ups, which have a time
   * to live of their own.
   */
  const MAKE_ITEMS = ['submitWrites', 'holdJobWrite', 'settleChunkWrite', 'observeShardWrite', 'planCleanUpWrite'];

  it.each(Object.entries(WRITES))('stays away after %s', async (_name, write) => {
    const { engine } = createTestEngine();
    expect(await engine.store.write(write)).toEqual({ accepted: false, item: undefined });
    expect(engine.store.items()).toEqual([]);
  });

  it('is held against every write of the engine', () => {
    const folder = new URL('../../shared/jobs/writes/', import.meta.url);
    const texts = globSync('*.ts', { cwd: folder }).map((file) => readFileSync(new URL(file, folder), 'utf8'));
    const exported = texts.flatMap((text) =>
      [...text.matchAll(/^export function (\w+Writes?)\(/gm)].map(([, name]) => name),
    );
    expect(exported.sort()).toEqual([...Object.keys(WRITES), ...MAKE_ITEMS].sort());
  });

  it.each([
    ['plan', () => begin()],
    ['chunk', () => beginRunning({ datasets: [{ id: 'a', units: 2 }], chunkUnits: 2 })],
    ['finish', () => beginFinishing()],
  ])('has its %s message put aside whole, and stays away', async (kind, story) => {
    const world = await story();
    takeRow(world);
    await world.engine.runUntilIdle();
    expect(await world.engine.queue.depth('numbers')).toBe(0);
    const archived = [...world.objects.objects].filter(([url]) => url.startsWith('s3://data/dead-letters/_unknown/'));
    expect(archived).toHaveLength(1);
    const letter = JSON.parse(new TextDecoder().decode(archived[0]![1].bytes)) as { body: string; reason: object };
    expect(JSON.parse(letter.body)).toMatchObject({ kind, jobId: world.jobId });
    expect(letter.reason).toMatchObject({ code: 'job-unknown' });
    expect(rowsOf(world)).toEqual([]);
  });

  it('stops its worker within two seconds, and publishes nothing', async () => {
    let stopped: unknown;
    const story = await beginRunning(undefined, {
      beforeChunk: (_units, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject((stopped = signal.reason) as Error), { once: true });
        }),
    });
    const working = story.engine.workOnce();
    await turn();
    takeRow(story);
    story.clock.advance(2 * SECOND);
    await working;
    expect(stopped).toMatchObject({ code: 'job-is-over' });
    await story.engine.runUntilIdle();
    expect(rowsOf(story)).toEqual([]);
    expect(story.published(story.jobId)).toBeUndefined();
  });

  it('lets a worker that has its work done settle it without bringing the row back', async () => {
    const story: Story = await beginRunning(undefined, { beforeChunk: async () => takeRow(story) });
    await story.engine.workOnce();
    await story.engine.runUntilIdle();
    expect(rowsOf(story)).toEqual([]);
    const left = story.engine.store.items().filter(({ key }) => key.sk.startsWith('SHARD#'));
    for (const { item } of left) expect(item['ttl']).toBeGreaterThan(0);
  });

  it('is no longer there for a caller', async () => {
    const story = await begin();
    takeRow(story);
    const { platform } = story.engine;
    const key = { tenant: 'acme', jobId: story.jobId };
    expect(await readJob(platform, key)).toBeUndefined();
    expect(await cancelJob(platform, key, 'user:ann')).toBeUndefined();
    await expect(retryJob(platform, key, { subject: 'ann' })).rejects.toMatchObject({ code: 'job-not-found' });
  });

  it('is passed over by the sweeper that an index still names it to', async () => {
    const story = await begin();
    takeRow(story);
    const { platform } = story.engine;
    const listDue = async () => [jobItemKey({ tenant: 'acme', jobId: story.jobId })];
    const store = { ...story.engine.store.labelled('stale index'), listDue };
    const errors: string[] = [];
    const logger = { ...platform.logger, error: (event: string) => void errors.push(event) };
    expect(await sweep({ ...platform, store, logger })).toMatchObject({ looked: 0, healed: {} });
    expect(errors).toEqual([]);
  });

  it('gives a retry of it an end with the reason', async () => {
    const story = await begin({ datasets: [{ id: 'a', units: 6 }], failing: [1], chunkUnits: 2 });
    await story.engine.runUntilIdle();
    const { platform } = story.engine;
    const { job } = await retryJob(platform, { tenant: 'acme', jobId: story.jobId }, { subject: 'ann' });
    takeRow(story);
    await story.engine.runUntilIdle();
    expect((await story.read(job.jobId)).job).toMatchObject({ state: 'failed', failure: { code: 'work-expired' } });
  });
});
