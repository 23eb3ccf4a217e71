import { describe, expect, it } from 'vitest';
import { isTerminal } from '../../shared/jobs/job.ts';
import type { ProcessDefinition } from '../../shared/jobs/process.ts';
import { numbersProcess, retryableError } from '../helpers/numbers-process.ts';
import { SkewedWorld } from './skewed-world.ts';
import { DEADLINE, MINUTE, SECOND, SIX_UNITS } from './stories.ts';

/** By how much the clocks were wrong before they were set right, in milliseconds. */
const JUMPS = [SECOND, 5 * MINUTE, 20 * MINUTE, 24 * 60 * MINUTE];

/** Jumps after which there is still time to end the job before its deadline. */
const SHORT_JUMPS = JUMPS.filter((jump) => jump < DEADLINE / 2);

/** A world whose clocks are all ahead until they are set right. */
const ahead = (by: number, process?: ProcessDefinition): SkewedWorld =>
  new SkewedWorld({ api: by, worker: by, sweeper: by }, process);

function setRight({ skews }: SkewedWorld): void {
  skews.api = 0;
  skews.worker = 0;
  skews.sweeper = 0;
}

describe('clocks that jump back while a job is under way', () => {
  it.each(JUMPS)('leave a job alone whose messages are there (%d ms)', async (jump) => {
    const world = ahead(jump);
    const { job } = await world.submit(SIX_UNITS);
    setRight(world);
    await world.rest();
    expect(await world.job(job.jobId)).toMatchObject({ state: 'succeeded', counts: [{ done: 6 }], healed: {} });
    expect(world.text(job.jobId)).toBe('0 1 2 3 4 5');
  });

  it.each(SHORT_JUMPS)('delay the help for lost messages by no more than the jump (%d ms)', async (jump) => {
    const world: SkewedWorld = ahead(
      jump,
      numbersProcess({ beforeChunk: async () => void (world.elapsed === 0 && world.queue.purge('numbers')) }),
    );
    const { job } = await world.submit({ ...SIX_UNITS, datasets: [{ id: 'a', units: 30 }] });
    await world.step();
    setRight(world);
    await world.rest();
    expect(await world.job(job.jobId)).toMatchObject({ state: 'succeeded', counts: [{ done: 30 }] });
    expect(world.elapsed).toBeLessThanOrEqual(jump + 5 * MINUTE);
  });

  it.each(JUMPS)(
    'never keep a job from its deadline, also when the sweeper’s was the wrong one (%d ms)',
    async (jump) => {
      const world: SkewedWorld = new SkewedWorld(
        { api: 0, worker: jump, sweeper: Math.min(jump, DEADLINE / 2) },
        numbersProcess({ beforeChunk: () => Promise.reject(retryableError()), attempts: 20 }),
      );
      const { job } = await world.submit({ ...SIX_UNITS, datasets: [{ id: 'a', units: 60 }] });
      await world.step();
      for (let step = 0; step < 30; step++) await world.step();
      setRight(world);
      while (!isTerminal((await world.job(job.jobId)).state)) {
        world.queue.purge('numbers');
        await world.step();
      }
      expect(await world.job(job.jobId)).toMatchObject({ state: 'failed', failure: { code: 'timed-out' } });
      expect(world.elapsed).toBeGreaterThanOrEqual(DEADLINE);
      expect(world.elapsed).toBeLessThanOrEqual(DEADLINE + MINUTE + 10 * SECOND);
    },
  );

  it.each(JUMPS)('give the same job for the same request (%d ms)', async (jump) => {
    const world = ahead(jump);
    const first = await world.submit(SIX_UNITS);
    setRight(world);
    const again = await world.submit(SIX_UNITS);
    expect([again.outcome, again.job.jobId]).toEqual(['existing', first.job.jobId]);
  });

  it.each(SHORT_JUMPS)('delay a publication by no more than the jump, and lose none (%d ms)', async (jump) => {
    const world = new SkewedWorld({ api: 0, worker: jump, sweeper: 0 });
    await world.submit(SIX_UNITS);
    await world.rest();
    setRight(world);
    const { job } = await world.submit({ ...SIX_UNITS, chunkUnits: 3 });
    const submitted = world.elapsed;
    await world.rest();
    expect((await world.job(job.jobId)).state).toBe('succeeded');
    expect(world.elapsed - submitted).toBeLessThanOrEqual(jump + 15 * MINUTE);
  });
});
