import { describe, expect, it } from 'vitest';
import { isTerminal, type Job } from '../../shared/jobs/job.ts';
import type { ProcessDefinition } from '../../shared/jobs/process.ts';
import { numbersProcess, retryableError } from '../helpers/numbers-process.ts';
import { SkewedWorld, type Skews } from './skewed-world.ts';
import { DEADLINE, MINUTE, SECOND, SIX_UNITS } from './stories.ts';

/** By how much clocks of functions may differ from the true time. */
const SKEW = 5 * MINUTE;

/** Every way in which three functions can be wrong at once, and none. */
const SKEWS: Skews[] = [
  { api: 0, worker: 0, sweeper: 0 },
  ...[-SKEW, SKEW].flatMap((api) =>
    [-SKEW, SKEW].flatMap((worker) => [-SKEW, SKEW].map((sweeper) => ({ api, worker, sweeper }))),
  ),
];

const inMinutes = (milliseconds: number): string => `${milliseconds < 0 ? '' : '+'}${milliseconds / MINUTE}`;

/** A test for each skew. */
function underEverySkew(fact: string, story: (skews: Skews) => Promise<void>): void {
  it.each(
    SKEWS.map((skews) => [inMinutes(skews.api), inMinutes(skews.worker), inMinutes(skews.sweeper), skews] as const),
  )(`${fact} (minutes ahead: API %s, workers %s, sweeper %s)`, (_api, _worker, _sweeper, skews) => story(skews));
}

/** What holds of every job however wrong the clocks are: versions without a gap, one end, and nothing after it. */
function expectSound(history: readonly Job[]): void {
  for (const [jobId, states] of Map.groupBy(history, (job) => job.jobId)) {
    expect(
      states.map(({ version }) => version),
      `versions of ${jobId}`,
    ).toEqual(states.map((_, index) => index + 1));
    expect(
      states.filter(({ state }) => isTerminal(state)),
      `ends of ${jobId}`,
    ).toHaveLength(1);
    expect(isTerminal(states.at(-1)!.state)).toBe(true);
  }
}

/** Time that a planner has: what its function may run, and ten seconds. */
const LEASE = 11 * MINUTE + 10 * SECOND;

/** Workers of this process may run for eleven minutes; its planner needs as long as it is told. */
function slowPlanner(milliseconds: number): ProcessDefinition {
  const process = numbersProcess() as unknown as ProcessDefinition;
  return {
    ...process,
    limits: { ...process.limits, timeoutSeconds: 660 },
    plan: async (context, inputs) => {
      await context.clock.sleep(milliseconds, context.signal);
      return process.plan(context, inputs);
    },
  };
}

describe('functions whose clocks differ', () => {
  underEverySkew('make a job whole, once', async (skews) => {
    const world = new SkewedWorld(skews);
    const { job } = await world.submit(SIX_UNITS);
    await world.rest();
    expectSound(world.history);
    expect(await world.job(job.jobId)).toMatchObject({ state: 'succeeded', counts: [{ done: 6 }], healed: {} });
    expect(world.text(job.jobId)).toBe('0 1 2 3 4 5');
    expect(world.begun).toBe(5);
  });

  underEverySkew('heal a job whose messages were lost', async (skews) => {
    let lost = false;
    const world: SkewedWorld = new SkewedWorld(
      skews,
      numbersProcess({
        beforeChunk: async () => {
          if (!lost) world.queue.purge('numbers');
          lost = true;
        },
      }),
    );
    const { job } = await world.submit({ ...SIX_UNITS, datasets: [{ id: 'a', units: 30 }] });
    await world.rest();
    expectSound(world.history);
    expect(await world.job(job.jobId)).toMatchObject({ state: 'succeeded', counts: [{ done: 30 }] });
    expect((await world.job(job.jobId)).healed['chunks-lost']).toBeGreaterThan(0);
  });

  underEverySkew('let a planner finish that needs its lease but for what their clocks differ', async (skews) => {
    const world = new SkewedWorld(skews, slowPlanner(LEASE - Math.max(0, skews.sweeper - skews.worker)));
    const { job } = await world.submit(SIX_UNITS);
    await world.rest();
    expectSound(world.history);
    expect(await world.job(job.jobId)).toMatchObject({ state: 'succeeded', counts: [{ done: 6 }] });
  });

  underEverySkew('end a job with a reason whose planner needs longer than that', async (skews) => {
    const world = new SkewedWorld(skews, slowPlanner(10 * MINUTE));
    const { job } = await world.submit(SIX_UNITS);
    await world.rest();
    expectSound(world.history);
    const { state, failure } = await world.job(job.jobId);
    const differTooMuch = skews.sweeper - skews.worker > LEASE - 10 * MINUTE;
    expect([state, failure?.code]).toEqual(differTooMuch ? ['failed', 'worker-lost'] : ['succeeded', undefined]);
  });

  underEverySkew('publish a dataset again that a clock ahead of theirs published', async (skews) => {
    const world = new SkewedWorld(skews);
    world.skews.worker = SKEW;
    const first = await world.submit(SIX_UNITS);
    await world.rest();
    world.skews.worker = skews.worker;
    const second = await world.submit({ ...SIX_UNITS, chunkUnits: 3 });
    await world.rest();
    expectSound(world.history);
    expect((await world.job(first.job.jobId)).state).toBe('succeeded');
    expect((await world.job(second.job.jobId)).state).toBe('succeeded');
    const pointer = await world.store.read({ pk: 'TENANT#acme', sk: 'DATASET#a' });
    expect(pointer).toMatchObject({ jobId: second.job.jobId });
  });

  underEverySkew('try again what failed, and spend no more attempts than failed', async (skews) => {
    let failures = 2;
    const world = new SkewedWorld(
      skews,
      numbersProcess({
        beforeChunk: async () => {
          if (failures-- > 0) throw retryableError();
        },
      }),
    );
    const { job } = await world.submit(SIX_UNITS);
    await world.rest();
    expectSound(world.history);
    expect((await world.job(job.jobId)).state).toBe('succeeded');
    expect(world.begun).toBe(5 + 2);
  });

  underEverySkew('keep a cancellation', async (skews) => {
    const world = new SkewedWorld(skews, numbersProcess({ beforeChunk: (_units, signal) => untilAborted(signal) }));
    const { job } = await world.submit(SIX_UNITS);
    await world.step();
    await world.cancel(job.jobId);
    await world.rest();
    expectSound(world.history);
    expect((await world.job(job.jobId)).state).toBe('cancelled');
    expect(world.text(job.jobId)).toBeUndefined();
  });

  underEverySkew('end a job at its deadline, no earlier and no later than their clocks differ', async (skews) => {
    const world: SkewedWorld = new SkewedWorld(
      skews,
      numbersProcess({
        beforeChunk: async () => {
          throw retryableError();
        },
        attempts: 20,
      }),
    );
    const { job } = await world.submit(SIX_UNITS);
    while (!isTerminal((await world.job(job.jobId)).state)) await world.step();
    const difference = skews.api - skews.sweeper;
    expect(await world.job(job.jobId)).toMatchObject({ state: 'failed', failure: { code: 'timed-out' } });
    expect(world.elapsed).toBeGreaterThanOrEqual(DEADLINE + difference);
    expect(world.elapsed).toBeLessThanOrEqual(DEADLINE + difference + MINUTE + 10 * SECOND);
  });
});

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
