import { describe, expect, it } from 'vitest';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { readErrors } from '../../../shared/jobs/read-errors.ts';
import { retryJob } from '../../../shared/jobs/retry-job.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { finalError, retryableError } from '../../helpers/numbers-process.ts';

const MINUTE = 60_000;
const dataset = (units: number, id = 'a') => ({ datasets: [{ id, units }] });

/** Lets time pass until nothing is left to do. */
async function rest({ engine, clock }: TestEngine, minutes = 60): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await engine.runUntilIdle();
    clock.advance(MINUTE);
  }
}

describe('a job some of whose units fail', () => {
  it('ends partial within the tolerance, with what failed named and the rest published', async () => {
    const test = createTestEngine();
    const jobId = await test.submit({ ...dataset(10), failing: [3, 8], toleratedFailurePercentage: 20 });
    await test.engine.runUntilIdle();
    const { job, counts } = await test.read(jobId);
    expect(job.state).toBe('partial');
    expect(counts[0]).toMatchObject({ done: 8, failed: 2 });
    expect(job.errors?.map(({ detail }) => detail)).toEqual(['Unit 3 is bad.', 'Unit 8 is bad.']);
    expect(test.published(jobId)).toBe('0 1 2 4 5 6 7 9');
    const page = await readErrors(test.engine.platform, { tenant: 'acme', jobId }, { limit: 1 });
    expect(page?.errors).toMatchObject([{ number: 3 }]);
    const rest = await readErrors(test.engine.platform, { tenant: 'acme', jobId }, { limit: 5, after: page!.next! });
    expect(rest).toMatchObject({ errors: [{ number: 8 }] });
    expect(rest).not.toHaveProperty('next');
  });

  it('ends failed beyond the tolerance, and publishes nothing', async () => {
    const test = createTestEngine();
    const jobId = await test.submit({ ...dataset(10), failing: [3, 8], toleratedFailurePercentage: 19 });
    await test.engine.runUntilIdle();
    expect((await test.read(jobId)).job).toMatchObject({ state: 'failed', failure: { code: 'too-many-failures' } });
    expect(test.published(jobId)).toBeUndefined();
  });

  it('publishes the datasets that are whole when another one fails', async () => {
    const test = createTestEngine();
    const datasets = [
      { id: 'a', units: 2 },
      { id: 'b', units: 1 },
    ];
    const jobId = await test.submit({ datasets, chunkUnits: 1, failing: [1], toleratedFailurePercentage: 0 });
    await test.engine.runUntilIdle();
    expect((await test.read(jobId)).job).toMatchObject({
      state: 'partial',
      datasetStates: ['failed', 'succeeded'],
      counts: [
        { done: 1, failed: 1 },
        { done: 1, failed: 0 },
      ],
    });
    expect(test.published(jobId, 'a')).toBeUndefined();
    expect(test.published(jobId, 'b')).toBe('0');
  });
});

describe('a retry', () => {
  it('runs only the units that failed, and publishes the union', async () => {
    const failing = new Set([3, 8]);
    const ran: number[] = [];
    const test = createTestEngine({ failing, beforeChunk: async (units) => void ran.push(...units) });
    const jobId = await test.submit(dataset(10));
    await test.engine.runUntilIdle();
    ran.length = 0;
    failing.clear();
    const { job } = await retryJob(test.engine.platform, { tenant: 'acme', jobId }, { subject: 'ann' });
    await test.engine.runUntilIdle();
    expect(ran).toEqual([3, 8]);
    expect((await test.read(job.jobId)).job).toMatchObject({
      state: 'succeeded',
      retryOf: jobId,
      counts: [{ done: 2 }],
    });
    expect(test.published(job.jobId)).toBe('0 1 2 3 4 5 6 7 8 9');
  });

  it('by area runs the units that lie in it, and keeps the failures elsewhere in its account', async () => {
    const failing = new Set([1, 8]);
    const ran: number[] = [];
    const test = createTestEngine({ failing, beforeChunk: async (units) => void ran.push(...units) });
    const jobId = await test.submit(dataset(10));
    await test.engine.runUntilIdle();
    ran.length = 0;
    failing.delete(8);
    const area = { type: 'Polygon' as const, coordinates: [[[5, 9]]] };
    const { job } = await retryJob(test.engine.platform, { tenant: 'acme', jobId }, { subject: 'ann', area });
    await test.engine.runUntilIdle();
    expect(ran).toEqual([5, 6, 7, 8]);
    expect((await test.read(job.jobId)).job.state).toBe('partial');
    expect(test.published(job.jobId)).toBe('0 2 3 4 5 6 7 8 9');
    ran.length = 0;
    failing.clear();
    const again = await retryJob(test.engine.platform, job, { subject: 'ann' });
    await test.engine.runUntilIdle();
    expect(ran).toEqual([1]);
    expect((await test.read(again.job.jobId)).job.state).toBe('succeeded');
    expect(test.published(again.job.jobId)).toBe('0 1 2 3 4 5 6 7 8 9');
  });

  it('of a cancelled job runs what was never run', async () => {
    const test = createTestEngine();
    const jobId = await test.submit({ ...dataset(1200), chunkUnits: 1 });
    await test.engine.followStream();
    for (let round = 0; round < 50; round++) {
      await test.engine.workOnce();
      await test.engine.followStream();
    }
    await cancelJob(test.engine.platform, { tenant: 'acme', jobId }, 'user:ann');
    await test.engine.runUntilIdle();
    const { job } = await retryJob(test.engine.platform, { tenant: 'acme', jobId }, { subject: 'ann' });
    await test.engine.runUntilIdle();
    const retried = (await test.read(job.jobId)).job;
    expect(retried.state).toBe('succeeded');
    expect(retried.counts[0]!.done).toBeLessThan(1200);
    expect(test.published(job.jobId)?.split(' ')).toHaveLength(1200);
  });

  it('is refused while the job runs, and when nothing failed', async () => {
    const test = createTestEngine();
    const jobId = await test.submit(dataset(2));
    const retry = () => retryJob(test.engine.platform, { tenant: 'acme', jobId }, { subject: 'ann' });
    await expect(retry()).rejects.toMatchObject({ code: 'job-not-terminal' });
    await test.engine.runUntilIdle();
    await expect(retry()).rejects.toMatchObject({ code: 'nothing-to-retry' });
  });
});

