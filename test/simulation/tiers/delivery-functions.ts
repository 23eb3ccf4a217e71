import type { Context, DynamoDBRecord, SQSRecord } from 'aws-lambda';
import { createHandler as createDeadLetters } from '../../../functions/dead-letters/create-handler.ts';
import { createHandler as createNotifications } from '../../../functions/notifications/create-handler.ts';
import { createHandler as createStream } from '../../../functions/stream/create-handler.ts';
import { createHandler as createWorker } from '../../../functions/worker/create-handler.ts';
import { toAttributes, toKeyAttributes } from '../../../shared/aws/attribute-value.ts';
import { NOTIFICATION_QUEUE } from '../../../shared/jobs/notifications.ts';
import type { Platform } from '../../../shared/jobs/platform.ts';
import type { ChangeRecord } from '../../../shared/local/change-stream.ts';
import type { ReceivedMessage } from '../../../shared/local/memory-lane.ts';
import type { World } from '../core/world.ts';

const ARN_PREFIX = 'arn:aws:sqs:eu-central-1:123456789012:';
const CONTEXT = { getRemainingTimeInMillis: () => 60_000 } as Context;

/** What a subscriber answers to the call with this Idempotency-Key: an HTTP status. */
export type Subscriber = (key: string) => number;

/** The entry points of the functions, called as Lambda calls them. */
export class Functions {
  readonly #world: World;
  readonly #subscriber: Subscriber;

  constructor(world: World, subscriber: Subscriber = () => 204) {
    this.#world = world;
    this.#subscriber = subscriber;
  }

  /** @returns ids of the messages that are reported as failed; all others leave the queue */
  async work(processId: string, messages: readonly ReceivedMessage[]): Promise<string[]> {
    return this.#consume(messages, 'deleted', 'worker', async (platform) => {
      const processes = new Map([...platform.processes].filter(([id]) => id === processId));
      return createWorker({ ...platform, processes })({ Records: sqsRecords(processId, messages) }, CONTEXT);
    });
  }

  async bury(queueId: string, messages: readonly ReceivedMessage[]): Promise<string[]> {
    for (const { messageId, body } of messages) {
      this.#world.observation.deadLetters.set(messageId, { processId: queueId, body });
    }
    return this.#consume(messages, 'dead', 'dead-letters', async (platform) => {
      const processOf = (arn: string): string => arn.slice(ARN_PREFIX.length);
      return createDeadLetters(platform, processOf)({ Records: sqsRecords(queueId, messages) }, CONTEXT);
    });
  }

  async tell(messages: readonly ReceivedMessage[]): Promise<string[]> {
    const { posts } = this.#world.observation;
    return this.#consume(messages, 'deleted', 'notifications', async (platform) => {
      const handler = createNotifications({
        platform,
        outbound: {
          fetch: async (url, { headers }) => {
            const key = headers?.['idempotency-key'] ?? '';
            const status = this.#subscriber(key);
            if (status < 300) posts.set(key, (posts.get(key) ?? 0) + 1);
            return { status, headers: {}, body: new Uint8Array(), url: new URL(url) };
          },
          close: () => Promise.resolve(),
        },
        presign: (url) => Promise.resolve(url.href),
        root: 'https://api.example/',
      });
      return handler({ Records: sqsRecords(NOTIFICATION_QUEUE, messages) }, CONTEXT);
    });
  }

  /** @returns sequence numbers of the records that are reported as failed */
  async follow(records: readonly Pick<ChangeRecord, 'sequence' | 'key' | 'before' | 'after'>[]): Promise<string[]> {
    return this.followRecords(records.map(streamRecord));
  }

  async followRecords(records: DynamoDBRecord[]): Promise<string[]> {
    return this.#invoke('stream', (platform) => createStream(platform)({ Records: records }, CONTEXT));
  }

  async #consume(
    messages: readonly ReceivedMessage[],
    kind: 'deleted' | 'dead',
    role: string,
    handle: Handle,
  ): Promise<string[]> {
    const failed = await this.#invoke(role, handle);
    for (const { messageId, receipt } of messages) if (!failed.includes(messageId)) this.#world.remove(receipt, kind);
    return failed;
  }

  async #invoke(role: string, handle: Handle): Promise<string[]> {
    const outcome = await this.#world.invoke(role, undefined, handle);
    if (outcome.how !== 'done') throw new TypeError(`${role} ended ${outcome.how}, and a handler never throws`);
    return outcome.value.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }
}

type Handle = (platform: Platform) => Promise<Response>;

interface Response {
  batchItemFailures: { itemIdentifier: string }[];
}

/** A message that no queue of the world holds, as it is received for the first time. */
export function message(messageId: string, body: string, group = 'acme'): ReceivedMessage {
  return { messageId, body, group, attributes: {}, sentAt: 0, receipt: '', receiveCount: 1, firstReceivedAt: 0 };
}

/** A record as the event source mapping hands it over. */
export function streamRecord({
  sequence,
  key,
  before,
  after,
}: Pick<ChangeRecord, 'sequence' | 'key' | 'before' | 'after'>): DynamoDBRecord {
  const image = (item: NonNullable<typeof after>) =>
    toAttributes(key, item) as NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;
  return {
    eventID: String(sequence),
    eventName: before === undefined ? 'INSERT' : 'MODIFY',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      SequenceNumber: String(sequence),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      Keys: toKeyAttributes(key) as NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['Keys']>,
      ...(before === undefined ? {} : { OldImage: image(before) }),
      ...(after === undefined ? {} : { NewImage: image(after) }),
    },
  };
}

function sqsRecords(queueId: string, messages: readonly ReceivedMessage[]): SQSRecord[] {
  return messages.map(({ messageId, body, receipt, receiveCount, attributes, group, sentAt, firstReceivedAt }) => ({
    messageId,
    body,
    receiptHandle: receipt,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentAt),
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      SenderId: 'AROAEXAMPLE',
      MessageGroupId: group,
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' as const }]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `${ARN_PREFIX}${queueId}`,
    awsRegion: 'eu-central-1',
  }));
}
