import { afterAll, describe, expect, it } from 'vitest';
import { cancelJob } from '../../shared/jobs/cancel-job.ts';
import type { Job } from '../../shared/jobs/job.ts';
import { retryJob } from '../../shared/jobs/retry-job.ts';
import { submitJob } from '../../shared/jobs/submit-job.ts';
import { retryableError, type NumbersHooks } from '../helpers/numbers-process.ts';
import { FAULTS, type Fault } from './faults.ts';
import { DELIVERIES, World, type DeliveryMode } from './world.ts';

const INPUTS = {
  datasets: [
    { id: 'a', units: 5 },
    { id: 'b', units: 3 },
  ],
  chunkUnits: 2,
  failing: [] as number[],
  empty: [] as number[],
  toleratedFailurePercentage: 50,
};

interface Scenario {
  name: string;
  hooks?: () => NumbersHooks;
  /** Runs the world to its rest. */
  run: (world: World) => Promise<Job>;
  /** What must be true of the job and what it published. */
  expect: (world: World, job: Job, named: string) => void;
}

const submit = (inputs: object, key: string) => (world: World) =>
  world.call((platform) =>
    submitJob(platform, {
      tenant: 'acme',
      subject: 'ann',
      processId: 'numbers',
      request: { inputs: { ...INPUTS, ...inputs } },
      idempotencyKey: key,
    }),
  );

async function submitAndRest(world: World, inputs: object = {}): Promise<Job> {
  const { job } = await submit(inputs, 'first')(world);
  await world.rest();
  return world.job(job);
}

const SCENARIOS: Scenario[] = [
  {
    name: 'a job of two datasets',
    run: (world) => submitAndRest(world, { empty: [1] }),
    expect: (world, job, named) => {
      expect(job.state, named).toBe('succeeded');
      expect(job.counts, named).toEqual([
        { done: 4, failed: 0, skipped: 1, bytes: 5 },
        { done: 2, failed: 0, skipped: 1, bytes: 2 },
      ]);
      expect(world.text(job.jobId, 'a'), named).toBe('0 2 3 4');
      expect(world.text(job.jobId, 'b'), named).toBe('0 2');
    },
  },
  {
    name: 'a job with failed units, and its retry',
    hooks: () => {
      // Unit 4 fails in the first job and is mended before the second.
      const failing = new Set([4]);
      return { failing, finishError: () => void failing.clear() };
    },
    run: async (world) => {
      const first = await submitAndRest(world, { datasets: [{ id: 'a', units: 5 }] });
      expect(first.state).toBe('partial');
      const { job } = await world.call((platform) =>
        retryJob(platform, first, { subject: 'ann', idempotencyKey: 'again' }),
      );
      await world.rest();
      return world.job(job);
    },
    expect: (world, job, named) => {
      expect(job.state, named).toBe('succeeded');
      expect(job.counts, named).toEqual([{ done: 1, failed: 0, skipped: 0, bytes: 1 }]);
      expect(world.text(job.jobId, 'a'), named).toBe('0 1 2 3 4');
    },
  },
  {
    name: 'a chunk whose attempts are exhausted',
    hooks: () => ({
      attempts: 2,
      beforeChunk: async (units) => {
        if (units.includes(4)) throw retryableError();
      },
    }),
    run: (world) => submitAndRest(world),
    expect: (world, job, named) => {
      expect(job.state, named).toBe('partial');
      expect(job.counts[0], named).toEqual({ done: 4, failed: 1, skipped: 0, bytes: 6 });
      expect(job.errors?.[0]?.code, named).toBe('attempts-exhausted');
      expect(world.text(job.jobId, 'a'), named).toBe('0 1 2 3');
      const archived = [...world.objects.objects.keys()].filter((url) =>
        url.startsWith('s3://data/dead-letters/acme/'),
      );
      expect(archived.length, named).toBeGreaterThanOrEqual(1);
    },
  },
  {
    name: 'a queue that was purged, and the sweeper',
    run: async (world) => {
      const { job } = await submit({}, 'first')(world);
      let purged = false;
      while (await world.step()) {
        if (purged || (await world.job(job)).state !== 'running' || (await world.queue.depth('numbers')) === 0)
          continue;
        world.purge();
        purged = true;
      }
      await world.rest();
      return world.job(job);
    },
    expect: (world, job, named) => {
      expect(job.state, named).toBe('succeeded');
      expect(
        job.counts.map(({ done }) => done),
        named,
      ).toEqual([5, 3]);
      expect(world.text(job.jobId, 'a'), named).toBe('0 1 2 3 4');
    },
  },
  {
    name: 'a job that is cancelled while it runs',
    run: async (world) => {
      const { job } = await submit({}, 'first')(world);
      for (let step = 0; step < 5; step++) await world.step();
      await world.call((platform) => cancelJob(platform, job, 'user:ann'));
      await world.rest();
      return world.job(job);
    },
    expect: (world, job, named) => {
      // A redelivery may have let the job finish first; then it is whole, and the cancellation said so.
      if (job.state === 'succeeded') {
        expect(world.text(job.jobId, 'a'), named).toBe('0 1 2 3 4');
        return;
      }
      expect(job.state, named).toBe('cancelled');
    },
  },
];

const totals = { cases: 0, fired: new Map<Fault, number>() };

async function runCase(scenario: Scenario, mode: DeliveryMode, at?: number, fault?: Fault): Promise<World> {
  const world = new World({
    mode,
    ...(at === undefined ? {} : { at }),
    ...(fault === undefined ? {} : { fault }),
    ...(scenario.hooks === undefined ? {} : { hooks: scenario.hooks() }),
  });
  const named = `${scenario.name}, ${mode}, call ${at ?? '–'} ${fault ?? 'undisturbed'}`;
  const job = await scenario.run(world).catch((error: unknown) => {
    throw new Error(`${named} (${world.faults.trace[at ?? 0]}): ${String(error)}`, { cause: error });
  });
  world.expectSound(named);
  scenario.expect(world, job, `${named} (${world.faults.trace[at ?? 0]})`);
  totals.cases++;
  if (world.faults.fired !== undefined)
    totals.fired.set(world.faults.fired, (totals.fired.get(world.faults.fired) ?? 0) + 1);
  return world;
}

describe.each(SCENARIOS)('crash points of $name', (scenario) => {
  it.each(DELIVERIES)('ends soundly wherever one call goes wrong, delivered %s', async (mode) => {
    const undisturbed = await runCase(scenario, mode);
    for (let at = 0; at < undisturbed.faults.calls; at++) {
      for (const fault of FAULTS) await runCase(scenario, mode, at, fault);
    }
  });
});

afterAll(() => {
  const fired = [...totals.fired].map(([fault, times]) => `${fault} ${times}`).join(', ');
  console.log(`crash points: ${totals.cases} cases; faults fired: ${fired}`);
});
