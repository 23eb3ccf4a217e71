import { LonghaulError } from '../../errors/longhaul-error.ts';
import { releaseJob } from '../active-jobs.ts';
import { isPublished, isTerminal, type Job, type JobState } from '../job.ts';
import { shardCount, WINDOW_SHARDS } from '../numbering.ts';
import { isSubscriberEvent, NOTIFICATION_QUEUE, notificationMessage } from '../notifications.ts';
import type { Platform } from '../platform.ts';
import { chunkMessages, finishMessage, planMessage, sendBatch, sendMessages } from '../send-messages.ts';
import { beginFinishing } from '../settle.ts';
import { planCleanUp } from './clean-up.ts';

/**
 * Follows one change of a job row with what it calls for. The row is the outbox: nothing is sent before the state that
 * justifies it is durable. A change may be seen twice; every message that is sent here may be.
 * @param before the row before the change; absent when it is new
 */
export async function handleJobChange(platform: Platform, before: Job | undefined, after: Job): Promise<void> {
  const entered = before?.state === after.state ? undefined : after.state;
  if (entered === 'accepted') await sendMessages(platform.queue, after.processId, [planMessage(after)]);
  if (after.state === 'running') await openShards(platform, before, after);
  if (entered === 'finishing') await sendMessages(platform.queue, after.processId, [finishMessage(after)]);
  if (entered !== undefined && isTerminal(entered) && after.inQuota === true) await releaseJob(platform, after);
  const mayHaveOutputs = before?.state === 'finishing' && isTerminal(after.state) && !isPublished(after.state);
  if (mayHaveOutputs) await planCleanUp(platform, after);
  if (entered !== undefined) await announce(platform, after, entered);
}

/** Sends the chunks of each shard that the window has moved over; moves a job on whose shards are all settled. */
async function openShards(platform: Platform, before: Job | undefined, after: Job): Promise<void> {
  const datasets = after.datasets ?? [];
  const shards = shardCount(datasets);
  const first = before?.nextShard ?? 0;
  const end = Math.min(after.nextShard, shards);
  if (end - first > WINDOW_SHARDS) throw windowJumped(after, end - first);
  for (let shard = first; shard < end; shard++) {
    await sendMessages(platform.queue, after.processId, chunkMessages(after, datasets, shard));
    platform.logger.info('job.shard.opened', { tenant: after.tenant, job: after.jobId, shard });
  }
  if (after.settledShards.size === shards) await beginFinishing(platform, after, 'stream');
}

async function announce(platform: Platform, job: Job, entered: JobState): Promise<void> {
  const fields = { tenant: job.tenant, job: job.jobId, process: job.processId, state: entered, version: job.version };
  platform.logger.info(isTerminal(entered) ? 'job.ended' : 'job.state.entered', fields);
  if (job.subscribed !== true || !isSubscriberEvent(entered)) return;
  const body = JSON.stringify(notificationMessage(job, entered));
  await sendBatch(platform.queue, NOTIFICATION_QUEUE, [{ body, delaySeconds: 0, group: job.tenant }]);
}

/** No write of ours opens more than a window: a row that says so is not followed, or its messages would have no end. */
function windowJumped({ jobId }: Job, shards: number): LonghaulError {
  return new LonghaulError({
    code: 'job-window-jumped',
    retryable: false,
    detail: `The row of job ${jobId} opens ${shards} shards in one change, and at most ${WINDOW_SHARDS} are opened.`,
    limit: WINDOW_SHARDS,
    actual: shards,
    remedy: 'Look who else writes to the table; cancel the job and submit it again.',
  });
}
