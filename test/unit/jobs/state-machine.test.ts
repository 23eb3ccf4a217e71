import { describe, expect, it } from 'vitest';
import { newJobItem } from '../../../shared/jobs/items/job-item.ts';
import { jobItemKey } from '../../../shared/jobs/items/keys.ts';
import { isTerminal, JOB_STATES, type Job, type JobState } from '../../../shared/jobs/job.ts';
import {
  JOB_EVENTS,
  statesThatAllow,
  TRANSITIONS,
  type Guard,
  type JobEvent,
} from '../../../shared/jobs/state-machine.ts';
import type { Write } from '../../../shared/jobs/ports/job-store.ts';
import { beginFinishingWrite } from '../../../shared/jobs/writes/begin-finishing.ts';
import { cancelWrite } from '../../../shared/jobs/writes/cancel.ts';
import { claimPlanningWrite } from '../../../shared/jobs/writes/claim-planning.ts';
import { abandonFinishWrite, refusePlanWrite, timeOutWrite } from '../../../shared/jobs/writes/fail.ts';
import { publishWrites } from '../../../shared/jobs/writes/publish.ts';
import { settleLastShardWrite, settleShardWrite } from '../../../shared/jobs/writes/settle-shard.ts';
import { storePlanWrite } from '../../../shared/jobs/writes/store-plan.ts';
import { MemoryJobStore } from '../../../shared/local/memory-job-store.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';

const NOW = 1_000_000;
const key = { tenant: 'acme', jobId: '01J00000000000000000000001' };
const failure = { failure: { code: 'x', detail: 'x' }, actor: 'test', now: NOW, retentionDays: 1 };
const settlement = { shard: 2, dataset: 0, counts: { done: 1, failed: 0, skipped: 0, bytes: 0 }, now: NOW };
const numbering = { id: 'a', units: 3 * 256, chunkUnits: 1 };

/** A way in which a row can stand to the guards. */
interface Situation {
  lease: 'ours' | 'of-an-earlier-attempt' | 'of-this-attempt-running' | 'of-this-attempt-over';
  settled: number[];
  deadlinePassed: boolean;
}

const SITUATIONS: Situation[] = (
  ['ours', 'of-an-earlier-attempt', 'of-this-attempt-running', 'of-this-attempt-over'] as const
)
  .flatMap((lease) => [[], [0], [0, 1], [2], [0, 1, 2]].map((settled) => ({ lease, settled })))
  .flatMap((each) => [true, false].map((deadlinePassed) => ({ ...each, deadlinePassed })));

/** The write of each event, as the engine makes it: shard 2 of 3, attempt 2 of the planner. */
const WRITES: Record<JobEvent, () => Write[]> = {
  'claim-planning': () => [claimPlanningWrite(key, { token: 'new', attempt: 2, now: NOW, leaseUntil: NOW + 10 })],
  'store-plan': () => [storePlanWrite(key, { token: 'ours', datasets: [numbering], now: NOW })],
  'store-empty-plan': () => [storePlanWrite(key, { token: 'ours', datasets: [], now: NOW })],
  'refuse-plan': () => [refusePlanWrite(key, failure)],
  'settle-shard': () => [settleShardWrite(key, settlement)],
  'settle-last-shard': () => [settleLastShardWrite(key, settlement, 3)],
  'begin-finishing': () => [beginFinishingWrite(key, 3, 'test', NOW)],
  publish: () =>
    publishWrites(key, {
      outcome: 'partial',
      artifacts: [],
      errors: [],
      datasetStates: [],
      now: NOW,
      retentionDays: 1,
    }),
  'abandon-finish': () => [abandonFinishWrite(key, failure)],
  cancel: () => [cancelWrite(key, { actor: 'test', now: NOW, retentionDays: 1 })],
  'time-out': () => [timeOutWrite(key, failure)],
};

