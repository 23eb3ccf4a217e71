import { sweep } from '../../../shared/jobs/handlers/sweep.ts';
import { timeOutWrite } from '../../../shared/jobs/writes/fail.ts';
import type { Edge } from '../edge.ts';
import {
  begin,
  beginFinishing,
  beginRunning,
  DEADLINE,
  healedNow,
  LATER,
  MINUTE,
  nextLookIn,
  planAndDie,
  SECOND,
  SIX_UNITS,
} from '../stories.ts';

/** Time without progress after which the sweeper acts, and after which it acts in spite of a backlog. */
const STALE = 2 * MINUTE;
const STALE_BEHIND_A_BACKLOG = 30 * MINUTE;

const here = (expression: string): string => `shared/jobs/handlers/sweep.ts: ${expression}`;
const SPAN = here('STALE_MILLISECONDS');
const JOB_IS_STALE = here('job.updatedAt + STALE_MILLISECONDS <= now');
const SHARD_IS_STALE = here('shard.updatedAt + STALE_MILLISECONDS <= now');
const BACKLOG = [
  here('since + STALE_BEHIND_A_BACKLOG_MILLISECONDS <= now'),
  here('STALE_BEHIND_A_BACKLOG_MILLISECONDS'),
];
const NEXT_LOOK = here('Math.min(Math.max(staleAt, now + SECOND), now + STALE_MILLISECONDS)');

const healingEdges: Edge[] = [
  {
    name: 'an accepted job whose plan message was lost is helped after two minutes',
    of: [JOB_IS_STALE, SPAN],
    at: STALE,
    expected: [{}, { 'plan-lost': 1 }, { 'plan-lost': 1 }],
    observe: async (at) => {
      const story = await begin();
      story.engine.queue.purge('numbers');
      story.moveTo(at);
      return healedNow(story);
    },
  },
  {
    name: 'a finishing job whose message was lost is helped two minutes after its last change',
    of: [JOB_IS_STALE, SPAN],
    at: LATER + STALE,
    expected: [{}, { 'finish-lost': 1 }, { 'finish-lost': 1 }],
    observe: async (at) => {
      const story = await beginFinishing();
      story.engine.queue.purge('numbers');
      story.moveTo(at);
      return healedNow(story);
    },
  },
  {
    name: 'a finishing job whose message seems to wait in the queue is helped after half an hour',
    of: BACKLOG,
    at: LATER + STALE_BEHIND_A_BACKLOG,
    expected: [{}, { 'finish-lost': 1 }, { 'finish-lost': 1 }],
    observe: async (at) => {
      const story = await beginFinishing();
      story.moveTo(at);
      return healedNow(story);
    },
  },
  {
    name: 'a shard of which nothing was ever settled is helped two minutes after the job’s last change',
    of: [JOB_IS_STALE, SPAN],
    at: LATER + STALE,
    expected: [{}, { 'chunks-lost': 1 }, { 'chunks-lost': 1 }],
    observe: async (at) => {
      const story = await beginRunning();
      story.engine.queue.purge('numbers');
      story.moveTo(at);
      return healedNow(story);
    },
  },
  {
    name: 'a shard that the sweeper saw empty is helped two minutes after that look',
    of: [SHARD_IS_STALE, SPAN],
    at: LATER + 2 * STALE - 1,
    expected: [{}, { 'chunks-lost': 1 }, { 'chunks-lost': 1 }],
    observe: async (at) => {
      const story = await beginRunning();
      story.engine.queue.purge('numbers');
      story.moveTo(LATER + STALE - 1);
      await sweep(story.engine.platform);
      story.moveTo(at);
      return healedNow(story);
    },
  },
  {
    name: 'a shard is helped two minutes after its last chunk was settled',
    of: [SHARD_IS_STALE, SPAN],
    at: LATER + STALE,
    expected: [{}, { 'chunks-lost': 1 }, { 'chunks-lost': 1 }],
    observe: async (at) => {
      const story = await beginRunning({ ...SIX_UNITS, datasets: [{ id: 'a', units: 12 }] });
      // Four of the six chunks are worked on at once.
      await story.engine.workOnce();
      story.engine.queue.purge('numbers');
      story.moveTo(at);
      return healedNow(story);
    },
  },
  {
    name: 'chunks that seem to wait in the queue are sent again half an hour after the job’s last change',
    of: BACKLOG,
    at: LATER + STALE_BEHIND_A_BACKLOG,
    expected: [{}, { 'chunks-lost': 1 }, { 'chunks-lost': 1 }],
    observe: async (at) => {
      const story = await beginRunning();
      story.moveTo(at);
      return healedNow(story);
    },
  },
  {
    name: 'chunks that seem to wait in the queue are sent again half an hour after the shard’s last chunk',
    of: [...BACKLOG, here('Math.max(job.updatedAt, ...stale.map(({ updatedAt }) => updatedAt))')],
    at: 2 * LATER + STALE_BEHIND_A_BACKLOG,
    expected: [{}, { 'chunks-lost': 1 }, { 'chunks-lost': 1 }],
    observe: async (at) => {
      const story = await beginRunning({ ...SIX_UNITS, datasets: [{ id: 'a', units: 12 }] });
      story.moveTo(2 * LATER);
      await story.engine.workOnce();
      story.moveTo(at);
      return healedNow(story);
    },
  },
];

