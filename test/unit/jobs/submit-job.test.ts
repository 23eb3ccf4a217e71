import { describe, expect, it } from 'vitest';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import { IDEMPOTENCY_MILLISECONDS } from '../../../shared/jobs/writes/submit.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

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

  it('accepts a new job for the same key once 24 hours have passed, to the millisecond', async () => {
    const { clock, submit } = createTestEngine();
    const first = await submit(request(1));
    clock.advance(IDEMPOTENCY_MILLISECONDS - 1);
    expect(await submit(request(1))).toBe(first);
    clock.advance(1);
    expect(await submit(request(1))).not.toBe(first);
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