/** What must come of it, told a second time and without the code's own table. */
function expected(
  state: JobState,
  event: JobEvent,
  { lease, settled, deadlinePassed }: Situation,
): JobState | undefined {
  const active = state === 'accepted' || state === 'planning' || state === 'running' || state === 'finishing';
  const isFree =
    state === 'accepted' || (state === 'planning' && lease !== 'of-this-attempt-running' && lease !== 'ours');
  const verdicts: Record<JobEvent, JobState | false> = {
    'claim-planning': isFree && 'planning',
    'store-plan': state === 'planning' && lease === 'ours' && 'running',
    'store-empty-plan': state === 'planning' && lease === 'ours' && 'finishing',
    'refuse-plan': (state === 'accepted' || state === 'planning') && 'failed',
    'settle-shard': state === 'running' && !settled.includes(2) && 'running',
    'settle-last-shard': state === 'running' && settled.join() === '0,1' && 'finishing',
    'begin-finishing': state === 'running' && settled.length === 3 && 'finishing',
    publish: state === 'finishing' && 'partial',
    'abandon-finish': state === 'finishing' && 'failed',
    cancel: active && 'cancelled',
    'time-out': active && deadlinePassed && 'failed',
  };
  const verdict = verdicts[event];
  return verdict === false ? undefined : verdict;
}

async function storeWith(state: JobState, { lease, settled, deadlinePassed }: Situation): Promise<MemoryJobStore> {
  const store = new MemoryJobStore({ clock: new ManualClock(NOW) });
  const job: Job = {
    ...key,
    state,
    version: 7,
    processId: 'numbers',
    processVersion: '1.0.0',
    createdAt: 1,
    updatedAt: 1,
    deadlineAt: deadlinePassed ? NOW : NOW + 1,
    dueAt: 5,
    subject: 'ann',
    counts: [],
    nextShard: 3,
    settledShards: new Set(),
    healed: {},
    history: [],
  };
  const item = {
    ...newJobItem(job),
    leaseToken: lease === 'ours' ? 'ours' : 'theirs',
    leaseUntil: lease === 'of-this-attempt-over' ? NOW : NOW + 1,
    planAttempt: lease === 'of-an-earlier-attempt' ? 1 : 2,
    datasets: [numbering],
    ...(settled.length === 0 ? {} : { settledShards: new Set(settled) }),
  };
  await store.write({ kind: 'put', key: jobItemKey(key), item, condition: { operator: 'absent', attribute: 'state' } });
  return store;
}

describe('the state machine', () => {
  const cases = JOB_STATES.flatMap((state) =>
    JOB_EVENTS.flatMap((event) => SITUATIONS.map((situation) => ({ state, event, situation }))),
  );

  it(`accepts exactly the legal ones of ${cases.length} triples of state, event and guards`, async () => {
    for (const { state, event, situation } of cases) {
      const store = await storeWith(state, situation);
      const outcome = await store.transact(WRITES[event](), 'token');
      const item = await store.read(jobItemKey(key), { consistent: true });
      const to = expected(state, event, situation);
      const named = `${state} × ${event} × ${JSON.stringify(situation)}`;
      expect(outcome.accepted, named).toBe(to !== undefined);
      expect(item?.['state'], named).toBe(to ?? state);
      expect(item?.['version'], named).toBe(to === undefined ? 7 : 8);
      if (to !== undefined && isTerminal(to)) expect(item, named).not.toHaveProperty('activePartition');
    }
  });

  it('lists in its table exactly the pairs of state and event that some guard lets through', () => {
    for (const event of JOB_EVENTS) {
      const possible = JOB_STATES.filter((state) =>
        SITUATIONS.some((each) => expected(state, event, each) !== undefined),
      );
      expect(statesThatAllow(event), event).toEqual(possible);
    }
  });

  it('says of each step what must hold, and where it may lead', () => {
    const holds: Record<Guard, (situation: Situation) => boolean> = {
      none: () => true,
      'lease-free': ({ lease }) => lease === 'of-an-earlier-attempt' || lease === 'of-this-attempt-over',
      'lease-held': ({ lease }) => lease === 'ours',
      'shard-unsettled': ({ settled }) => !settled.includes(2),
      'last-shard-unsettled': ({ settled }) => settled.join() === '0,1',
      'all-shards-settled': ({ settled }) => settled.length === 3,
      'deadline-passed': ({ deadlinePassed }) => deadlinePassed,
    };
    for (const { from, event, guard, to } of TRANSITIONS) {
      const named = `${from} × ${event}`;
      const reached = SITUATIONS.map((each) => expected(from, event, each));
      expect(
        reached.map((state) => state !== undefined),
        named,
      ).toEqual(SITUATIONS.map(holds[guard]));
      const targets = event === 'publish' ? ['succeeded', 'partial', 'failed'] : reached.find(Boolean);
      expect(to, named).toEqual([targets].flat());
    }
  });

  it('leads out of no terminal state', () => {
    expect(TRANSITIONS.filter(({ from }) => isTerminal(from))).toEqual([]);
  });
});
