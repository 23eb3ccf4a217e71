import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { decodeChunkObject, encodeChunkObject } from '../../../shared/jobs/chunk-object.ts';
import { handleMessage } from '../../../shared/jobs/handlers/handle-message.ts';
import { chunkUrl } from '../../../shared/jobs/folders.ts';
import type { JobMessage } from '../../../shared/jobs/messages.ts';
import type { JobStore } from '../../../shared/jobs/ports/job-store.ts';
import { finishMessage, planMessage } from '../../../shared/jobs/send-messages.ts';
import { finalError, retryableError, type NumbersHooks } from '../../helpers/numbers-process.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { moveTo } from './move-to.ts';
import { recordingLogger, type LogLine } from './recording-logger.ts';

interface Bench extends TestEngine {
  jobId: string;
  lines: LogLine[];
  handle: (message: JobMessage | string, receiveCount?: number) => Promise<void>;
  /** What waits in the queue: message and delay in seconds. */
  waiting: () => Promise<{ message: JobMessage; delaySeconds: number }[]>;
  chunk: (chunk: number, attempt?: number) => JobMessage;
}

/** A job of five units in chunks of two, moved on to a state; its queue is empty. */
async function benchAt(state: 'accepted' | 'running' | 'finishing', hooks: NumbersHooks = {}): Promise<Bench> {
  const test = createTestEngine(hooks);
  const { engine, clock } = test;
  const jobId = await test.submit({ datasets: [{ id: 'a', units: 5 }] });
  await moveTo(test, jobId, state);
  const { logger, lines } = recordingLogger();
  engine.platform.logger = logger;
  const process = engine.platform.processes.get('numbers')!;
  return {
    ...test,
    jobId,
    lines,
    handle: (message, receiveCount = 1) => {
      const body = typeof message === 'string' ? message : JSON.stringify(message);
      return handleMessage(engine.platform, process, { body, receiveCount, signal: new AbortController().signal });
    },
    waiting: async () => {
      const found = [];
      for (let second = 0; second <= 900; second++) {
        for (const { body, receipt } of engine.queue.receive('numbers', 10)) {
          found.push({ message: JSON.parse(body) as JobMessage, delaySeconds: second });
          engine.queue.delete(receipt);
        }
        clock.advance(1_000);
      }
      return found;
    },
    chunk: (chunk, attempt = 1) => ({
      schema: 1,
      tenant: 'acme',
      jobId,
      kind: 'chunk',
      shard: 0,
      chunk,
      attempt,
    }),
  };
}

/** Reasons of the messages that were given up, in the order in which they came. */
const givenUp = ({ engine }: TestEngine) =>
  engine.queue
    .receiveDeadLetters('numbers', 10)
    .map(({ attributes }) => [attributes['reasonCode'], attributes['reasonDetail']]);

describe('a message', () => {
  it('of a job that is not there goes to the dead letters', async () => {
    const bench = await benchAt('accepted');
    await bench.handle(planMessage({ tenant: 'other', jobId: bench.jobId }));
    expect(givenUp(bench)).toEqual([['job-unknown', `Tenant other has no job ${bench.jobId} of this process.`]]);
  });

  it('for a chunk that the job does not have goes to the dead letters, even before there is a plan', async () => {
    const bench = await benchAt('running');
    await bench.handle(bench.chunk(3));
    expect(givenUp(bench)).toEqual([['message-invalid', 'The job has no chunk 3 in shard 0.']]);
    const early = await benchAt('accepted');
    await early.handle(early.chunk(0));
    expect(givenUp(early)).toEqual([['message-invalid', 'The job has no chunk 0 in shard 0.']]);
  });

  it('that is no message goes to the dead letters with the reason', async () => {
    const bench = await benchAt('accepted');
    await bench.handle('{');
    expect(givenUp(bench)).toEqual([['message-invalid', 'The message cannot be read: it is not JSON.']]);
  });

  it('of a job that has ended is dropped', async () => {
    const bench = await benchAt('running');
    await cancelJob(bench.engine.platform, { tenant: 'acme', jobId: bench.jobId }, 'user:ann');
    bench.lines.length = 0;
    await bench.handle(bench.chunk(0));
    expect(bench.lines).toEqual([
      [
        'info',
        'job.message.dropped',
        { tenant: 'acme', job: bench.jobId, kind: 'chunk', attempt: 1, state: 'cancelled' },
      ],
    ]);
    expect(bench.objects.objects.has(chunkOf(bench, 0).href)).toBe(false);
  });

  it('that comes too early or too late for the state of its job is dropped, and changes nothing', async () => {
    const running = await benchAt('running');
    const dropped = (job: string) => ['info', 'job.message.dropped', { tenant: 'acme', job, state: 'running' }];
    await running.handle(finishMessage({ tenant: 'acme', jobId: running.jobId }));
    await running.handle(planMessage({ tenant: 'acme', jobId: running.jobId }));
    expect(running.lines).toEqual([
      dropped(running.jobId),
      ['info', 'job.message.dropped', { tenant: 'acme', job: running.jobId, kind: 'plan', attempt: 1 }],
    ]);
    const finishing = await benchAt('finishing');
    await finishing.handle(finishing.chunk(0));
    expect(finishing.lines).toEqual([
      ['info', 'job.message.dropped', { tenant: 'acme', job: finishing.jobId, state: 'finishing' }],
    ]);
    expect([givenUp(running), givenUp(finishing)]).toEqual([[], []]);
  });
});

