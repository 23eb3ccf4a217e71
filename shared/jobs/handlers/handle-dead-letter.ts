import { absent } from '../conditions.ts';
import { deadLetterItemKey } from '../items/keys.ts';
import { isTerminal, type ErrorRecord, type Job } from '../job.ts';
import { loadJob } from '../load-job.ts';
import { parseMessage, type JobMessage } from '../messages.ts';
import { hasChunk } from '../numbering.ts';
import type { Platform } from '../platform.ts';
import type { DeadLetterReason } from '../ports/queue.ts';
import { timeToLive } from '../retention.ts';
import { giveUp } from './give-up.ts';

/** A message as it came out of a dead-letter queue: the whole envelope. */
export interface DeadLetter {
  /** Id of this message in its dead-letter queue: names the archive, and nothing else. */
  messageId: string;
  processId: string;
  body: string;
  /** All attributes, as the queue gave them: receive count, times, sender, group. */
  attributes: Record<string, string>;
  /** What the worker said when it gave the message up; absent when the queue moved it by itself. */
  reason?: DeadLetterReason;
}

/** Under this tenant lie the messages that name none that can be believed. */
export const UNKNOWN_TENANT = '_unknown';

/** What the queue moved by itself had a worker that never came back. */
const WORKER_LOST: DeadLetterReason = {
  code: 'worker-lost',
  detail:
    'The worker ended without an answer each time that it was given this work: out of memory, out of time, or killed.',
};

/**
 * Archives a dead letter whole, enters it in the index, and ends what it was for, so that its job still ends and says
 * why. Each step may be repeated.
 */
export async function handleDeadLetter(platform: Platform, letter: DeadLetter): Promise<void> {
  const message = parseOrNothing(letter.body);
  const job = message === undefined ? undefined : await loadJob(platform.store, message, { consistent: true });
  const tenant = job?.tenant ?? UNKNOWN_TENANT;
  const reason = letter.reason ?? WORKER_LOST;
  await archive(platform, tenant, letter, reason, job);
  if (message === undefined || job === undefined || isTerminal(job.state)) return;
  if (job.processId !== letter.processId) return;
  if (message.kind === 'chunk' && !hasChunk(job.datasets ?? [], message.shard, message.chunk)) return;
  await giveUp(platform, job, message, reasonOf(reason));
}

async function archive(
  platform: Platform,
  tenant: string,
  letter: DeadLetter,
  reason: DeadLetterReason,
  job: Job | undefined,
): Promise<void> {
  const now = platform.clock.now();
  const url = new URL(
    `${tenant}/${letter.processId}/${encodeURIComponent(letter.messageId)}.json`,
    platform.locations.deadLetters,
  );
  const envelope = { ...letter, reason, archivedAt: now };
  await platform.objects.putIfAbsent(url, new TextEncoder().encode(JSON.stringify(envelope)), 'application/json');
  const firstTime = absent('url');
  await platform.store.write({
    kind: 'put',
    key: deadLetterItemKey(tenant, letter.messageId),
    item: {
      url: url.href,
      processId: letter.processId,
      reason: reason.code,
      archivedAt: now,
      ttl: timeToLive(now, platform.retentionDays),
      ...(job === undefined ? {} : { jobId: job.jobId }),
    },
    condition: firstTime,
  });
  platform.logger.error('message.dead', { tenant, process: letter.processId, job: job?.jobId, reason: reason.code });
}

function reasonOf(reason: DeadLetterReason): ErrorRecord {
  return {
    code: reason.code,
    detail: reason.detail,
    remedy: 'Read the archived message and the logs of its job, mend the cause, and retry the job.',
  };
}

function parseOrNothing(body: string): JobMessage | undefined {
  try {
    return parseMessage(body);
  } catch {
    // A message that cannot be read is archived all the same; it belongs to no job.
    return undefined;
  }
}
