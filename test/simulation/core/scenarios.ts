import { textOf } from '../../../shared/jobs/items/attributes.ts';
import { datasetItemKey } from '../../../shared/jobs/items/keys.ts';
import { isTerminal, type Job, type JobKey } from '../../../shared/jobs/job.ts';
import { retryJob } from '../../../shared/jobs/retry-job.ts';
import { submitJob, type Submission } from '../../../shared/jobs/submit-job.ts';
import { finalError, retryableError, type NumbersHooks } from '../../helpers/numbers-process.ts';
import type { Course } from './course.ts';
import { PLANTED_SECRET } from './observation.ts';
import type { Deployment, World } from './world.ts';

/** What a caller does to a world, and what must come of it. */
export interface Scenario {
  name: string;
  /** What happens inside the process; what it depends on is told by the world. */
  hooks?: (world: () => World) => NumbersHooks;
  /** What is deployed besides the processes of every world. */
  deployment?: Deployment;
  /** Runs the world to its rest, act by act. @returns the job that the expectation is about */
  run: (course: Course) => Promise<JobKey>;
  /** One sentence for each thing that is not as it has to be when no fault does harm. */
  expect: (world: World, job: Job) => string[];
}

const SUBSCRIBER_URI = `https://hooks.example/?token=${PLANTED_SECRET}`;

/** Submits a job of the numbers process for a caller, who keeps what it is answered. */
export async function submit(
  world: World,
  inputs: Record<string, unknown>,
  more: Partial<Submission> & { key?: string } = {},
): Promise<Job> {
  const { key = 'first', tenant = 'acme', processId = 'numbers', ...rest } = more;
  const all = { chunkUnits: 2, failing: [], empty: [], toleratedFailurePercentage: 50, ...inputs };
  const subscriber = { successUri: SUBSCRIBER_URI, inProgressUri: SUBSCRIBER_URI, failedUri: SUBSCRIBER_URI };
  const { job } = await world.call(tenant, (platform) =>
    submitJob(platform, {
      tenant,
      subject: 'ann',
      processId,
      request: { inputs: all, subscriber },
      idempotencyKey: key,
      ...rest,
    }),
  );
  world.observation.submissions.push({ tenant, jobId: job.jobId, processId, key });
  return job;
}

/** Asks for a retry, as a caller who keeps its answer. */
export async function retry(world: World, of: JobKey, key: string): Promise<Job> {
  const { job } = await world.call(of.tenant, (platform) =>
    retryJob(platform, of, { subject: 'ann', idempotencyKey: key }),
  );
  world.observation.submissions.push({ tenant: job.tenant, jobId: job.jobId, processId: job.processId, key });
  return job;
}

const dataset = (units: number, id = 'a') => ({ id, units });
const TWO = { datasets: [dataset(5), dataset(3, 'b')] };

export async function submitAndRest(course: Course, inputs: Record<string, unknown>): Promise<JobKey> {
  const job = await course.act((world) => submit(world, inputs));
  await course.rest();
  return job;
}

async function steps(course: Course, times: number): Promise<void> {
  for (let step = 0; step < times; step++) await course.act((_, drive) => drive.step());
}

const SMALLEST: Scenario = {
  name: 'a job of two chunks',
  run: (course) => submitAndRest(course, { datasets: [dataset(3)] }),
  expect: (world, job) => [
    ...isState(job, 'succeeded'),
    ...isText(world, job, 'a', '0 1 2'),
    ...isCounts(job, ['3/0/0/4']),
  ],
};

const CANCELLED: Scenario = {
  name: 'a job that is cancelled while it runs',
  run: async (course) => {
    const job = await course.act((world) => submit(world, { datasets: [dataset(3)] }));
    await steps(course, 4);
    await course.act((world) => world.cancel(job));
    await course.rest();
    return job;
  },
  // A job that was done before it was cancelled is whole, and the answer said so.
  expect: (world, job) => (job.state === 'succeeded' ? isText(world, job, 'a', '0 1 2') : isState(job, 'cancelled')),
};

/** Small enough that every pair of faults can be tried on them. */
export const PAIR_SCENARIOS: readonly Scenario[] = [SMALLEST, CANCELLED];

const TWO_DATASETS: Scenario = {
  name: 'a job of two datasets with empty units',
  run: (course) => submitAndRest(course, { ...TWO, empty: [1] }),
  expect: (world, job) => [
    ...isState(job, 'succeeded'),
    ...isCounts(job, ['4/0/1/5', '2/0/1/2']),
    ...isText(world, job, 'a', '0 2 3 4'),
    ...isText(world, job, 'b', '0 2'),
  ],
};

/** Those in which a cancellation or the deadline comes between any two calls. */
export const INTERRUPTED_SCENARIOS: readonly Scenario[] = [SMALLEST, TWO_DATASETS];

