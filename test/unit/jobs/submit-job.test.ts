import { describe, expect, it } from 'vitest';
import { exists } from '../../../shared/jobs/conditions.ts';
import type { ItemKey, JobStore } from '../../../shared/jobs/ports/job-store.ts';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import { IDEMPOTENCY_MILLISECONDS } from '../../../shared/jobs/writes/submit.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

const JOB = '01J00000000000000000000009';
const ROW = { pk: 'TENANT#acme', sk: `JOB#${JOB}` };
const request = (units: number) => ({ datasets: [{ id: 'a', units }] });

describe('submitJob', () => {
  it('gives the same job for the same inputs, whatever the order of their members', async () => {
    const { engine } = createTestEngine();
    const submission = { tenant: 'acme', subject: 'ann', processId: 'numbers' };
    const first = await submitJob(engine.platform, { ...submission, request: { inputs: { a: 1, b: { c: 2, d: 3 } } } });
    const second = await submitJob(engine.platform, {
      ...submission,
      request: { inputs: { b: { d: 3, c: 2 }, a: 1 } },
    });
    expect(first.outcome).toBe('accepted');
    expect(second).toMatchObject({ outcome: 'existing', job: { jobId: first.job.jobId } });
  });

  it('refuses the same key with other inputs, and writes nothing', async () => {
    const { engine, submit } = createTestEngine();
    await submit(request(1), { idempotencyKey: 'k' });
    const { writeUnits } = engine.store.capacity;
    await expect(submit(request(2), { idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'idempotency-conflict' });
    const accepted = engine.store.capacity.lines.filter((line) => line.writeUnits > 0 && line.accepted);
    expect(accepted.reduce((sum, line) => sum + line.writeUnits, 0)).toBe(5);
    expect(engine.store.capacity.writeUnits).toBeGreaterThan(writeUnits);
  });

  it('files a key as every version before did: one of yesterday still names its job after an upgrade', async () => {
    const { engine, submit } = createTestEngine();
    await submit(request(1), { idempotencyKey: 'first' });
    const filed = engine.store.items().map(({ key }) => key.pk);
    // SHA-256 of ["numbers","key","first"].
    const digest = '0690652a7a1dde2529eb7ba5ff471091029b3bb4130033de2f729ab149de2beb';
    expect(filed).toContain(`SUBMISSION#acme#${digest}`);
  });

  it('accepts a new job for the same key once 24 hours have passed, to the millisecond', async () => {
    const { clock, submit } = createTestEngine();
    const first = await submit(request(1));
    clock.advance(IDEMPOTENCY_MILLISECONDS - 1);
    expect(await submit(request(1))).toBe(first);
    clock.advance(1);
    expect(await submit(request(1))).not.toBe(first);
  });

  it('finds a job that was given its id by that id, as it now is, when its submission is forgotten', async () => {
    const { engine, clock } = createTestEngine();
    const submission = { tenant: 'acme', subject: 'ann', processId: 'numbers', request: { inputs: {} }, jobId: JOB };
    const { platform, store } = engine;
    await submitJob(platform, submission);
    await store.write({ kind: 'update', key: ROW, condition: exists('state'), set: { state: 'cancelled' } });
    clock.advance(IDEMPOTENCY_MILLISECONDS);
    const read: ItemKey[] = [];
    const consistentOnly: JobStore = {
      ...store.labelled('submit'),
      read: (key, options = {}) => {
        read.push(key);
        return options.consistent === true ? store.read(key, options) : Promise.reject(new Error('may be stale'));
      },
    };
    const again = await submitJob({ ...platform, store: consistentOnly }, submission);
    expect(again).toMatchObject({ outcome: 'existing', job: { jobId: JOB, state: 'cancelled' } });
    expect(read).toEqual([ROW]);
  });

  it('looks for no row under an id that it has just made up', async () => {
    const { engine, submit } = createTestEngine();
    const first = await submit(request(1));
    const reads = () => engine.store.capacity.lines.filter(({ operation }) => operation === 'read').length;
    const before = reads();
    expect(await submit(request(1))).toBe(first);
    // The submission, and the job that it names.
    expect(reads() - before).toBe(2);
  });

  it('keeps tenants apart: the same key of another tenant is another job', async () => {
    const { submit } = createTestEngine();
    const first = await submit(request(1), { idempotencyKey: 'k' });
    expect(await submit(request(2), { idempotencyKey: 'k', tenant: 'other' })).not.toBe(first);
  });

  it('refuses a process that does not exist', async () => {
    const { engine } = createTestEngine();
    const submission = { tenant: 'acme', subject: 'ann', processId: 'nothing', request: { inputs: {} } };
    await expect(submitJob(engine.platform, submission)).rejects.toMatchObject({ code: 'process-unknown' });
  });
});
