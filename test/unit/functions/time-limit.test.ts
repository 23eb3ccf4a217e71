import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withinTimeLimit } from '../../../functions/time-limit.ts';
import { createHandler } from '../../../functions/worker/create-handler.ts';
import type { SQSEvent } from 'aws-lambda';
import { capturedEvents } from '../api/captured-events.ts';
import { engineAt, invocation, recordingQueue } from './engine-at.ts';

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

describe('withinTimeLimit', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    { remaining: 60_000, abortedAfter: 55_000, why: 'five seconds are kept back' },
    { remaining: 900_000, abortedAfter: 895_000, why: 'never more than five seconds are kept back' },
    { remaining: 10_000, abortedAfter: 8_000, why: 'a short function keeps four fifths for the work' },
  ])('aborts after $abortedAfter of $remaining ms: $why', async ({ remaining, abortedAfter }) => {
    let reason: unknown;
    const work = withinTimeLimit(invocation(remaining), untilAborted).catch((error: unknown) => void (reason = error));
    await vi.advanceTimersByTimeAsync(abortedAfter - 1);
    expect(reason).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(reason).toMatchObject({
      code: 'worker-out-of-time',
      retryable: true,
      detail: `The work was not done within the ${remaining / 1_000} s of the function.`,
    });
    await work;
  });

  it('leaves no timer behind work that ends, well or not', async () => {
    await expect(withinTimeLimit(invocation(), async () => 'done')).resolves.toBe('done');
    await expect(withinTimeLimit(invocation(), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends the next attempt of a chunk whose worker runs out of time', async () => {
    const { engine } = await engineAt('running', { beforeChunk: (_, signal) => untilAborted(signal) });
    const queue = recordingQueue();
    const event = capturedEvents<SQSEvent, unknown>('worker').find(({ name }) => name === 'chunk')?.event;
    const answering = createHandler({ ...engine.platform, queue })(event ?? { Records: [] }, invocation());
    await vi.advanceTimersByTimeAsync(55_000);
    expect(await answering).toEqual({ batchItemFailures: [] });
    expect(queue.sent).toMatchObject([{ queue: 'numbers', message: { kind: 'chunk', attempt: 2 } }]);
  });
});
