import { readShardItem, shardOfSortKey } from './items/shard-item.ts';
import { SHARD_PREFIX, shardPartition, shardSortKey } from './items/keys.ts';
import { addCounts, type Counts, type DatasetNumbering, type Job, type JobKey } from './job.ts';
import { loadJob } from './load-job.ts';
import { locateShard, shardCount, totalUnits, WINDOW_SHARDS } from './numbering.ts';
import type { Platform } from './platform.ts';

/** A job as a caller sees it. */
export interface JobView {
  job: Job;
  /** One for each dataset, with what open shards have settled. */
  counts: Counts[];
  /** Units planned; absent until there is a plan. */
  units: number | undefined;
}

/**
 * Jobs of more shards show settled shards only. Up to here the row has less than 4 kB, and row and open shards
 * together cost one read unit (two eventual reads of at most 4 kB).
 */
const MAX_LIVE_SHARDS = 512;

/** Reads a job for a poll; undefined when the tenant has no such job. */
export async function readJob(platform: Platform, key: JobKey): Promise<JobView | undefined> {
  const job = await loadJob(platform.store, key);
  if (job === undefined) return undefined;
  if (job.datasets === undefined) return { job, counts: [], units: undefined };
  // A job that was cancelled or timed out has open shards, too: what they settled was shown, and is not taken back.
  const hasOpenShards = job.settledShards.size < shardCount(job.datasets);
  const counts = hasOpenShards ? await liveCounts(platform, job, job.datasets) : job.counts;
  return { job, counts, units: totalUnits(job.datasets) };
}

/** Counts of the row, and of the open shards next to the first one that is not settled: these only ever grow. */
async function liveCounts(platform: Platform, job: Job, datasets: DatasetNumbering[]): Promise<Counts[]> {
  const shards = shardCount(datasets);
  if (shards > MAX_LIVE_SHARDS) return job.counts;
  let first = 0;
  while (job.settledShards.has(first)) first++;
  const { items } = await platform.store.list({
    pk: shardPartition(job),
    prefix: SHARD_PREFIX,
    limit: WINDOW_SHARDS,
    ...(first === 0 ? {} : { after: shardSortKey(first - 1) }),
  });
  const counts = [...job.counts];
  for (const { key, item } of items) {
    const shard = readShardItem(shardOfSortKey(key.sk), item);
    if (shard.shard >= Math.min(first + WINDOW_SHARDS, shards) || job.settledShards.has(shard.shard)) continue;
    const { dataset } = locateShard(datasets, shard.shard);
    const before = counts[dataset];
    if (before !== undefined) counts[dataset] = addCounts(before, shard.counts);
  }
  return counts;
}
