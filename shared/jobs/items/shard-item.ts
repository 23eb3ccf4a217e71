import type { Shard } from '../job.ts';
import type { Item } from '../ports/job-store.ts';
import { numberOf } from './attributes.ts';
import { SHARD_PREFIX } from './keys.ts';

const NONE: ReadonlySet<number> = new Set();

/** Reads a shard item; one that is absent has settled nothing. */
export function readShardItem(shard: number, item: Item | undefined): Shard {
  return {
    shard,
    settled: (item?.['settled'] as ReadonlySet<number> | undefined) ?? NONE,
    failedChunks: (item?.['failedChunks'] as ReadonlySet<number> | undefined) ?? NONE,
    counts: {
      done: numberOf(item, 'done'),
      failed: numberOf(item, 'failed'),
      skipped: numberOf(item, 'skipped'),
      bytes: numberOf(item, 'bytes'),
    },
    updatedAt: numberOf(item, 'updatedAt'),
  };
}

/** The shard's number, from its sort key. */
export function shardOfSortKey(sk: string): number {
  return Number(sk.slice(SHARD_PREFIX.length));
}
