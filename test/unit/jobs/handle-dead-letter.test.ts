import { describe, expect, it } from 'vitest';
import { handleDeadLetter, type DeadLetter } from '../../../shared/jobs/handlers/handle-dead-letter.ts';
import type { JobStore } from '../../../shared/jobs/ports/job-store.ts';
import { finishMessage, planMessage } from '../../../shared/jobs/send-messages.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { moveTo } from './move-to.ts';
import { recordingLogger, type LogLine } from './recording-logger.ts';

const JOB = '01J00000000000000000000001';
const KEY = { tenant: 'acme', jobId: JOB };
const REASON = { code: 'attempts-exhausted', detail: 'Attempt 5 of 5 failed.' };
const REMEDY = 'Read the archived message and the logs of its job, mend the cause, and retry the job.';
const chunk = (number: number) => ({ schema: 1, ...KEY, kind: 'chunk', shard: 0, chunk: number, attempt: 5 });

interface Bench extends TestEngine {
  lines: LogLine[];
  handle: (message: object | string, more?: Partial<DeadLetter>) => Promise<void>;
}

/** A job of four units in two chunks, moved on to a state. */
async function benchAt(state: 'accepted' | 'running' | 'finishing'): Promise<Bench> {
  const test = createTestEngine();
  await test.submit({ datasets: [{ id: 'a', units: 4 }] });
  await moveTo(test, JOB, state);
  const { logger, lines } = recordingLogger();
  test.engine.platform.logger = logger;
  const handle = (message: object | string, more: Partial<DeadLetter> = {}) =>
    handleDeadLetter(test.engine.platform, {
      messageId: 'm/1',
      processId: 'numbers',
      body: typeof message === 'string' ? message : JSON.stringify(message),
      attributes: { ApproximateReceiveCount: '5' },
      reason: REASON,
      ...more,
    });
  return { ...test, lines, handle };
}

const archived = ({ objects }: TestEngine, url: string): unknown =>
  JSON.parse(new TextDecoder().decode(objects.objects.get(url)!.bytes));

describe('a dead letter', () => {
  it('is archived whole under its tenant, entered in the index, and logged', async () => {
    const bench = await benchAt('running');
    await bench.handle(chunk(0));
    const url = 's3://data/dead-letters/acme/numbers/m%2F1.json';
    expect(archived(bench, url)).toEqual({
      messageId: 'm/1',
      processId: 'numbers',
      body: JSON.stringify(chunk(0)),
      attributes: { ApproximateReceiveCount: '5' },
      reason: REASON,
      archivedAt: bench.clock.now(),
    });
    expect(bench.objects.objects.get(url)?.mediaType).toBe('application/json');
    expect(await bench.engine.store.read({ pk: 'TENANT#acme', sk: 'DEADLETTER#m/1' })).toEqual({
      url,
      processId: 'numbers',
      reason: 'attempts-exhausted',
      archivedAt: bench.clock.now(),
      ttl: bench.clock.now() / 1000 + 30 * 86_400,
      jobId: JOB,
    });
    expect(bench.lines[0]).toEqual([
      'error',
      'message.dead',
      { tenant: 'acme', process: 'numbers', job: JOB, reason: 'attempts-exhausted' },
    ]);
  });

  it('settles its chunk as failed for its reason, once', async () => {
    const bench = await benchAt('running');
    await bench.handle(chunk(0));
    bench.clock.advance(1);
    await bench.handle(chunk(0));
    expect((await bench.read(JOB)).counts).toEqual([{ done: 0, failed: 2, skipped: 0, bytes: 0 }]);
    const entry = await bench.engine.store.read({ pk: 'TENANT#acme', sk: 'DEADLETTER#m/1' });
    expect(entry?.['archivedAt']).toBe(bench.clock.now() - 1);
  });

  it('that the queue moved by itself had a worker that never came back', async () => {
    const bench = await benchAt('accepted');
    const letter = { messageId: 'm-2', processId: 'numbers', attributes: {} };
    await handleDeadLetter(bench.engine.platform, { ...letter, body: JSON.stringify(planMessage(KEY)) });
    expect((await bench.read(JOB)).job.failure).toEqual({
      code: 'worker-lost',
      detail:
        'The worker ended without an answer each time that it was given this work: out of memory, out of time, or killed.',
      remedy: REMEDY,
    });
  });

  it('of a plan or a finish ends its job, and says who ended it', async () => {
    const planning = await benchAt('accepted');
    await planning.handle(planMessage(KEY));
    const finishing = await benchAt('finishing');
    await finishing.handle(finishMessage(KEY));
    const ends = await Promise.all([planning, finishing].map(async ({ read }) => (await read(JOB)).job));
    expect(ends.map(({ state, failure, history }) => [state, failure, history.at(-1)?.actor])).toEqual([
      ['failed', { ...REASON, remedy: REMEDY }, 'planner'],
      ['failed', { ...REASON, remedy: REMEDY }, 'finisher'],
    ]);
  });

  it('of no job that can be believed lies under a tenant of its own', async () => {
    const bench = await benchAt('running');
    await bench.handle('{');
    await bench.handle({ ...chunk(0), tenant: 'other' }, { messageId: 'm-2' });
    expect(archived(bench, 's3://data/dead-letters/_unknown/numbers/m%2F1.json')).toMatchObject({ body: '{' });
    expect(await bench.engine.store.read({ pk: 'TENANT#_unknown', sk: 'DEADLETTER#m-2' })).not.toHaveProperty('jobId');
    expect((await bench.read(JOB)).counts).toEqual([{ done: 0, failed: 0, skipped: 0, bytes: 0 }]);
  });

  it('of another process, or for a chunk that is not there, ends nothing', async () => {
    const bench = await benchAt('running');
    await bench.handle(chunk(0), { processId: 'echo' });
    await bench.handle(chunk(2), { messageId: 'm-2' });
    expect((await bench.read(JOB)).counts).toEqual([{ done: 0, failed: 0, skipped: 0, bytes: 0 }]);
    expect(bench.lines.map(([, event]) => event)).toEqual(['message.dead', 'message.dead']);
    const accepted = await benchAt('accepted');
    await accepted.handle(chunk(0));
    expect((await accepted.read(JOB)).job).toMatchObject({ state: 'accepted', version: 1 });
  });

  it('is decided upon by the row as it now is', async () => {
    const bench = await benchAt('running');
    const { engine } = bench;
    const consistentOnly: JobStore = {
      ...engine.store.labelled('dead letters'),
      read: (key, options = {}) =>
        options.consistent === true
          ? engine.store.read(key, options)
          : Promise.reject(new Error('a read that may be stale')),
    };
    const letter = { messageId: 'm', processId: 'numbers', body: JSON.stringify(chunk(0)), attributes: {} };
    await handleDeadLetter({ ...engine.platform, store: consistentOnly }, letter);
    expect((await bench.read(JOB)).counts).toMatchObject([{ failed: 2 }]);
  });

  it('of a job that has ended changes nothing', async () => {
    const bench = await benchAt('accepted');
    await bench.handle(planMessage(KEY));
    const before = await bench.read(JOB);
    await bench.handle(planMessage(KEY), { messageId: 'm-2' });
    expect(await bench.read(JOB)).toEqual(before);
  });

  it('for a chunk of a job that is no longer running settles nothing', async () => {
    const bench = await benchAt('finishing');
    const writes = bench.engine.store.capacity.lines.length;
    await bench.handle(chunk(0));
    const lines = bench.engine.store.capacity.lines.slice(writes);
    expect(lines.filter(({ item }) => item.startsWith('SHARD#'))).toEqual([]);
  });
});
