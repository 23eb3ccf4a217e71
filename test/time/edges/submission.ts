import { listJobs } from '../../../shared/jobs/list-jobs.ts';
import { submitJob, type SubmitOutcome } from '../../../shared/jobs/submit-job.ts';
import { MemoryJobStore } from '../../../shared/local/memory-job-store.ts';
import type { PutWrite } from '../../../shared/jobs/ports/job-store.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { numbersProcess } from '../../helpers/numbers-process.ts';
import type { Edge } from '../edge.ts';
import { begin, HOUR, MINUTE, TWO_UNITS, type Story } from '../stories.ts';

const DAY = 24 * HOUR;
const REMEMBERED = [
  "shared/jobs/writes/submit.ts: atMost('expiresAt', job.createdAt)",
  'shared/jobs/writes/submit.ts: IDEMPOTENCY_MILLISECONDS',
];

/** Submits once more; the record of the first time is still stored, however long ago that was. */
async function submitAgain(
  { engine }: Story,
  at: { units?: number; idempotencyKey?: string } = {},
): Promise<SubmitOutcome['outcome'] | 'idempotency-conflict'> {
  const { units, ...key } = at;
  const inputs = numbersProcess().inputs.parse({ ...TWO_UNITS, ...(units && { datasets: [{ id: 'a', units }] }) });
  const submission = { tenant: 'acme', subject: 'ann', processId: 'numbers', request: { inputs }, ...key };
  try {
    return (await submitJob(engine.platform, submission)).outcome;
  } catch (error) {
    if ((error as { code?: string }).code === 'idempotency-conflict') return 'idempotency-conflict';
    throw error;
  }
}

const idempotencyEdges: Edge[] = [
  {
    name: 'the same request gives the same job for 24 hours',
    of: REMEMBERED,
    at: DAY,
    expected: ['existing', 'accepted', 'accepted'],
    observe: async (at) => {
      const story = await begin();
      story.moveTo(at);
      return submitAgain(story);
    },
  },
  {
    name: 'the same key gives the same job for 24 hours',
    of: REMEMBERED,
    at: DAY,
    expected: ['existing', 'accepted', 'accepted'],
    observe: async (at) => {
      const story = await begin();
      await submitAgain(story, { idempotencyKey: 'k' });
      story.moveTo(at);
      return submitAgain(story, { idempotencyKey: 'k' });
    },
  },
  {
    name: 'a key is refused for another request for 24 hours',
    of: REMEMBERED,
    at: DAY,
    expected: ['idempotency-conflict', 'accepted', 'accepted'],
    observe: async (at) => {
      const story = await begin();
      await submitAgain(story, { idempotencyKey: 'k' });
      story.moveTo(at);
      return submitAgain(story, { idempotencyKey: 'k', units: 8 });
    },
  },
  {
    name: 'the 24 hours are those of the last job that was accepted',
    of: REMEMBERED,
    at: DAY + DAY,
    expected: ['existing', 'accepted', 'accepted'],
    observe: async (at) => {
      const story = await begin();
      story.moveTo(DAY);
      await submitAgain(story);
      story.moveTo(at);
      return submitAgain(story);
    },
  },
];

const listEdges: Edge[] = [
  {
    name: 'a list from an instant on has the job that was submitted at it',
    of: ['shared/jobs/list-jobs.ts: job.createdAt < (filter.from ?? 0)'],
    at: MINUTE,
    expected: [1, 1, 0],
    observe: async (at) => {
      const { engine, clock } = await begin();
      const beginning = clock.now() - MINUTE;
      return (await listJobs(engine.platform, 'acme', { limit: 5, from: beginning + at })).jobs.length;
    },
  },
  {
    name: 'a list up to an instant has the job that was submitted at it',
    of: ['shared/jobs/list-jobs.ts: job.createdAt <= filter.to'],
    at: MINUTE,
    expected: [0, 1, 1],
    observe: async (at) => {
      const { engine, clock } = await begin();
      const beginning = clock.now() - MINUTE;
      return (await listJobs(engine.platform, 'acme', { limit: 5, to: beginning + at })).jobs.length;
    },
  },
];

/** The table remembers the token of a transaction for ten minutes: what is sent again in that time is no second one. */
const TOKEN_LIFETIME = 10 * MINUTE;

async function transactAgain(at: number, second: number): Promise<string> {
  const clock = new ManualClock();
  const store = new MemoryJobStore({ clock });
  const put = (bytes: number): PutWrite => ({
    kind: 'put',
    key: { pk: 'TENANT#acme', sk: 'DATASET#a' },
    item: { bytes },
    condition: { operator: 'absent', attribute: 'bytes' },
  });
  await store.transact([put(1)], 'token');
  clock.advance(at);
  try {
    return (await store.transact([put(second)], 'token')).accepted ? 'accepted' : 'rejected';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const transactionEdges: Edge[] = [
  {
    name: 'a transaction that is sent again was accepted for ten minutes; then its conditions say what happened',
    of: [],
    at: TOKEN_LIFETIME,
    expected: ['accepted', 'rejected', 'rejected'],
    observe: (at) => transactAgain(at, 1),
  },
  {
    name: 'a token serves no other transaction for ten minutes; then the conditions of that one decide',
    of: [],
    at: TOKEN_LIFETIME,
    expected: ['store-token-reused', 'rejected', 'rejected'],
    observe: (at) => transactAgain(at, 2),
  },
];

export const submissionEdges: Edge[] = [...idempotencyEdges, ...listEdges, ...transactionEdges];
