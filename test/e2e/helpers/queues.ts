import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { TestStack } from './stack.ts';

const messagesSchema = z.object({
  messages: z.record(
    z.string(),
    z.record(
      z.string(),
      z.record(z.string(), z.array(z.object({ Body: z.string(), MessageGroupId: z.string().nullish() }))),
    ),
  ),
});

/** Throws away every message of a process's queue, those in flight too. */
export async function purgeQueue({ clients, description }: TestStack, processId: string): Promise<void> {
  await clients.sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl(description.queues, processId) }));
}

/** Sends a body to a process's queue, as it is. */
export async function sendMessage({ clients, description }: TestStack, processId: string, body: string): Promise<void> {
  const message = { QueueUrl: queueUrl(description.queues, processId), MessageBody: body };
  await clients.sqs.send(new SendMessageCommand({ ...message, MessageGroupId: description.tenant }));
}

/**
 * Sends every message that is on a process's queue now, in flight or not, once more.
 * @returns how many were sent
 */
export async function sendDuplicates(stack: TestStack, processId: string): Promise<number> {
  const bodies = await messageBodies(stack, queueUrl(stack.description.queues, processId));
  await Promise.all(bodies.map((body) => sendMessage(stack, processId, body)));
  return bodies.length;
}

/** Bodies of the messages on a queue, without receiving them: only the emulator can show them. */
export async function messageBodies({ description }: TestStack, url: string): Promise<string[]> {
  const address = new URL('/_ministack/sqs/messages', description.endpoint);
  address.searchParams.set('QueueUrl', url);
  const answer = messagesSchema.parse(await (await fetch(address)).json());
  const queues = Object.values(answer.messages).flatMap((regions) => Object.values(regions));
  return queues.flatMap((queue) => queue[url] ?? []).map((message) => message.Body);
}

function queueUrl(queues: Record<string, string>, processId: string): string {
  const url = queues[processId];
  if (url === undefined) throw new RangeError(`no queue of ${processId}: there are ${Object.keys(queues).join(', ')}`);
  return url;
}
