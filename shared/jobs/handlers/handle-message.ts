import { LonghaulError } from '../../errors/longhaul-error.ts';
import { retryDelaySeconds } from '../backoff.ts';
import { describeError, isPlatformError, isRetryable } from '../describe-error.ts';
import { isTerminal } from '../job.ts';
import { loadJob } from '../load-job.ts';
import { parseMessage, type JobMessage } from '../messages.ts';
import { hasChunk } from '../numbering.ts';
import type { Platform } from '../platform.ts';
import type { ProcessDefinition } from '../process.ts';
import { sendMessages } from '../send-messages.ts';
import { JobIsOver } from '../watch-cancellation.ts';
import { giveUp } from './give-up.ts';
import { runChunk } from './run-chunk.ts';
import { runFinish } from './run-finish.ts';
import { runPlan } from './run-plan.ts';
import type { Delivery, Task } from './task.ts';

/**
 * Handles one message of a process's queue. When it returns, the message is done and may be deleted: its work is
 * settled, or a later attempt was sent, or it was given to the dead-letter queue, or its job is over.
 * @throws only when the store or the queue cannot be reached: the delivery dies, and the queue delivers again
 */
export async function handleMessage(platform: Platform, process: ProcessDefinition, delivery: Delivery): Promise<void> {
  let message: JobMessage;
  try {
    message = parseMessage(delivery.body);
  } catch (error) {
    await platform.queue.sendToDeadLetters(process.id, delivery.body, describeError(error));
    return;
  }
  const job = await loadJob(platform.store, message, { consistent: true });
  if (job === undefined || job.processId !== process.id) {
    const detail = `Tenant ${message.tenant} has no job ${message.jobId} of this process.`;
    await platform.queue.sendToDeadLetters(process.id, delivery.body, { code: 'job-unknown', detail });
    return;
  }
  if (message.kind === 'chunk' && !hasChunk(job.datasets ?? [], message.shard, message.chunk)) {
    const detail = `The job has no chunk ${message.chunk} in shard ${message.shard}.`;
    await platform.queue.sendToDeadLetters(process.id, delivery.body, { code: 'message-invalid', detail });
    return;
  }
  const fields = { tenant: job.tenant, job: job.jobId, kind: message.kind, attempt: message.attempt };
  if (isTerminal(job.state)) {
    platform.logger.info('job.message.dropped', { ...fields, state: job.state });
    return;
  }
  try {
    await run({ platform, process, job, delivery }, message);
  } catch (error) {
    if (error instanceof JobIsOver) {
      platform.logger.info('job.work.stopped', fields);
      return;
    }
    platform.logger.warn('job.attempt.failed', { ...fields, error: describeError(error) });
    await decideWhatIsNext({ platform, process, job, delivery }, message, error);
  }
}

async function run(task: Task, message: JobMessage): Promise<void> {
  switch (message.kind) {
    case 'plan':
      return runPlan(task, message.attempt);
    case 'chunk':
      return runChunk(task, message);
    case 'finish':
      return runFinish(task);
  }
}

/**
 * A later attempt when it may help and one is left; a dead letter when none is left; an end when it cannot help.
 * What failed in the table, a queue or the object store is tried again as the same attempt: the deadline bounds that.
 */
async function decideWhatIsNext(task: Task, message: JobMessage, error: unknown): Promise<void> {
  const { platform, process, delivery } = task;
  if (!isRetryable(error)) {
    await giveUp(platform, task.job, message, describeError(error));
    return;
  }
  if (isPlatformError(error)) {
    const delaySeconds = retryDelaySeconds(1, platform.random);
    await sendMessages(platform.queue, process.id, [message], delaySeconds);
    return;
  }
  if (message.attempt < process.limits.attempts) {
    const retryAfterMs = error instanceof LonghaulError ? error.retryAfterMs : undefined;
    const delaySeconds = retryDelaySeconds(message.attempt, platform.random, retryAfterMs);
    await sendMessages(platform.queue, process.id, [{ ...message, attempt: message.attempt + 1 }], delaySeconds);
    return;
  }
  const { code, detail } = describeError(error);
  await platform.queue.sendToDeadLetters(process.id, delivery.body, {
    code: 'attempts-exhausted',
    detail: `Attempt ${message.attempt} of ${process.limits.attempts} failed with ${code}: ${detail}`,
  });
}
