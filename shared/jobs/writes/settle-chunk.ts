import { notContains } from '../conditions.ts';
import { shardItemKey } from '../items/keys.ts';
import type { Counts, JobKey } from '../job.ts';
import type { UpdateWrite } from '../ports/job-store.ts';

export interface ChunkSettlement {
  shard: number;
  /** Number within the shard. */
  chunk: number;
  counts: Counts;
  now: number;
  /** Epoch seconds at which the item may be forgotten. */
  ttl: number;
}

/** Adds one chunk to its shard's set, with what it made: a second time changes nothing. Creates the item. */
export function settleChunkWrite(key: JobKey, settlement: ChunkSettlement): UpdateWrite {
  const chunkIsUnsettled = notContains('settled', settlement.chunk);
  const chunk = new Set([settlement.chunk]);
  return {
    kind: 'update',
    key: shardItemKey(key, settlement.shard),
    condition: chunkIsUnsettled,
    set: { updatedAt: settlement.now, ttl: settlement.ttl },
    add: {
      settled: chunk,
      ...(settlement.counts.failed > 0 ? { failedChunks: chunk } : {}),
      ...settlement.counts,
    },
  };
}