const lookingEdges: Edge[] = [
  {
    name: 'a job is looked at when it is due',
    of: [here('job.dueAt > now')],
    at: STALE,
    expected: [0, 1, 1],
    observe: async (at) => {
      const story = await begin();
      story.moveTo(at);
      return (await sweep(story.engine.platform)).looked;
    },
  },
  {
    name: 'a look that comes a second late says so',
    of: [here('Math.max(report.lateSeconds, Math.floor((now - job.dueAt) / SECOND))')],
    at: STALE + SECOND,
    expected: [0, 1, 1],
    observe: async (at) => {
      const story = await begin();
      story.moveTo(at);
      return (await sweep(story.engine.platform)).lateSeconds;
    },
  },
  {
    name: 'the next look is a second away at least',
    of: [here('Math.max(staleAt, now + SECOND)'), NEXT_LOOK],
    at: LATER + STALE - SECOND,
    expected: [SECOND + 1, SECOND, SECOND],
    observe: async (at) => {
      const story = await beginFinishing();
      story.moveTo(at);
      return nextLookIn(story);
    },
  },
  {
    name: 'the next look is two minutes away at most, also when a lease lasts longer',
    of: [NEXT_LOOK, SPAN],
    // The clock of the planner that died was so far ahead that its lease ends two minutes after the look.
    at: 70 * SECOND,
    expected: [STALE - 1, STALE, STALE],
    observe: async (ahead) => {
      const story = await begin();
      story.moveTo(STALE + ahead);
      await planAndDie(story);
      story.moveTo(STALE + 20 * SECOND);
      return nextLookIn(story);
    },
  },
  {
    name: 'a job that waits for something that is over is looked at two minutes later',
    of: [here('waitsUntil <= now')],
    at: LATER + STALE,
    expected: [SECOND, STALE, STALE],
    observe: async (at) => {
      const story = await beginFinishing();
      story.moveTo(at);
      return nextLookIn(story);
    },
  },
  {
    name: 'a shard that is not stale yet is looked at again when it will be',
    of: [here('Math.min(staleAt, shard.updatedAt + STALE_MILLISECONDS)')],
    at: LATER + STALE - 30 * SECOND,
    expected: [30 * SECOND + 1, 30 * SECOND, 30 * SECOND - 1],
    observe: async (at) => {
      const story = await beginRunning({ ...SIX_UNITS, datasets: [{ id: 'a', units: 12 }] });
      await story.engine.workOnce();
      story.moveTo(at);
      return nextLookIn(story);
    },
  },
  {
    name: 'the next look is never later than the deadline',
    of: [here('Math.min(nextLook, job.deadlineAt)')],
    at: DEADLINE - STALE,
    expected: [STALE, STALE, STALE - 1],
    observe: async (at) => {
      const story = await beginFinishing();
      story.moveTo(at);
      return nextLookIn(story);
    },
  },
];

const deadlineEdges: Edge[] = [
  {
    name: 'a job is ended when its deadline is reached',
    of: [here('job.deadlineAt <= now')],
    at: DEADLINE,
    expected: ['running', 'failed', 'failed'],
    observe: async (at) => {
      const story = await beginRunning();
      story.moveTo(at);
      await sweep(story.engine.platform);
      return (await story.job()).state;
    },
  },
  {
    name: 'no write ends a job as timed out before its deadline',
    of: ["shared/jobs/writes/fail.ts: atMost('deadlineAt', failure.now)"],
    at: DEADLINE,
    expected: [false, true, true],
    observe: async (at) => {
      const story = await beginRunning();
      story.moveTo(at);
      const failure = { code: 'timed-out', detail: 'Too late.' };
      const change = { failure, actor: 'sweeper', now: story.clock.now(), retentionDays: 30 };
      return (await story.engine.store.write(timeOutWrite({ tenant: 'acme', jobId: story.jobId }, change))).accepted;
    },
  },
];

export const sweeperEdges: Edge[] = [...healingEdges, ...lookingEdges, ...deadlineEdges];