describe('what decides upon a message', () => {
  it('is the row as it now is', async () => {
    const bench = await benchAt('running');
    const { engine } = bench;
    const process = engine.platform.processes.get('numbers')!;
    const consistentOnly: JobStore = {
      ...engine.store.labelled('worker'),
      read: (key, options = {}) =>
        options.consistent === true
          ? engine.store.read(key, options)
          : Promise.reject(new Error('a read that may be stale')),
    };
    const body = JSON.stringify(bench.chunk(0));
    const delivery = { body, receiveCount: 1, signal: new AbortController().signal };
    await handleMessage({ ...engine.platform, store: consistentOnly }, process, delivery);
    expect((await bench.read(bench.jobId)).counts).toMatchObject([{ done: 2 }]);
  });

  it('is the process whose queue it came from', async () => {
    const bench = await benchAt('running');
    const { engine } = bench;
    const other = { ...engine.platform.processes.get('numbers')!, id: 'other' };
    const body = JSON.stringify(bench.chunk(0));
    const given: unknown[] = [];
    const queue = {
      send: () => Promise.reject(new Error('nothing is sent')),
      sendToDeadLetters: async (...letter: unknown[]) => void given.push(letter),
      depth: async () => 0,
    };
    const delivery = { body, receiveCount: 1, signal: new AbortController().signal };
    await handleMessage({ ...engine.platform, queue }, other, delivery);
    const detail = `Tenant acme has no job ${bench.jobId} of this process.`;
    expect(given).toEqual([['other', body, { code: 'job-unknown', detail }]]);
    expect(bench.objects.objects.has(chunkOf(bench, 0).href)).toBe(false);
  });
});

