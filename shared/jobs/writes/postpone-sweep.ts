import { absent, equals } from '../conditions.ts';
import { HEALED_PREFIX } from '../items/job-item.ts';
import { jobItemKey, shardItemKey } from '../items/keys.ts';
import type { JobKey } from '../job.ts';
import type { UpdateWrite } from '../ports/job-store.ts';

/**
 * Claims one look of the sweeper at a job: only one of two sweepers that saw the same due time goes on.
 *
 *     due ├── claim: dueAt = next ──┤ heal ├──▶ next look; a sweeper that dies in between is made good then
 */
export function postponeSweepWrite(
  key: JobKey,
  { seenDueAt, nextDueAt, causes }: { seenDueAt: number; nextDueAt: number; causes: readonly string[] },
): UpdateWrite {
  const nobodyElseTookIt = equals('dueAt', seenDueAt);
  return {
    kind: 'update',
    key: jobItemKey(key),
    condition: nobodyElseTookIt,
    set: { dueAt: nextDueAt },
    add: { version: 1, ...Object.fromEntries(causes.map((cause) => [HEALED_PREFIX + cause, 1])) },
  };
}

/** Starts the clock of an open shard that has settled nothing yet: what made no progress has no item to say since when. */
export function observeShardWrite(key: JobKey, shard: number, now: number, ttl: number): UpdateWrite {
  const shardHasNoItem = absent('updatedAt');
  return { kind: 'update', key: shardItemKey(key, shard), condition: shardHasNoItem, set: { updatedAt: now, ttl } };
}
