import { shardItemKey } from './items/keys.ts';
import { readJobItem } from './items/job-item.ts';
import { readShardItem } from './items/shard-item.ts';
import type { Counts, DatasetNumbering, Job, JobKey, Shard } from './job.ts';
import { loadJob } from './load-job.ts';
import { locateShard, shardCount } from './numbering.ts';
import type { Platform } from './platform.ts';
import { timeToLive } from './retention.ts';
import { beginFinishingWrite } from './writes/begin-finishing.ts';
import { settleChunkWrite } from './writes/settle-chunk.ts';
import { settleLastShardWrite, settleShardWrite } from './writes/settle-shard.ts';

/**
 * Settles a chunk, and carries its shard upwards when the shard is full. Whoever finds the chunk settled already
 * still carries a full shard upwards: that is how a crash between the two writes heals on redelivery.
 */
export async function settleChunk(
  platform: Platform,
  job: Job & { datasets: DatasetNumbering[] },
  chunk: { shard: number; chunk: number; counts: Counts },
): Promise<void> {
  const now = platform.clock.now();
  const ttl = timeToLive(job.deadlineAt, platform.retentionDays);
  const outcome = await platform.store.write(settleChunkWrite(job, { ...chunk, now, ttl }));
  const shard = readShardItem(chunk.shard, outcome.item);
  platform.logger.info('job.chunk.settled', { ...named(job), ...chunk, again: !outcome.accepted });
  if (shard.settled.size === locateShard(job.datasets, chunk.shard).chunks) await settleShard(platform, job, shard);
}

/** Carries a full shard to the job row; moves the job on to finishing when it was the last. */
export async function settleShard(
  platform: Platform,
  key: JobKey & { datasets: DatasetNumbering[] },
  shard: Shard,
): Promise<void> {
  const job = await loadJob(platform.store, key, { consistent: true });
  if (job?.state !== 'running') return;
  const shards = shardCount(key.datasets);
  const settlement = {
    shard: shard.shard,
    dataset: locateShard(key.datasets, shard.shard).dataset,
    counts: shard.counts,
    now: platform.clock.now(),
  };
  const isLast = job.settledShards.size === shards - 1;
  const write = isLast ? settleLastShardWrite(job, settlement, shards) : settleShardWrite(job, settlement);
  const outcome = await platform.store.write(write);
  if (outcome.accepted) platform.logger.info('job.shard.settled', { ...named(key), shard: shard.shard, isLast });
  if (outcome.item === undefined) return;
  const after = readJobItem(key.tenant, key.jobId, outcome.item);
  if (after.state === 'running' && after.settledShards.size === shards) await beginFinishing(platform, after, 'worker');
}

/** Moves a running job whose shards are all settled on to finishing. */
export async function beginFinishing(platform: Platform, job: Job, actor: string): Promise<void> {
  const shards = shardCount(job.datasets ?? []);
  await platform.store.write(beginFinishingWrite(job, shards, actor, platform.clock.now()));
}

/** Reads one shard item as it is now. */
export async function loadShard(platform: Platform, key: JobKey, shard: number): Promise<Shard> {
  return readShardItem(shard, await platform.store.read(shardItemKey(key, shard), { consistent: true }));
}

function named(key: JobKey): { tenant: string; job: string } {
  return { tenant: key.tenant, job: key.jobId };
}
