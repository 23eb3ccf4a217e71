import { claimPlanningWrite } from '../../../shared/jobs/writes/claim-planning.ts';
import type { Edge } from '../edge.ts';
import { begin, healedNow, LATER, planAndDie, redeliver, SECOND, TIMEOUT } from '../stories.ts';

/** A lease lasts as long as its function may run, and this much. */
const LEASE = TIMEOUT + 10 * SECOND;

const CLAIM = "shared/jobs/writes/claim-planning.ts: atMost('leaseUntil', claim.now)";
const MARGIN = 'shared/jobs/handlers/run-plan.ts: LEASE_MARGIN_MILLISECONDS';

export const planningEdges: Edge[] = [
  {
    name: 'a redelivered plan message takes over from a planner that died, when its lease has run out',
    of: [CLAIM, MARGIN],
    at: LEASE,
    expected: ['planning', 'running', 'running'],
    observe: async (at) => {
      const story = await begin();
      const message = await planAndDie(story);
      story.moveTo(at);
      await redeliver(story, message);
      return (await story.job()).state;
    },
  },
  {
    name: 'the sweeper sends the next attempt of a planner that died, when its lease has run out',
    of: ['shared/jobs/handlers/sweep.ts: (job.leaseUntil ?? 0) <= now', MARGIN],
    at: LATER + LEASE,
    expected: [{}, { 'plan-lost': 1 }, { 'plan-lost': 1 }],
    observe: async (at) => {
      const story = await begin();
      story.moveTo(LATER);
      await planAndDie(story);
      story.moveTo(at);
      return healedNow(story);
    },
  },
  {
    name: 'a lease of a millisecond is the next planner’s a millisecond later',
    of: [CLAIM],
    at: 1,
    expected: [false, true, true],
    observe: async (at) => {
      const { engine, clock, jobId } = await begin();
      const key = { tenant: 'acme', jobId };
      const now = clock.now();
      const claim = { token: 'first', attempt: 1, now, leaseUntil: now + 1 };
      await engine.store.write(claimPlanningWrite(key, claim));
      const again = { token: 'second', attempt: 1, now: now + at, leaseUntil: now + LEASE };
      return (await engine.store.write(claimPlanningWrite(key, again))).accepted;
    },
  },
];
