import { LonghaulError } from '../errors/longhaul-error.ts';
import type { ChunkMessage, JobMessage } from './messages.ts';
import { MESSAGE_SCHEMA } from './messages.ts';
import type { JobKey } from './job.ts';
import { locateShard } from './numbering.ts';
import type { DatasetNumbering } from './job.ts';
import { MAX_BATCH_MESSAGES, type OutgoingMessage, type Queue } from './ports/queue.ts';

/** How often what the service refused of a batch is sent again before the whole is given back as an error. */
const MAX_SENDS = 3;

/** Sends any number of messages to a process's queue, ten to a request. */
export async function sendMessages(
  queue: Queue,
  processId: string,
  messages: readonly JobMessage[],
  delaySeconds = 0,
): Promise<void> {
  for (let start = 0; start < messages.length; start += MAX_BATCH_MESSAGES) {
    const batch = messages.slice(start, start + MAX_BATCH_MESSAGES);
    await sendBatch(
      queue,
      processId,
      batch.map((message) => outgoing(message, delaySeconds)),
    );
  }
}

/** Sends at most ten messages; those that the service refuses are sent again. @throws LonghaulError `queue-unavailable` */
export async function sendBatch(queue: Queue, queueId: string, batch: readonly OutgoingMessage[]): Promise<void> {
  let left = batch;
  for (let send = 0; send < MAX_SENDS && left.length > 0; send++) {
    const refused = new Set(await queue.send(queueId, left));
    left = left.filter((_, index) => refused.has(index));
  }
  if (left.length > 0) {
    throw new LonghaulError({
      code: 'queue-unavailable',
      retryable: true,
      detail: `The queue refused ${left.length} of ${batch.length} messages ${MAX_SENDS} times.`,
    });
  }
}

/** Messages for all chunks of one shard, or for some of them. */
export function chunkMessages(
  key: JobKey,
  datasets: readonly DatasetNumbering[],
  shard: number,
  wanted: (chunk: number) => boolean = () => true,
): ChunkMessage[] {
  const { chunks } = locateShard(datasets, shard);
  return Array.from({ length: chunks }, (_, chunk) => chunk)
    .filter(wanted)
    .map((chunk) => ({ ...jobMessage(key), kind: 'chunk', shard, chunk, attempt: 1 }));
}

export function planMessage(key: JobKey, attempt = 1): JobMessage {
  return { ...jobMessage(key), kind: 'plan', attempt };
}

export function finishMessage(key: JobKey, attempt = 1): JobMessage {
  return { ...jobMessage(key), kind: 'finish', attempt };
}

function jobMessage({ tenant, jobId }: JobKey): { schema: typeof MESSAGE_SCHEMA; tenant: string; jobId: string } {
  return { schema: MESSAGE_SCHEMA, tenant, jobId };
}

function outgoing(message: JobMessage, delaySeconds: number): OutgoingMessage {
  return { body: JSON.stringify(message), delaySeconds, group: message.tenant };
}