describe('work that fails', () => {
  const fields = (bench: Bench) => ({ tenant: 'acme', job: bench.jobId, kind: 'chunk', attempt: 2 });
  const unavailable = { code: 'source-unavailable', detail: 'The upstream did not answer.' };

  it('is tried again as the next attempt, after a delay that grows', async () => {
    const bench = await benchAt('running', { beforeChunk: () => Promise.reject(retryableError()) });
    await bench.handle(bench.chunk(1, 2));
    expect(bench.lines).toEqual([['warn', 'job.attempt.failed', { ...fields(bench), error: unavailable }]]);
    // Half of 0 … 60 s.
    expect(await bench.waiting()).toEqual([{ message: bench.chunk(1, 3), delaySeconds: 30 }]);
  });

  it('is tried again no earlier than the other side asked', async () => {
    const asked = new LonghaulError({ code: 'busy', retryable: true, detail: 'Later.', retryAfterMs: 100_000 });
    const bench = await benchAt('running', { beforeChunk: () => Promise.reject(asked) });
    await bench.handle(bench.chunk(1));
    expect(await bench.waiting()).toEqual([{ message: bench.chunk(1, 2), delaySeconds: 100 }]);
  });

  it('is tried again as the same attempt when it was the platform that failed', async () => {
    const broken = new LonghaulError({ code: 'object-store-unavailable', retryable: true, detail: 'Slow down.' });
    const bench = await benchAt('running', { beforeChunk: () => Promise.reject(broken) });
    await bench.handle(bench.chunk(1, 5));
    expect(await bench.waiting()).toEqual([{ message: bench.chunk(1, 5), delaySeconds: 15 }]);
  });

  it('is given up with its last attempt, which says what failed', async () => {
    const bench = await benchAt('running', { beforeChunk: () => Promise.reject(retryableError()) });
    await bench.handle(bench.chunk(1, 5));
    expect(givenUp(bench)).toEqual([
      ['attempts-exhausted', 'Attempt 5 of 5 failed with source-unavailable: The upstream did not answer.'],
    ]);
    expect(await bench.waiting()).toEqual([]);
  });

  it('is settled as failed, unit by unit, when trying again cannot help', async () => {
    const bench = await benchAt('running', { beforeChunk: () => Promise.reject(finalError()) });
    await bench.handle(bench.chunk(1));
    expect((await bench.read(bench.jobId)).counts).toEqual([{ done: 0, failed: 2, skipped: 0, bytes: 0 }]);
    const error = { code: 'not-a-tiff', detail: 'The source is no raster.', dataset: 'a' };
    const object = bench.objects.objects.get(chunkOf(bench, 1).href)!;
    expect(object.mediaType).toBe('application/octet-stream');
    expect(decodeChunkObject(object.bytes)).toEqual({
      header: {
        counts: { done: 0, failed: 2, skipped: 0, bytes: 0 },
        errors: [
          { ...error, number: 2 },
          { ...error, number: 3 },
        ],
        abandoned: true,
      },
      payload: new Uint8Array(),
    });
  });

  it('stops when its job is over, and is not tried again', async () => {
    const bench = await benchAt('running', {
      beforeChunk: (_units, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    });
    const { engine, clock, jobId } = bench;
    const working = bench.handle(bench.chunk(0));
    for (let turn = 0; turn < 100 && clock.sleepers === 0; turn++) await new Promise(setImmediate);
    await cancelJob(engine.platform, { tenant: 'acme', jobId }, 'user:ann');
    bench.lines.length = 0;
    clock.advance(1_000);
    await working;
    expect(bench.lines).toEqual([
      ['info', 'job.work.stopped', { tenant: 'acme', job: jobId, kind: 'chunk', attempt: 1 }],
    ]);
    expect(await bench.waiting()).toEqual([]);
  });
});

describe('a chunk', () => {
  const made = { counts: { done: 1, failed: 0, skipped: 1, bytes: 7 }, errors: [], payload: new Uint8Array(7) };

  /** A bench on which running a chunk is an error that is told, and the object of chunk 0 is there. */
  async function benchWithObject(onRun: () => void = () => undefined): Promise<Bench> {
    const beforeChunk = () => {
      onRun();
      return Promise.reject(finalError());
    };
    const bench = await benchAt('running', { beforeChunk });
    await bench.objects.putIfAbsent(chunkOf(bench, 0), encodeChunkObject(made), 'application/octet-stream');
    return bench;
  }

  it('whose object is there is settled from it, and not run again', async () => {
    for (const [attempt, receiveCount] of [
      [2, 1],
      [1, 2],
    ] as const) {
      let runs = 0;
      const bench = await benchWithObject(() => (runs += 1));
      await bench.handle(bench.chunk(0, attempt), receiveCount);
      expect((await bench.read(bench.jobId)).counts).toEqual([made.counts]);
      expect(runs).toBe(0);
    }
  });

  it('that a second worker made meanwhile counts as that one made it', async () => {
    const bench = await benchAt('running');
    await bench.objects.putIfAbsent(chunkOf(bench, 0), encodeChunkObject(made), 'application/octet-stream');
    await bench.handle(bench.chunk(0));
    expect((await bench.read(bench.jobId)).counts).toEqual([made.counts]);
  });

  it('looks for its object, and reads it, only where one can be', async () => {
    const reads: string[] = [];
    const readsOf = async (hooks: NumbersHooks, attempt: number) => {
      const bench = await benchAt('running', hooks);
      const { objects } = bench.engine.platform;
      bench.engine.platform.objects = Object.create(objects, {
        getRange: {
          value: (url: URL, offset: number, length: number) => {
            reads.push(url.pathname);
            return objects.getRange(url, offset, length);
          },
        },
        putIfAbsent: { value: objects.putIfAbsent.bind(objects) },
        get: { value: objects.get.bind(objects) },
      }) as typeof objects;
      await bench.handle(bench.chunk(0, attempt));
      return reads.splice(0).length;
    };
    expect(await readsOf({}, 1)).toBe(0);
    expect(await readsOf({ beforeChunk: () => Promise.reject(finalError()) }, 1)).toBe(0);
    expect(await readsOf({}, 2)).toBe(1);
  });

  it('that is given up after its worker had written it counts as written', async () => {
    const bench = await benchWithObject();
    await bench.handle(bench.chunk(0));
    expect((await bench.read(bench.jobId)).counts).toEqual([made.counts]);
  });

  it('is run, and written once, when its first delivery left nothing', async () => {
    const ran: number[] = [];
    const bench = await benchAt('running', { beforeChunk: async (units) => void ran.push(...units) });
    await bench.handle(bench.chunk(2, 3), 2);
    expect(ran).toEqual([4]);
    expect((await bench.read(bench.jobId)).counts).toEqual([{ done: 1, failed: 0, skipped: 0, bytes: 1 }]);
    expect(bench.objects.objects.get(chunkOf(bench, 2).href)?.mediaType).toBe('application/octet-stream');
  });
});

function chunkOf({ engine, jobId }: Bench, chunk: number): URL {
  return chunkUrl(engine.platform.locations, { tenant: 'acme', jobId }, 0, chunk);
}
