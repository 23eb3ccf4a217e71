import { decodeChunkObject } from '../../../shared/jobs/chunk-object.ts';
import { chunkUrl } from '../../../shared/jobs/folders.ts';
import { addCounts, NO_COUNTS, type Counts, type Job } from '../../../shared/jobs/job.ts';
import { locateShard, shardCount } from '../../../shared/jobs/numbering.ts';
import { readJob } from '../../../shared/jobs/read-job.ts';
import { MAX_ERROR_SAMPLE } from '../../../shared/jobs/write-errors.ts';
import { loadShard } from '../../../shared/jobs/settle.ts';
import type { World } from '../core/world.ts';
import { changesByJob } from './life.ts';

const same = (a: Counts, b: Counts): boolean =>
  a.done === b.done && a.failed === b.failed && a.skipped === b.skipped && a.bytes === b.bytes;
const text = ({ done, failed, skipped, bytes }: Counts): string => `${done}/${failed}/${skipped}/${bytes}`;

/** The row says what the shards say, the shards what the chunks made, and the answer to a poll the same. */
export async function checkCounts(world: World): Promise<string[]> {
  const breaches: string[] = [];
  for (const changes of changesByJob(world).values()) breaches.push(...(await checkJob(world, changes.at(-1)!.after)));
  return breaches;
}

async function checkJob(world: World, job: Job): Promise<string[]> {
  const { datasets } = job;
  if (datasets === undefined) return [];
  const { platform, objects } = world;
  const breaches: string[] = [];
  const inRow = datasets.map(() => NO_COUNTS);
  const inShards = datasets.map(() => NO_COUNTS);
  for (let number = 0; number < shardCount(datasets); number++) {
    const { dataset, chunks } = locateShard(datasets, number);
    const shard = await loadShard(platform, job, number);
    let made = NO_COUNTS;
    for (const chunk of shard.settled) {
      if (chunk >= chunks) breaches.push(`${job.jobId}: shard ${number} settled chunk ${chunk} of ${chunks}`);
      const stored = objects.objects.get(chunkUrl(platform.locations, job, number, chunk).href);
      if (stored === undefined) breaches.push(`${job.jobId}: chunk ${number}/${chunk} is settled and not stored`);
      else made = addCounts(made, decodeChunkObject(stored.bytes).header.counts);
    }
    if (!same(made, shard.counts)) {
      breaches.push(`${job.jobId}: shard ${number} counts ${text(shard.counts)}, its chunks ${text(made)}`);
    }
    inShards[dataset] = addCounts(inShards[dataset]!, shard.counts);
    if (job.settledShards.has(number)) inRow[dataset] = addCounts(inRow[dataset]!, shard.counts);
  }
  const ended = job.state === 'succeeded' || job.state === 'partial';
  const view = await readJob(platform, job);
  const failed = job.counts.reduce((sum, counts) => sum + counts.failed, 0);
  const listed = job.errors?.length ?? 0;
  // A process may name errors within units that did not fail.
  const namesMore = platform.processes.get(job.processId)?.listErrors !== undefined && listed >= failed;
  if (ended && !namesMore && listed !== Math.min(failed, MAX_ERROR_SAMPLE)) {
    breaches.push(`${job.jobId} names ${listed} errors of ${failed}`);
  }
  for (const [index, { id, units }] of datasets.entries()) {
    const counts = job.counts[index] ?? NO_COUNTS;
    if (!same(counts, inRow[index]!)) {
      breaches.push(`${job.jobId}: the row counts ${text(counts)} for ${id}, its shards ${text(inRow[index]!)}`);
    }
    if (ended && counts.done + counts.failed + counts.skipped !== units) {
      breaches.push(`${job.jobId} is ${job.state} with ${text(counts)} of ${units} units of ${id}`);
    }
    if (view === undefined || !same(view.counts[index] ?? NO_COUNTS, inShards[index]!)) {
      breaches.push(`${job.jobId}: a poll counts otherwise than the shards of ${id}`);
    }
  }
  return breaches;
}
