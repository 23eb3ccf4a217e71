import { vi } from 'vitest';
import { withinTimeLimit } from '../../../functions/time-limit.ts';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { cleanUp } from '../../../shared/jobs/handlers/clean-up.ts';
import { sweep } from '../../../shared/jobs/handlers/sweep.ts';
import type { JobState } from '../../../shared/jobs/job.ts';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import { numbersProcess } from '../../helpers/numbers-process.ts';
import { invocation } from '../../unit/functions/engine-at.ts';
import type { Edge } from '../edge.ts';
import { beginFinishing, beginRunning, LATER, MINUTE, redeliver, SECOND, TWO_UNITS, type Story } from '../stories.ts';

const LOOK = 'shared/jobs/watch-cancellation.ts: CANCELLATION_POLL_MILLISECONDS';

/** Turns of the event loop in which everything that was woken has run. */
const TURNS = 50;

/** Milliseconds after its beginning at which a worker is stopped whose job is cancelled at `cancelledAt`. */
async function stoppedAt(cancelledAt: number): Promise<number | undefined> {
  let stopped: number | undefined;
  const story = await beginRunning(TWO_UNITS, {
    beforeChunk: (_units, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          stopped = story.clock.now() - start;
          reject(signal.reason as Error);
        });
      }),
  });
  const start = story.clock.now();
  const working = story.engine.workOnce();
  const moveTo = async (at: number): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
    story.clock.advance(start + at - story.clock.now());
    for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
  };
  const looks = [1, 2, 3, 4].map((number) => number * SECOND);
  for (const look of looks.filter((at) => at <= cancelledAt)) await moveTo(look);
  await moveTo(cancelledAt);
  await cancelJob(story.engine.platform, { tenant: 'acme', jobId: story.jobId }, 'user:ann');
  for (const look of looks.filter((at) => at > cancelledAt)) await moveTo(look);
  await working;
  return stopped;
}

const cancellationEdges: Edge[] = [1, 2].map((second) => ({
  name: `a worker sees at its look after ${second} s what was cancelled before it, and else a second later`,
  of: [LOOK],
  at: second * SECOND,
  expected: [second * SECOND, (second + 1) * SECOND, (second + 1) * SECOND],
  observe: stoppedAt,
}));

interface SecondPublication extends Story {
  /** Hands the finish message to a worker: its clock may be behind the queue's. */
  finish: () => Promise<void>;
  state: () => Promise<JobState>;
}

/** A second job for a dataset that another job published at LATER; its finish message was received. */
async function beginSecondPublication(): Promise<SecondPublication> {
  const story = await beginFinishing();
  const { engine } = story;
  const inputs = numbersProcess().inputs.parse({ ...TWO_UNITS, chunkUnits: 1 });
  const second = { tenant: 'acme', subject: 'bob', processId: 'numbers', request: { inputs } };
  const { job } = await submitJob(engine.platform, second);
  const state = async (): Promise<JobState> => (await story.read(job.jobId)).job.state;
  while ((await state()) !== 'finishing') {
    await engine.workOnce();
    await engine.followStream();
  }
  const [message] = engine.queue.receive('numbers', 1);
  if (message === undefined) throw new Error('there is no finish message');
  return { ...story, state, finish: () => redeliver(story, message) };
}

const publicationEdges: Edge[] = [
  {
    name: 'a dataset’s pointer is not moved back to before it was published',
    of: ["shared/jobs/writes/publish.ts: atMost('publishedAt', now)"],
    at: LATER,
    expected: ['finishing', 'succeeded', 'succeeded'],
    observe: async (at) => {
      const { moveTo, finish, state } = await beginSecondPublication();
      moveTo(at);
      await finish();
      return state();
    },
  },
  {
    name: 'a publication that a pointer is ahead of comes again when the pointer’s time has come',
    of: [
      "shared/jobs/handlers/run-finish.ts: Math.max(...outcome.rejected.map(({ item }) => numberOf(item, 'publishedAt')))",
    ],
    at: LATER,
    expected: ['finishing', 'succeeded', 'succeeded'],
    observe: async (at) => {
      const { moveTo, finish, engine, state } = await beginSecondPublication();
      moveTo(LATER - 40 * SECOND);
      await finish();
      moveTo(at);
      await engine.workOnce();
      return state();
    },
  },
];

const cleanUpEdges: Edge[] = [
  {
    name: 'what a job did not publish is removed twenty minutes after its end',
    of: [
      'shared/jobs/handlers/clean-up.ts: CLEAN_UP_MILLISECONDS',
      'shared/jobs/handlers/clean-up.ts: dueAt > platform.clock.now()',
    ],
    at: LATER + 20 * MINUTE,
    expected: [1, 0, 0],
    observe: async (at) => {
      const { engine, objects, jobId, moveTo } = await beginFinishing();
      const file = new URL(`acme/${jobId}/a.txt`, engine.platform.locations.outputs);
      await objects.putIfAbsent(file, new Uint8Array(1), 'text/plain');
      await cancelJob(engine.platform, { tenant: 'acme', jobId }, 'user:ann');
      await engine.followStream();
      moveTo(at);
      await cleanUp(engine.platform, { tenant: 'acme', jobId });
      await sweep(engine.platform);
      return [...objects.objects.keys()].filter((url) => url === file.href).length;
    },
  },
];

/** Whether work is told to stop once it has run for `after` of the `remaining` milliseconds of its function. */
async function isStopped(remaining: number, after: number): Promise<boolean> {
  vi.useFakeTimers();
  try {
    let stopped = false;
    const work = withinTimeLimit(
      invocation(remaining),
      (signal) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            stopped = true;
            resolve();
          });
        }),
    );
    await vi.advanceTimersByTimeAsync(after);
    const answer = stopped;
    await vi.advanceTimersByTimeAsync(remaining);
    await work;
    return answer;
  } finally {
    vi.useRealTimers();
  }
}

const TIME_LIMIT = [
  'functions/time-limit.ts: MARGIN_MILLISECONDS',
  'functions/time-limit.ts: Math.max(left - MARGIN_MILLISECONDS, left * SHARE_FOR_WORK)',
];

const timeLimitEdges: Edge[] = [
  {
    name: 'a worker is stopped five seconds before its function is',
    of: TIME_LIMIT,
    at: MINUTE - 5 * SECOND,
    expected: [false, true, true],
    observe: (at) => isStopped(MINUTE, at),
  },
  {
    name: 'a worker of a short function has four fifths of its time',
    of: TIME_LIMIT,
    at: 8 * SECOND,
    expected: [false, true, true],
    observe: (at) => isStopped(10 * SECOND, at),
  },
];

export const workEdges: Edge[] = [...cancellationEdges, ...publicationEdges, ...cleanUpEdges, ...timeLimitEdges];