export const SCENARIOS: readonly Scenario[] = [
  SMALLEST,
  CANCELLED,
  TWO_DATASETS,
  {
    name: 'a job with failed units, and its retry',
    hooks: (world) => ({
      // Unit 4 fails in the first job and is mended before the second.
      get failing() {
        return new Set(world().observation.changes.some(({ after }) => after.state === 'finishing') ? [] : [4]);
      },
    }),
    run: async (course) => {
      const first = await submitAndRest(course, { datasets: [dataset(5)] });
      if ((await course.act((world) => world.job(first)))?.state !== 'partial') return first;
      const again = await course.act((world) => retry(world, first, 'again'));
      await course.rest();
      return again;
    },
    expect: (world, job) => [
      ...isState(job, 'succeeded'),
      ...isCounts(job, ['1/0/0/1']),
      ...isText(world, job, 'a', '0 1 2 3 4'),
    ],
  },
  {
    name: 'a chunk whose attempts are exhausted',
    hooks: () => ({
      attempts: 2,
      beforeChunk: (units) => (units.includes(4) ? Promise.reject(retryableError()) : Promise.resolve()),
    }),
    run: (course) => submitAndRest(course, TWO),
    expect: (world, job) => [
      ...isState(job, 'partial'),
      ...isCounts(job, ['4/1/0/6', '3/0/0/4']),
      ...isText(world, job, 'a', '0 1 2 3'),
      ...(job.errors?.[0]?.code === 'attempts-exhausted' ? [] : ['the failed chunk is not named']),
    ],
  },
  {
    name: 'two jobs that build upon one dataset',
    run: async (course) => {
      const appended = { datasets: [dataset(2)], appends: true };
      await course.act((world) => submit(world, appended, { key: 'base' }));
      await course.rest();
      await course.act((world) => submit(world, appended, { key: 'one' }));
      const last = await course.act((world) => submit(world, appended, { key: 'two' }));
      await course.rest();
      return last;
    },
    // Which of them comes first, and whether the other sees it when it is planned, the faults decide: nothing is lost.
    expect: (world, job) => isSumOfAppended(world, job, 'a', 2),
  },
  {
    name: 'a plan that is refused',
    hooks: () => ({ planError: () => finalError() }),
    run: (course) => submitAndRest(course, { datasets: [dataset(3)] }),
    expect: (_, job) => isState(job, 'failed'),
  },
  {
    name: 'a finish that fails for good',
    hooks: () => ({ finishError: () => new TypeError('no finish') }),
    run: (course) => submitAndRest(course, { datasets: [dataset(3)] }),
    expect: (world, job) => [...isState(job, 'failed'), ...isText(world, job, 'a', undefined)],
  },
  {
    name: 'a job with nothing to run',
    run: (course) => submitAndRest(course, { datasets: [] }),
    expect: (_, job) => isState(job, 'succeeded'),
  },
  {
    name: 'a job with more failures than it tolerates',
    run: (course) =>
      submitAndRest(course, { datasets: [dataset(4)], failing: [0, 1, 2], toleratedFailurePercentage: 10 }),
    expect: (world, job) => [...isState(job, 'failed'), ...isText(world, job, 'a', undefined)],
  },
  {
    name: 'a queue that was purged, and the sweeper',
    run: async (course) => {
      const job = await course.act((world) => submit(world, TWO));
      let purged = false;
      while (await course.act((_, drive) => drive.step())) {
        purged ||= await course.act((world) => purgeWhileRunning(world, job));
      }
      await course.rest();
      return job;
    },
    expect: (world, job) => [...isState(job, 'succeeded'), ...isText(world, job, 'a', '0 1 2 3 4')],
  },
  {
    name: 'a job that is past its deadline',
    run: async (course) => {
      const job = await course.act((world) => submit(world, { datasets: [dataset(3)] }));
      await steps(course, 3);
      await course.act((world) => world.purge('numbers'));
      await course.act((world) => world.clock.advance(job.deadlineAt - job.createdAt));
      await course.rest();
      return job;
    },
    // Late and slow calls may have brought it to its end before.
    expect: (_, job) => (job.failure?.code === 'timed-out' || job.state === 'succeeded' ? [] : isState(job, 'failed')),
  },
];

/** @returns whether the job ran and had messages, which are gone now */
async function purgeWhileRunning(world: World, job: JobKey): Promise<boolean> {
  const isRunning = (await world.job(job))?.state === 'running';
  if (!isRunning || (await world.queue.depth('numbers')) === 0) return false;
  await world.purge('numbers');
  return true;
}

function isState(job: Job, state: Job['state']): string[] {
  return job.state === state ? [] : [`the job is ${job.state}, not ${state}: ${JSON.stringify(job.failure ?? {})}`];
}

function isCounts(job: Job, expected: string[]): string[] {
  const counts = job.counts.map(({ done, failed, skipped, bytes }) => `${done}/${failed}/${skipped}/${bytes}`);
  return counts.join() === expected.join() || !isTerminal(job.state) ? [] : [`the job counts ${counts.join()}`];
}

/** What the pointer leads to holds the numbers of each job that was published; one that was not says why. */
function isSumOfAppended(world: World, { tenant }: JobKey, id: string, units: number): string[] {
  const jobs = world.jobs().filter((job) => job.tenant === tenant);
  const unnamed = jobs.filter(({ state, failure }) => state !== 'succeeded' && failure?.code !== 'dataset-changed');
  const published = jobs.filter(({ state }) => state === 'succeeded').length;
  const { pk, sk } = datasetItemKey(tenant, id);
  const pointer = world.store.items().find(({ key }) => key.pk === pk && key.sk === sk)?.item;
  const text = pointer === undefined ? undefined : world.text({ tenant, jobId: textOf(pointer, 'jobId') }, id);
  const numbers = text?.split(' ').length ?? 0;
  return [
    ...unnamed.map(({ jobId, state, failure }) => `job ${jobId} is ${state}: ${JSON.stringify(failure ?? {})}`),
    ...(numbers === published * units ? [] : [`dataset ${id} has ${numbers} numbers of ${published} jobs`]),
  ];
}

function isText(world: World, job: JobKey, id: string, expected: string | undefined): string[] {
  const text = world.text(job, id);
  return text === expected ? [] : [`dataset ${id} has ${text ?? 'nothing'}, not ${expected ?? 'nothing'}`];
}
