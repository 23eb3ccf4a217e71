import { encodeChunkObject } from '../chunk-object.ts';
import { chunkUrl } from '../folders.ts';
import type { Counts, DatasetNumbering } from '../job.ts';
import type { ChunkMessage } from '../messages.ts';
import { chunkUnits, locateShard, selectedRanges } from '../numbering.ts';
import { readChunkHeader } from '../read-chunk.ts';
import { settleChunk } from '../settle.ts';
import { readPlan, readRequest } from '../stored-plan.ts';
import { whileJobIsActive } from '../watch-cancellation.ts';
import { workContext } from '../work-context.ts';
import { CHUNK_MEDIA_TYPE } from './give-up.ts';
import type { Task } from './task.ts';

/** Runs one chunk, stores what it made, and settles it. */
export async function runChunk(task: Task, message: ChunkMessage): Promise<void> {
  const { platform, job } = task;
  const { datasets } = job;
  if (job.state !== 'running' || datasets === undefined) {
    platform.logger.info('job.message.dropped', { tenant: job.tenant, job: job.jobId, state: job.state });
    return;
  }
  const counts = await makeChunk(task, message, datasets);
  await settleChunk(platform, { ...job, datasets }, { shard: message.shard, chunk: message.chunk, counts });
}

async function makeChunk(task: Task, message: ChunkMessage, datasets: DatasetNumbering[]): Promise<Counts> {
  const { platform, process, job, delivery } = task;
  const url = chunkUrl(platform.locations, job, message.shard, message.chunk);
  const mayBeThere = message.attempt > 1 || delivery.receiveCount > 1;
  if (mayBeThere && (await platform.objects.getRange(url, 0, 1)) !== undefined) {
    return (await readChunkHeader(platform, url)).counts;
  }
  const work = await chunkWork(task, message, datasets);
  const result = await whileJobIsActive(platform, job, delivery.signal, (signal) =>
    process.runChunk(workContext(platform, job, signal), work),
  );
  const written = await platform.objects.putIfAbsent(url, encodeChunkObject(result), CHUNK_MEDIA_TYPE);
  return written === 'written' ? result.counts : (await readChunkHeader(platform, url)).counts;
}

async function chunkWork(task: Task, message: ChunkMessage, datasets: DatasetNumbering[]) {
  const { platform, job } = task;
  const [plan, request] = await Promise.all([readPlan(platform, job), readRequest(platform, job)]);
  const positions = chunkUnits(datasets, message.shard, message.chunk);
  const dataset = plan.datasets[locateShard(datasets, message.shard).dataset];
  if (dataset === undefined) throw new TypeError(`the plan of job ${job.jobId} has fewer datasets than its row`);
  return { inputs: request.inputs, dataset, ranges: selectedRanges(dataset.selection, positions) };
}
