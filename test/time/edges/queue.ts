import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { retryDelaySeconds } from '../../../shared/jobs/backoff.ts';
import { checkMessages } from '../../../shared/adapters/check-messages.ts';
import { MemoryQueue } from '../../../shared/local/memory-queue.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import type { Edge } from '../edge.ts';
import { beginRunning, LATER, MINUTE, SECOND, TWO_UNITS } from '../stories.ts';

const BACKOFF = [
  'shared/jobs/backoff.ts: BASE_SECONDS',
  'shared/jobs/backoff.ts: Math.min(BASE_SECONDS * 2 ** (attempt - 1), MAX_DELAY_SECONDS)',
  'shared/jobs/backoff.ts: Math.min(Math.max(Math.floor(random() * (bound + 1)), asked), MAX_DELAY_SECONDS)',
];
const MAX_DELAY = 'shared/jobs/ports/queue.ts: MAX_DELAY_SECONDS';

/** Time that a received message is hidden. */
const VISIBILITY = 6 * MINUTE;
const MAX_RECEIVES = 5;

/** Delays after the attempts 1 to 4, in seconds, when chance is in the middle of its range. */
const MIDDLE_DELAYS = [15, 30, 60, 120];

/** Attempts that run once a chunk has failed `failures` times, with the last delay over at `at`. */
async function attemptsRun(failures: number, at: number, error: () => Error): Promise<number> {
  let attempts = 0;
  const story = await beginRunning(TWO_UNITS, {
    beforeChunk: async () => {
      if (attempts++ < failures) throw error();
    },
  });
  await story.engine.workOnce();
  for (const seconds of MIDDLE_DELAYS.slice(0, failures - 1)) {
    story.clock.advance(seconds * SECOND);
    await story.engine.workOnce();
  }
  story.moveTo(at);
  await story.engine.workOnce();
  return attempts;
}

const unavailable = (retryAfterMs?: number): Error =>
  new LonghaulError({
    code: 'source-unavailable',
    retryable: true,
    detail: 'No answer.',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

const delayEdges: Edge[] = [
  ...MIDDLE_DELAYS.map((_, index): Edge => {
    const waited = MIDDLE_DELAYS.slice(0, index + 1).reduce((sum, seconds) => sum + seconds, 0);
    return {
      name: `attempt ${index + 2} begins when its back-off is over`,
      of: BACKOFF,
      at: LATER + waited * SECOND,
      expected: [index + 1, index + 2, index + 2],
      observe: (at) => attemptsRun(index + 1, at, unavailable),
    };
  }),
  {
    name: 'no attempt begins earlier than the other side asked',
    of: BACKOFF,
    at: LATER + 90 * SECOND,
    expected: [1, 2, 2],
    observe: (at) => attemptsRun(1, at, () => unavailable(89_001)),
  },
  {
    name: 'whatever the other side asks, the next attempt begins after 15 minutes',
    of: [...BACKOFF, MAX_DELAY],
    at: LATER + 15 * MINUTE,
    expected: [1, 2, 2],
    observe: (at) => attemptsRun(1, at, () => unavailable(60 * MINUTE)),
  },
  {
    name: 'a part of a second that was asked for is rounded up',
    of: BACKOFF,
    at: 15 * SECOND,
    expected: [15, 15, 16],
    observe: async (at) => retryDelaySeconds(1, () => 0.5, at),
  },
];

const queueOf = (clock: ManualClock): MemoryQueue =>
  new MemoryQueue({ clock, processIds: ['numbers'], visibilityMs: VISIBILITY, maxReceiveCount: MAX_RECEIVES });

/** A queue with one message, and its clock. */
async function withMessage(delaySeconds = 0): Promise<{ clock: ManualClock; queue: MemoryQueue }> {
  const clock = new ManualClock();
  const queue = queueOf(clock);
  await queue.send('numbers', [{ body: 'message', delaySeconds, group: 'acme' }]);
  return { clock, queue };
}

const visibilityEdges: Edge[] = [
  {
    name: 'a delayed message can be received when its delay is over',
    of: [MAX_DELAY],
    at: 15 * MINUTE,
    expected: [0, 1, 1],
    observe: async (at) => {
      const { clock, queue } = await withMessage(900);
      clock.advance(at);
      return queue.receive('numbers', 10).length;
    },
  },
  {
    name: 'a delay has 900 seconds at most',
    of: ['shared/adapters/check-messages.ts: delaySeconds > MAX_DELAY_SECONDS', MAX_DELAY],
    at: 900,
    expected: ['sent', 'sent', 'queue-message-invalid'],
    observe: async (delaySeconds) => {
      try {
        checkMessages([{ body: 'message', delaySeconds, group: 'acme' }]);
        return 'sent';
      } catch (error) {
        return (error as LonghaulError).code;
      }
    },
  },
  {
    name: 'a received message comes back when its visibility time-out is over',
    of: [],
    at: VISIBILITY,
    expected: [0, 1, 1],
    observe: async (at) => {
      const { clock, queue } = await withMessage();
      queue.receive('numbers', 1);
      clock.advance(at);
      return queue.receive('numbers', 10).length;
    },
  },
  {
    name: 'a worker that is too slow deletes nothing that another has received since',
    of: [],
    at: VISIBILITY,
    expected: [0, 1, 1],
    observe: async (at) => {
      const { clock, queue } = await withMessage();
      const [slow] = queue.receive('numbers', 1);
      clock.advance(at);
      queue.receive('numbers', 1);
      queue.delete(slow!.receipt);
      return queue.depth('numbers');
    },
  },
  {
    name: 'a message that killed five workers is dead when the fifth visibility time-out is over',
    of: [],
    at: MAX_RECEIVES * VISIBILITY,
    expected: [0, 1, 1],
    observe: async (at) => {
      const { clock, queue } = await withMessage();
      for (let receive = 1; receive < MAX_RECEIVES; receive++) {
        queue.receive('numbers', 1);
        clock.advance(VISIBILITY);
      }
      queue.receive('numbers', 1);
      clock.advance(at - (MAX_RECEIVES - 1) * VISIBILITY);
      queue.receive('numbers', 1);
      return queue.receiveDeadLetters('numbers', 10).length;
    },
  },
];

export const queueEdges: Edge[] = [...delayEdges, ...visibilityEdges];
