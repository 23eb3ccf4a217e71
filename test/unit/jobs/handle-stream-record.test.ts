import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { handleStreamRecord, type StreamRecord } from '../../../shared/jobs/handlers/handle-stream-record.ts';
import { jobItemKey } from '../../../shared/jobs/items/keys.ts';
import { NOTIFICATION_QUEUE } from '../../../shared/jobs/notifications.ts';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { recordingLogger } from './recording-logger.ts';

const JOB = '01J00000000000000000000001';
const KEY = jobItemKey({ tenant: 'acme', jobId: JOB });

/** Records of the stream as the function is given them. */
const records = ({ engine }: TestEngine): StreamRecord[] =>
  engine.store.stream.take().map((record) => ({ ...record, sequence: String(record.sequence) }));

const kinds = ({ engine }: TestEngine) =>
  engine.queue
    .receive('numbers', 2_000)
    .map(({ body }) => JSON.parse(body) as { kind: string; shard?: number; chunk?: number })
    .map(({ kind, shard, chunk }) => (kind === 'chunk' ? `${shard}/${chunk}` : kind));

async function put(test: TestEngine, change: Record<string, number | string | ReadonlySet<number>>): Promise<void> {
  const written = await test.engine.store.write({
    kind: 'update',
    key: KEY,
    condition: { operator: 'exists', attribute: 'pk' },
    set: change,
  });
  expect(written.accepted).toBe(true);
}

describe('a record of the stream', () => {
  it('of another item, or of one that was removed, calls for nothing', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 1 }] });
    const all = records(test);
    const submission = all.find(({ key }) => key.sk === 'SUBMISSION')!;
    const row = all.find(({ key }) => key.sk.startsWith('JOB#'))!;
    await handleStreamRecord(test.engine.platform, submission);
    await handleStreamRecord(test.engine.platform, { ...row, before: row.after, after: undefined });
    expect(kinds(test)).toEqual([]);
    expect([...test.objects.objects.keys()].filter((url) => url.includes('dead-letters'))).toEqual([]);
  });

  it('that cannot be read is put aside, whole, and logged', async () => {
    const test = createTestEngine();
    const { logger, lines } = recordingLogger();
    test.engine.platform.logger = logger;
    const record = { sequence: 'a/1', key: KEY, before: undefined, after: { state: 'asleep', settled: new Set([1]) } };
    await handleStreamRecord(test.engine.platform, record);
    const reason = {
      code: 'unexpected-error',
      detail: `TypeError: job ${JOB} has the unknown state asleep`,
    };
    const { bytes, mediaType } = test.objects.objects.get('s3://data/dead-letters/_unknown/stream/a%2F1.json')!;
    expect(mediaType).toBe('application/json');
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({
      sequence: 'a/1',
      key: KEY,
      after: { state: 'asleep', settled: [1] },
      reason,
      archivedAt: test.clock.now(),
    });
    expect(lines).toEqual([['error', 'stream.record.dead', { ...KEY, reason }]]);
  });

  it('whose effect can never be is put aside, and one whose effect may be is given back', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 1 }] });
    const [record] = records(test).filter(({ key }) => key.sk.startsWith('JOB#'));
    const failing = (retryable: boolean) => ({
      ...test.engine.platform,
      queue: {
        ...test.engine.queue,
        send: () => Promise.reject(new LonghaulError({ code: 'x', retryable, detail: 'No.' })),
      } as unknown as TestEngine['engine']['queue'],
    });
    await expect(handleStreamRecord(failing(true), record!)).rejects.toMatchObject({ code: 'x' });
    const archived = () => [...test.objects.objects.keys()].filter((url) => url.includes('/stream/')).length;
    expect(archived()).toBe(0);
    await handleStreamRecord(failing(false), record!);
    expect(archived()).toBe(1);
  });
});

