import { all, any, atMost, equals } from '../conditions.ts';
import { jobItemKey } from '../items/keys.ts';
import type { HistoryEntry, JobKey } from '../job.ts';
import type { UpdateWrite } from '../ports/job-store.ts';

export interface PlanningClaim {
  /** New for each claim; `store-plan` demands it. */
  token: string;
  attempt: number;
  now: number;
  leaseUntil: number;
}

/**
 * accepted → planning, or planning → planning when the claim may take over.
 *
 *     claim (attempt 1) ├───────── lease ─────────┤
 *     redelivery of attempt 1    refused           takes over
 *     attempt 2                  takes over        takes over
 */
export function claimPlanningWrite(key: JobKey, claim: PlanningClaim): UpdateWrite {
  const isAccepted = equals('state', 'accepted');
  const isPlanning = equals('state', 'planning');
  const anEarlierAttemptHasIt = atMost('planAttempt', claim.attempt - 1);
  const thisAttemptHadIt = all(equals('planAttempt', claim.attempt), atMost('leaseUntil', claim.now));
  const entry: HistoryEntry = { state: 'planning', at: claim.now, actor: 'planner', cause: `attempt-${claim.attempt}` };
  return {
    kind: 'update',
    key: jobItemKey(key),
    condition: any(isAccepted, all(isPlanning, any(anEarlierAttemptHasIt, thisAttemptHadIt))),
    set: {
      state: 'planning',
      updatedAt: claim.now,
      leaseToken: claim.token,
      leaseUntil: claim.leaseUntil,
      planAttempt: claim.attempt,
    },
    add: { version: 1 },
    append: { history: [{ ...entry }] },
  };
}
