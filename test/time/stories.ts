import { handleMessage } from '../../shared/jobs/handlers/handle-message.ts';
import { sweep } from '../../shared/jobs/handlers/sweep.ts';
import type { Job } from '../../shared/jobs/job.ts';
import type { ReceivedMessage } from '../../shared/local/memory-lane.ts';
import { dieBeforeCall } from '../simulation/core/die-before-call.ts';
import type { NumbersHooks } from '../helpers/numbers-process.ts';
import { createTestEngine, type TestEngine } from '../helpers/test-engine.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** Limits of the numbers process: longest run of a worker, and life of a job, in milliseconds. */
export const TIMEOUT = 60 * SECOND;
export const DEADLINE = HOUR;

/** When the jobs of these stories leave a state: late enough to tell it from the beginning. */
export const LATER = 50 * SECOND;

/** Three chunks of two units, in one shard. */
export const SIX_UNITS = { datasets: [{ id: 'a', units: 6 }], chunkUnits: 2 };
/** One chunk. */
export const TWO_UNITS = { datasets: [{ id: 'a', units: 2 }], chunkUnits: 2 };

/** Port calls of a planner up to its claim of the lease: the look at the row, and the claim. */
const CALLS_OF_A_CLAIM = 2;

const never = new AbortController().signal;

export interface Story extends TestEngine {
  jobId: string;
  job: () => Promise<Job>;
  /** Moves the clock to so many milliseconds after the beginning. */
  moveTo: (at: number) => void;
}

/** A job of the numbers process that was submitted at the beginning; its plan message is in the queue. */
export async function begin(inputs: object = TWO_UNITS, hooks: NumbersHooks = {}): Promise<Story> {
  const test = createTestEngine(hooks);
  const beginning = test.clock.now();
  const jobId = await test.submit(inputs as Record<string, unknown>);
  await test.engine.followStream();
  return {
    ...test,
    jobId,
    job: async () => (await test.read(jobId)).job,
    moveTo: (at) => test.clock.advance(beginning + at - test.clock.now()),
  };
}

/** The same, planned at `LATER`: its chunks are in the queue. */
export async function beginRunning(inputs: object = SIX_UNITS, hooks: NumbersHooks = {}): Promise<Story> {
  const story = await begin(inputs, hooks);
  story.moveTo(LATER);
  await story.engine.workOnce();
  await story.engine.followStream();
  return story;
}

/** The same, with its chunk done at `LATER`: its finish message is in the queue. */
export async function beginFinishing(hooks: NumbersHooks = {}): Promise<Story> {
  const story = await beginRunning(TWO_UNITS, hooks);
  await story.engine.workOnce();
  await story.engine.followStream();
  return story;
}

/** A planner takes its message, claims the job, and dies: the message stays hidden. */
export async function planAndDie({ engine }: Story): Promise<ReceivedMessage> {
  const [message] = engine.queue.receive('numbers', 1);
  if (message === undefined) throw new Error('there is no plan message');
  const { body, receiveCount } = message;
  await dieBeforeCall(engine.platform, CALLS_OF_A_CLAIM, (platform) =>
    handleMessage(platform, platform.processes.get('numbers')!, { body, receiveCount, signal: never }),
  );
  return message;
}

/** Hands a message to a worker once more. */
export async function redeliver({ engine }: Story, { body }: { body: string }): Promise<void> {
  await handleMessage(engine.platform, engine.platform.processes.get('numbers')!, {
    body,
    receiveCount: 2,
    signal: never,
  });
}

/** What the sweeper heals when it looks now, by cause. */
export async function healedNow({ engine }: Story): Promise<Record<string, number>> {
  return (await sweep(engine.platform)).healed;
}

/** After so many milliseconds the sweeper means to look again. */
export async function nextLookIn(story: Story): Promise<number> {
  await sweep(story.engine.platform);
  return (await story.job()).dueAt! - story.clock.now();
}