describe('a change of a job', () => {
  it('sends each effect once: plan, chunks of the shards that were opened, finish', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 6 * 256 }], chunkUnits: 1 });
    await test.engine.followStream();
    expect(kinds(test)).toEqual(['plan']);
    await put(test, { leaseUntil: 5 });
    await test.engine.followStream();
    expect(kinds(test)).toEqual([]);
  });

  it('opens exactly the shards that the window has moved over', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 5 * 256 + 1 }], chunkUnits: 1 });
    await test.engine.followStream();
    await test.engine.workOnce();
    await test.engine.followStream();
    expect(kinds(test)).toHaveLength(4 * 256);
    await put(test, { nextShard: 5 });
    await test.engine.followStream();
    const fifth = kinds(test);
    expect([fifth.length, fifth[0], fifth.at(-1)]).toEqual([256, '4/0', '4/255']);
    await put(test, { nextShard: 7 });
    await test.engine.followStream();
    expect(kinds(test)).toEqual(['5/0']);
    await put(test, { nextShard: 8 });
    await test.engine.followStream();
    expect(kinds(test)).toEqual([]);
  });

  it('that would open more shards than a window has is put aside', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 9 * 256 }], chunkUnits: 1 });
    await test.engine.followStream();
    await test.engine.workOnce();
    await test.engine.followStream();
    kinds(test);
    await put(test, { nextShard: 8 });
    await test.engine.followStream();
    expect(kinds(test)).toHaveLength(4 * 256);
    await put(test, { nextShard: 13 });
    await test.engine.followStream();
    expect(kinds(test)).toHaveLength(256);
    await put(test, { nextShard: 4 });
    test.engine.store.stream.take();
    await put(test, { nextShard: 9 });
    await test.engine.followStream();
    expect(kinds(test)).toEqual([]);
    const [url] = [...test.objects.objects.keys()].filter((name) => name.includes('/_unknown/stream/'));
    expect(JSON.parse(new TextDecoder().decode(test.objects.objects.get(url!)!.bytes))).toMatchObject({
      reason: {
        code: 'job-window-jumped',
        detail: `The row of job ${JOB} opens 5 shards in one change, and at most 4 are opened.`,
        remedy: 'Look who else writes to the table; cancel the job and submit it again.',
      },
    });
  });

  it('that leaves shards open costs no write', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 300 }], chunkUnits: 1 });
    await test.engine.followStream();
    await test.engine.workOnce();
    const writes = () => test.engine.store.capacity.lines.filter(({ operation }) => operation === 'write').length;
    const before = writes();
    await test.engine.followStream();
    expect(writes()).toBe(before);
  });

  it('whose shards are all settled moves it on, and the finish is sent', async () => {
    const test = createTestEngine();
    const { logger, lines } = recordingLogger();
    await test.submit({ datasets: [{ id: 'a', units: 1 }] });
    await test.engine.followStream();
    await test.engine.workOnce();
    await test.engine.followStream();
    test.engine.queue.purge('numbers');
    test.engine.platform.logger = logger;
    await put(test, { settledShards: new Set([0]) });
    await test.engine.followStream();
    await test.engine.followStream();
    expect(kinds(test)).toEqual(['finish']);
    const { history } = (await test.read(JOB)).job;
    expect(history.at(-1)).toMatchObject({ state: 'finishing', actor: 'stream', cause: 'all-shards-settled' });
    expect(lines).toEqual([
      ['info', 'job.state.entered', { tenant: 'acme', job: JOB, process: 'numbers', state: 'finishing', version: 4 }],
    ]);
  });

  it('tells a subscriber of the states that it is told of, and nobody else', async () => {
    const test = createTestEngine();
    const request = { inputs: { datasets: [{ id: 'a', units: 1 }], chunkUnits: 1, failing: [], empty: [] } };
    const submission = { tenant: 'acme', subject: 'ann', processId: 'numbers' };
    const subscriber = { successUri: 'https://a.example/' };
    await submitJob(test.engine.platform, {
      ...submission,
      request: { inputs: { ...request.inputs, toleratedFailurePercentage: 0 }, subscriber },
    });
    await test.submit({ datasets: [{ id: 'b', units: 1 }] });
    await test.engine.runUntilIdle();
    const told = test.engine.queue.receive(NOTIFICATION_QUEUE, 10).map(({ body }) => JSON.parse(body) as object);
    expect(told).toEqual(
      ['running', 'succeeded'].map((event) => ({ schema: 1, tenant: 'acme', jobId: JOB, event, attempt: 1 })),
    );
  });
});
