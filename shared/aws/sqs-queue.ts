import type { MessageAttributeValue, QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { DeadLetterReason, OutgoingMessage, Queue } from '../jobs/ports/queue.ts';
import { checkBody, checkMessages } from '../adapters/check-messages.ts';
import { deadLetterAttributes } from '../adapters/dead-letter-attributes.ts';
import { messageInvalid, queueUnavailable, queueUnknown } from '../adapters/errors.ts';
import { isUnavailable } from './service-error.ts';

const DEPTH_ATTRIBUTES: QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
];

export interface SqsQueueOptions {
  client: SQSClient;
  /** Queue URL by process id. */
  queueUrls: Readonly<Record<string, string>>;
  /** Dead-letter queue URL by process id. */
  deadLetterQueueUrls: Readonly<Record<string, string>>;
}

/** SQS standard queues: one method is one call. */
export class SqsQueue implements Queue {
  readonly #options: SqsQueueOptions;

  constructor(options: SqsQueueOptions) {
    this.#options = options;
  }

  async send(processId: string, messages: readonly OutgoingMessage[]): Promise<number[]> {
    checkMessages(messages);
    const command = new SendMessageBatchCommand({
      QueueUrl: urlOf(this.#options.queueUrls, processId),
      Entries: messages.map(({ body, delaySeconds, group }, index) => ({
        Id: String(index),
        MessageBody: body,
        MessageGroupId: group,
        DelaySeconds: delaySeconds,
      })),
    });
    const { Failed = [] } = await call('a batch of messages', () => this.#options.client.send(command));
    const fault = Failed.find(({ SenderFault }) => SenderFault === true);
    // Sent again it would be refused again.
    if (fault !== undefined) throw messageInvalid(`The queue refused a message: ${fault.Message ?? fault.Code}.`);
    return Failed.map(({ Id }) => Number(Id)).sort((a, b) => a - b);
  }

  async sendToDeadLetters(processId: string, body: string, reason: DeadLetterReason): Promise<void> {
    checkBody(body);
    const command = new SendMessageCommand({
      QueueUrl: urlOf(this.#options.deadLetterQueueUrls, processId),
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(deadLetterAttributes(body, reason)).map(([name, text]) => [name, textAttribute(text)]),
      ),
    });
    await call('a dead letter', () => this.#options.client.send(command));
  }

  async depth(processId: string): Promise<number> {
    const command = new GetQueueAttributesCommand({
      QueueUrl: urlOf(this.#options.queueUrls, processId),
      AttributeNames: DEPTH_ATTRIBUTES,
    });
    const { Attributes = {} } = await call('its depth', () => this.#options.client.send(command));
    return DEPTH_ATTRIBUTES.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }
}

function urlOf(urls: Readonly<Record<string, string>>, processId: string): string {
  const url = Object.hasOwn(urls, processId) ? urls[processId] : undefined;
  if (url === undefined) throw queueUnknown(processId);
  return url;
}

function textAttribute(text: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: text };
}

async function call<Output>(operation: string, send: () => Promise<Output>): Promise<Output> {
  try {
    return await send();
  } catch (error) {
    throw isUnavailable(error) ? queueUnavailable(operation, error) : error;
  }
}
