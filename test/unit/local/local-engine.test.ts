import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { finalError, retryableError } from '../../helpers/numbers-process.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';

const inputs = (units: number) => ({ datasets: [{ id: 'a', units }], chunkUnits: 1 });

const isOver =
  ({ read }: TestEngine, jobId: string) =>
  async (): Promise<boolean> =>
    ['succeeded', 'partial', 'failed', 'cancelled'].includes((await read(jobId)).job.state);

describe('LocalEngine.run', () => {
  it('ends when the job is over', async () => {
    const test = createTestEngine();
    const jobId = await test.submit(inputs(40));
    await test.engine.run({ isOver: isOver(test, jobId) });
    expect((await test.read(jobId)).job).toMatchObject({ state: 'succeeded', counts: [{ done: 40 }] });
  });

  it('starts other chunks while a slow one is under way, never more than its concurrency', async () => {
    const slow = Promise.withResolvers<void>();
    let underWay = 0;
    let most = 0;
    let ended = 0;
    const test = createTestEngine({
      beforeChunk: async ([unit]) => {
        most = Math.max(most, ++underWay);
        await (unit === 0 ? slow.promise : setImmediate());
        underWay--;
        if (++ended === 11) slow.resolve();
      },
    });
    const jobId = await test.submit(inputs(12));
    await test.engine.run({ isOver: isOver(test, jobId) });
    expect((await test.read(jobId)).job.state).toBe('succeeded');
    expect(most).toBe(4);
  });

  it('waits on the clock for a delayed attempt, and says for how long', async () => {
    let attempts = 0;
    const test = createTestEngine({
      beforeChunk: async () => {
        if (++attempts === 1) throw retryableError();
      },
    });
    const waits: number[] = [];
    const jobId = await test.submit(inputs(1));
    await test.engine.run({
      isOver: isOver(test, jobId),
      onWait: (milliseconds) => {
        waits.push(milliseconds);
        queueMicrotask(() => test.clock.advance(milliseconds));
      },
    });
    expect((await test.read(jobId)).job.state).toBe('succeeded');
    expect(waits).toEqual([15_000]);
  });

  it('settles the chunk of a dead letter', async () => {
    const test = createTestEngine({ attempts: 1, beforeChunk: () => Promise.reject(retryableError()) });
    const jobId = await test.submit(inputs(1));
    await test.engine.run({ isOver: isOver(test, jobId) });
    expect((await test.read(jobId)).job).toMatchObject({ state: 'failed', counts: [{ failed: 1 }] });
  });

  it('returns when it is stopped, after the work under way has ended', async () => {
    let stopped = 0;
    const test: TestEngine = createTestEngine({
      beforeChunk: async (_units, signal) => {
        queueMicrotask(() => test.engine.stop(new Error('Ctrl+C')));
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve());
        });
        stopped++;
        signal.throwIfAborted();
      },
    });
    const jobId = await test.submit(inputs(9));
    await test.engine.run({ isOver: isOver(test, jobId) });
    expect((await test.read(jobId)).job.state).toBe('running');
    expect(stopped).toBe(4);
  });

  it('throws what ends a delivery', async () => {
    const test = createTestEngine();
    const jobId = await test.submit(inputs(9));
    const put = test.objects.putIfAbsent.bind(test.objects);
    test.objects.putIfAbsent = (url, bytes, mediaType) =>
      url.pathname.includes('/chunks/') ? Promise.reject(finalError('The disk is full.')) : put(url, bytes, mediaType);
    await expect(test.engine.run({ isOver: isOver(test, jobId) })).rejects.toThrow('The disk is full.');
  });

  it('returns when no message is left although the job is not over', async () => {
    const test = createTestEngine();
    const jobId = await test.submit(inputs(1));
    await test.engine.followStream();
    test.engine.queue.purge('numbers');
    await test.engine.run({ isOver: isOver(test, jobId) });
    expect((await test.read(jobId)).job.state).toBe('accepted');
  });
});
