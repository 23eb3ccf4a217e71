import { describe, expect, it } from 'vitest';
import { jobItemKey } from '../../../shared/jobs/items/keys.ts';
import type { JobStore } from '../../../shared/jobs/ports/job-store.ts';
import { whileJobIsActive } from '../../../shared/jobs/watch-cancellation.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';
import { recordingLogger } from './recording-logger.ts';

const KEY = { tenant: 'acme', jobId: '01J00000000000000000000001' };
const turn = () => new Promise(setImmediate);

/** A job that is worked on until its signal is aborted. */
async function watched(store?: (store: JobStore) => JobStore) {
  const test = createTestEngine();
  await test.submit({ datasets: [{ id: 'a', units: 1 }] });
  const { logger, lines } = recordingLogger();
  const platform = { ...test.engine.platform, logger, ...(store && { store: store(test.engine.store) }) };
  const outer = new AbortController();
  let signal: AbortSignal | undefined;
  const work = whileJobIsActive(platform, KEY, outer.signal, (given) => {
    signal = given;
    return new Promise((_, reject) => given.addEventListener('abort', () => reject(given.reason as Error)));
  }).catch((error: unknown) => error);
  await turn();
  return { ...test, outer, work, lines, isAborted: () => signal?.aborted };
}

describe('work on a job', () => {
  it('gives what it makes, and leaves nothing behind', async () => {
    const { engine, submit, clock } = createTestEngine();
    await submit({ datasets: [{ id: 'a', units: 1 }] });
    const signal = new AbortController().signal;
    expect(await whileJobIsActive(engine.platform, KEY, signal, () => Promise.resolve(7))).toBe(7);
    await expect(whileJobIsActive(engine.platform, KEY, signal, () => Promise.reject(new Error('x')))).rejects.toThrow(
      'x',
    );
    expect(clock.sleepers).toBe(0);
  });

  it('stops within a second and a look of the end of its job', async () => {
    const { engine, clock, work, isAborted } = await watched();
    clock.advance(999);
    await turn();
    await engine.store.write({
      kind: 'update',
      key: jobItemKey(KEY),
      condition: { operator: 'exists', attribute: 'pk' },
      set: { state: 'failed' },
    });
    expect(isAborted()).toBe(false);
    clock.advance(1);
    expect(await work).toMatchObject({
      code: 'job-is-over',
      retryable: false,
      detail: 'The job was cancelled or has ended.',
    });
    expect(clock.sleepers).toBe(0);
  });

  it('stops when its job is gone', async () => {
    const { engine, clock, work } = await watched();
    engine.store.remove(jobItemKey(KEY));
    clock.advance(1_000);
    expect(await work).toMatchObject({ code: 'job-is-over' });
  });

  it('stops with the time of its worker, for that reason', async () => {
    const { outer, work, clock } = await watched();
    outer.abort(new Error('out of time'));
    expect(await work).toEqual(new Error('out of time'));
    expect(clock.sleepers).toBe(0);
  });

  it('says why it stopped when what it called only says that it was aborted', async () => {
    const { engine, submit } = createTestEngine();
    await submit({ datasets: [{ id: 'a', units: 1 }] });
    const outer = new AbortController();
    const work = (error: Error) => {
      outer.abort(new Error('out of time'));
      return Promise.reject(error);
    };
    const end = (error: Error) => whileJobIsActive(engine.platform, KEY, outer.signal, () => work(error));
    await expect(end(new DOMException('Aborted', 'AbortError'))).rejects.toThrow('out of time');
    await expect(end(new Error('the disk is full'))).rejects.toThrow('the disk is full');
  });

  it('hands on an end of what it called that nobody here asked for', async () => {
    const { engine, submit } = createTestEngine();
    await submit({ datasets: [{ id: 'a', units: 1 }] });
    const work = () => Promise.reject(new DOMException('by the server', 'AbortError'));
    const end = whileJobIsActive(engine.platform, KEY, new AbortController().signal, work);
    await expect(end).rejects.toThrow('by the server');
  });

  it('goes on while its job does, look after look', async () => {
    const { clock, isAborted, outer, work } = await watched();
    for (let look = 0; look < 3; look++) {
      clock.advance(1_000);
      await turn();
      expect([isAborted(), clock.sleepers]).toEqual([false, 1]);
    }
    outer.abort(new Error('out of time'));
    await work;
  });

  it('goes on when a look fails, and says so', async () => {
    let failing = true;
    const { clock, lines, isAborted, engine, work } = await watched((store) => ({
      ...store,
      read: (key, options) => (failing ? Promise.reject(new Error('slow down')) : engine.store.read(key, options)),
    }));
    clock.advance(1_000);
    await turn();
    expect(lines).toEqual([['warn', 'job.watch.failed', { job: KEY.jobId, error: 'Error: slow down' }]]);
    expect([isAborted(), clock.sleepers]).toEqual([false, 1]);
    failing = false;
    engine.store.remove(jobItemKey(KEY));
    clock.advance(1_000);
    expect(await work).toMatchObject({ code: 'job-is-over' });
    expect(lines).toHaveLength(1);
  });
});
