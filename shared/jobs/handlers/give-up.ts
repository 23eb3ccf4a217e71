import { encodeChunkObject } from '../chunk-object.ts';
import { chunkUrl } from '../folders.ts';
import { NO_COUNTS, type ErrorRecord, type Job } from '../job.ts';
import type { ChunkMessage, JobMessage } from '../messages.ts';
import { chunkUnits, locateShard, selectedRanges } from '../numbering.ts';
import type { Platform } from '../platform.ts';
import type { UnitError } from '../process.ts';
import { readChunkHeader } from '../read-chunk.ts';
import { settleChunk } from '../settle.ts';
import { readPlan } from '../stored-plan.ts';
import { abandonFinishWrite, refusePlanWrite } from '../writes/fail.ts';

/**
 * Ends what a message was for, with the reason: a chunk is settled as failed and the job goes on; a plan or a finish
 * ends the job. Does nothing to a job that has moved on meanwhile.
 */
export async function giveUp(platform: Platform, job: Job, message: JobMessage, reason: ErrorRecord): Promise<void> {
  const failure = { failure: reason, now: platform.clock.now(), retentionDays: platform.retentionDays };
  switch (message.kind) {
    case 'plan':
      await platform.store.write(refusePlanWrite(job, { ...failure, actor: 'planner' }));
      return;
    case 'finish':
      await platform.store.write(abandonFinishWrite(job, { ...failure, actor: 'finisher' }));
      return;
    case 'chunk':
      await abandonChunk(platform, job, message, reason);
  }
}

/** Writes the chunk's object as failed unless its worker did write one before it died, and settles from what is there. */
async function abandonChunk(platform: Platform, job: Job, message: ChunkMessage, reason: ErrorRecord): Promise<void> {
  const { datasets } = job;
  if (job.state !== 'running' || datasets === undefined) return;
  const url = chunkUrl(platform.locations, job, message.shard, message.chunk);
  const errors = await unitErrors(platform, job, message, reason);
  const failed = { counts: { ...NO_COUNTS, failed: errors.length }, errors, payload: new Uint8Array() };
  const written = await platform.objects.putIfAbsent(url, encodeChunkObject(failed, true), CHUNK_MEDIA_TYPE);
  const counts = written === 'written' ? failed.counts : (await readChunkHeader(platform, url)).counts;
  await settleChunk(platform, { ...job, datasets }, { shard: message.shard, chunk: message.chunk, counts });
}

export const CHUNK_MEDIA_TYPE = 'application/octet-stream';

/** One error for each unit of the chunk, so that a retry selects exactly them. */
async function unitErrors(
  platform: Platform,
  job: Job,
  message: ChunkMessage,
  reason: ErrorRecord,
): Promise<UnitError[]> {
  const { datasets } = await readPlan(platform, job);
  const dataset = datasets[locateShard(datasets, message.shard).dataset];
  const positions = chunkUnits(datasets, message.shard, message.chunk);
  const ranges = selectedRanges(dataset?.selection, positions);
  const detail = reason.detail;
  return ranges.flatMap(({ start, end }) =>
    Array.from({ length: end - start }, (_, index) => ({
      number: start + index,
      code: reason.code,
      detail,
      ...(dataset === undefined ? {} : { dataset: dataset.id }),
    })),
  );
}
