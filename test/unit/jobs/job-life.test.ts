import { describe, expect, it } from 'vitest';
import { createTestEngine } from '../../helpers/test-engine.ts';

const dataset = (units: number, id = 'a') => ({ datasets: [{ id, units }] });
const upTo = (count: number): string => Array.from({ length: count }, (_, index) => index).join(' ');

describe('the life of a job', () => {
  it('ends succeeded with every unit published once', async () => {
    const { engine, submit, read, published } = createTestEngine();
    const jobId = await submit(dataset(7));
    await engine.runUntilIdle();
    const { job, counts, units } = await read(jobId);
    expect(job.state).toBe('succeeded');
    expect(units).toBe(7);
    expect(counts).toEqual([{ done: 7, failed: 0, skipped: 0, bytes: 9 + 0 + 1 }]);
    expect(published(jobId)).toBe(upTo(7));
    expect(job.history.map(({ state }) => state)).toEqual([
      'accepted',
      'planning',
      'running',
      'finishing',
      'succeeded',
    ]);
  });

  it('opens shards through the window until all of many are settled', async () => {
    const { engine, submit, read, published } = createTestEngine();
    const jobId = await submit({ ...dataset(3000), chunkUnits: 1 });
    await engine.runUntilIdle();
    expect((await read(jobId)).job).toMatchObject({ state: 'succeeded', counts: [{ done: 3000 }] });
    expect(published(jobId)).toBe(upTo(3000));
  });
});