describe('work that fails as a whole', () => {
  it('is tried again after a back-off, and succeeds', async () => {
    let failures = 3;
    const test = createTestEngine({
      beforeChunk: async () => {
        if (failures-- > 0) throw retryableError();
      },
    });
    const jobId = await test.submit(dataset(2));
    await test.engine.runUntilIdle();
    expect((await test.read(jobId)).job.state).toBe('running');
    await rest(test);
    expect((await test.read(jobId)).job.state).toBe('succeeded');
  });

  it('is given up after its attempts, archived whole, and named', async () => {
    const test = createTestEngine({ beforeChunk: () => Promise.reject(retryableError()) });
    const jobId = await test.submit(dataset(2));
    await rest(test);
    expect((await test.read(jobId)).job).toMatchObject({ state: 'failed', failure: { code: 'too-many-failures' } });
    const archived = [...test.objects.objects].find(([url]) => url.startsWith('s3://data/dead-letters/acme/numbers/'));
    const letter = JSON.parse(new TextDecoder().decode(archived![1].bytes)) as { body: string; reason: object };
    expect(JSON.parse(letter.body)).toMatchObject({ kind: 'chunk', jobId, attempt: 5 });
    expect(letter.reason).toMatchObject({ code: 'attempts-exhausted' });
  });

  it('fails the job at once when its plan is refused for good', async () => {
    const test = createTestEngine({ planError: () => finalError() });
    const jobId = await test.submit(dataset(2));
    await test.engine.runUntilIdle();
    expect((await test.read(jobId)).job).toMatchObject({ state: 'failed', failure: { code: 'not-a-tiff' } });
  });

  it('plans again after an error that may pass', async () => {
    let failures = 2;
    const test = createTestEngine({ planError: () => (failures-- > 0 ? retryableError() : undefined) });
    const jobId = await test.submit(dataset(2));
    await rest(test, 10);
    expect((await test.read(jobId)).job.state).toBe('succeeded');
  });

  it('fails the job when its outputs cannot be assembled', async () => {
    const test = createTestEngine({ finishError: () => finalError('It does not fit.') });
    const jobId = await test.submit(dataset(2));
    await test.engine.runUntilIdle();
    expect((await test.read(jobId)).job).toMatchObject({ state: 'failed', failure: { detail: 'It does not fit.' } });
  });
});

describe('a job that is cancelled', () => {
  it('stops its worker within two seconds, and publishes nothing', async () => {
    let stopped: unknown;
    const test = createTestEngine({
      beforeChunk: (_units, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            stopped = signal.reason;
            reject(signal.reason as Error);
          });
        }),
    });
    const jobId = await test.submit(dataset(2));
    await test.engine.followStream();
    await test.engine.workOnce();
    await test.engine.followStream();
    const working = test.engine.workOnce();
    const cancelled = await cancelJob(test.engine.platform, { tenant: 'acme', jobId }, 'user:ann');
    expect(cancelled).toMatchObject({ outcome: 'cancelled', job: { state: 'cancelled' } });
    // The worker looks at the row each second: two looks are enough.
    for (let look = 0; look < 2 && stopped === undefined; look++) {
      for (let turn = 0; turn < 1_000 && test.clock.sleepers === 0; turn++) await Promise.resolve();
      test.clock.advance(1_000);
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    }
    await working;
    expect(stopped).toMatchObject({ code: 'job-is-over' });
    await test.engine.runUntilIdle();
    expect((await test.read(jobId)).job.state).toBe('cancelled');
    expect(test.published(jobId)).toBeUndefined();
    expect(await test.engine.queue.depth('numbers')).toBe(0);
  });

  it('stays what it was when it had ended before', async () => {
    const test = createTestEngine();
    const jobId = await test.submit(dataset(2));
    await test.engine.runUntilIdle();
    const answer = await cancelJob(test.engine.platform, { tenant: 'acme', jobId }, 'user:ann');
    expect(answer).toMatchObject({ outcome: 'already-terminal', job: { state: 'succeeded' } });
    expect(await cancelJob(test.engine.platform, { tenant: 'other', jobId }, 'user:bob')).toBeUndefined();
  });
});
