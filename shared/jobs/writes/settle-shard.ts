import { all, equals, notContains, setSize } from '../conditions.ts';
import { countAttribute } from '../items/job-item.ts';
import { jobItemKey } from '../items/keys.ts';
import type { Counts, HistoryEntry, JobKey } from '../job.ts';
import type { UpdateWrite } from '../ports/job-store.ts';

export interface ShardSettlement {
  shard: number;
  /** Index of the shard's dataset. */
  dataset: number;
  counts: Counts;
  now: number;
}

/** Adds one full shard to the row's set, with its counts, and opens the next shard: a second time changes nothing. */
export function settleShardWrite(key: JobKey, settlement: ShardSettlement): UpdateWrite {
  const isRunning = equals('state', 'running');
  const shardIsUnsettled = notContains('settledShards', settlement.shard);
  return {
    kind: 'update',
    key: jobItemKey(key),
    condition: all(isRunning, shardIsUnsettled),
    set: { updatedAt: settlement.now },
    add: {
      version: 1,
      nextShard: 1,
      settledShards: new Set([settlement.shard]),
      ...countsToAdd(settlement),
    },
  };
}

/** The same for the shard that is the last: running → finishing in the same write. */
export function settleLastShardWrite(key: JobKey, settlement: ShardSettlement, shards: number): UpdateWrite {
  const write = settleShardWrite(key, settlement);
  const allOthersAreSettled = setSize('settledShards', shards - 1);
  const entry: HistoryEntry = { state: 'finishing', at: settlement.now, actor: 'worker', cause: 'all-shards-settled' };
  return {
    ...write,
    condition: all(write.condition, allOthersAreSettled),
    set: { ...write.set, state: 'finishing' },
    append: { history: [{ ...entry }] },
  };
}

/** Zeros are left out: an attribute that is absent counts as 0, and the row stays small. */
function countsToAdd({ dataset, counts }: ShardSettlement): Record<string, number> {
  const kinds = ['done', 'failed', 'skipped', 'bytes'] as const;
  return Object.fromEntries(
    kinds.filter((kind) => counts[kind] > 0).map((kind) => [countAttribute(kind, dataset), counts[kind]]),
  );
}
