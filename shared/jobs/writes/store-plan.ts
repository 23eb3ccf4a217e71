import { all, equals } from '../conditions.ts';
import { jobItemKey } from '../items/keys.ts';
import type { DatasetNumbering, HistoryEntry, JobKey } from '../job.ts';
import { shardCount, WINDOW_SHARDS } from '../numbering.ts';
import type { UpdateWrite } from '../ports/job-store.ts';

/** planning → running with the first shards open; straight on to finishing when there is nothing to run. */
export function storePlanWrite(
  key: JobKey,
  plan: { token: string; datasets: readonly DatasetNumbering[]; now: number },
): UpdateWrite {
  const isPlanning = equals('state', 'planning');
  const leaseIsOurs = equals('leaseToken', plan.token);
  const state = shardCount(plan.datasets) === 0 ? 'finishing' : 'running';
  const entry: HistoryEntry = { state, at: plan.now, actor: 'planner', cause: 'planned' };
  return {
    kind: 'update',
    key: jobItemKey(key),
    condition: all(isPlanning, leaseIsOurs),
    set: {
      state,
      updatedAt: plan.now,
      startedAt: plan.now,
      datasets: plan.datasets.map(({ id, units, chunkUnits }) => ({ id, units, chunkUnits })),
      nextShard: WINDOW_SHARDS,
    },
    add: { version: 1 },
    append: { history: [{ ...entry }] },
    remove: ['leaseToken', 'leaseUntil'],
  };
}
