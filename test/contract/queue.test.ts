import type { Message } from '@aws-sdk/client-sqs';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { REASON_CODE, REASON_DETAIL } from '../../shared/adapters/dead-letter-attributes.ts';
import { SqsQueue } from '../../shared/aws/sqs-queue.ts';
import type { OutgoingMessage, Queue } from '../../shared/jobs/ports/queue.ts';
import { MAX_DELAY_SECONDS } from '../../shared/jobs/ports/queue.ts';
import type { ReceivedMessage } from '../../shared/local/memory-lane.ts';
import { MemoryQueue } from '../../shared/local/memory-queue.ts';
import { createQueue, endpoint, onEmulator, sqs } from './emulator.ts';

const PROCESS = 'echo';
const MAX_RECEIVE_COUNT = 2;

/** What a consumer sees of a message, whatever the queue. */
interface Delivery {
  body: string;
  receiveCount: number;
  attributes: Record<string, string>;
  receipt: string;
}

/** A queue with its consumer. */
interface Bench {
  queue: Queue;
  receive: () => Promise<Delivery[]>;
  receiveDeadLetters: () => Promise<Delivery[]>;
  delete: (receipt: string) => Promise<void>;
}

function memoryBench(visibilityMs: number): Bench {
  const clock = { now: () => 0, sleep: async () => {} };
  const queue = new MemoryQueue({ clock, processIds: [PROCESS], visibilityMs, maxReceiveCount: MAX_RECEIVE_COUNT });
  const deliveries = (messages: ReceivedMessage[]): Delivery[] =>
    messages.map(({ body, receiveCount, attributes, receipt }) => ({ body, receiveCount, attributes, receipt }));
  return {
    queue,
    receive: async () => deliveries(queue.receive(PROCESS, 10)),
    receiveDeadLetters: async () => deliveries(queue.receiveDeadLetters(PROCESS, 10)),
    delete: async (receipt) => queue.delete(receipt),
  };
}

async function sqsBench(visibilityMs: number): Promise<Bench> {
  const deadLetters = await createQueue();
  const url = await createQueue({
    VisibilityTimeout: String(visibilityMs / 1000),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: arnOf(deadLetters),
      maxReceiveCount: MAX_RECEIVE_COUNT,
    }),
  });
  const receiveFrom = async (QueueUrl: string): Promise<Delivery[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages.map(toDelivery);
  };
  return {
    queue: new SqsQueue({
      client: sqs,
      queueUrls: { [PROCESS]: url },
      deadLetterQueueUrls: { [PROCESS]: deadLetters },
    }),
    receive: () => receiveFrom(url),
    receiveDeadLetters: () => receiveFrom(deadLetters),
    delete: async (ReceiptHandle) => {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    },
  };
}

function arnOf(queueUrl: string): string {
  const [account, name] = new URL(queueUrl).pathname.split('/').slice(-2);
  return `arn:aws:sqs:us-east-1:${account}:${name}`;
}

function toDelivery(message: Message): Delivery {
  return {
    body: message.Body ?? '',
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount),
    attributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue ?? '']),
    ),
    receipt: message.ReceiptHandle ?? '',
  };
}

const message = (body: string, delaySeconds = 0): OutgoingMessage => ({ body, delaySeconds, group: 'alpha' });

function contract(bench: (visibilityMs: number) => Bench | Promise<Bench>): void {
  it('delivers each message of a batch, and none that is deleted', async () => {
    const { queue, receive, delete: remove } = await bench(0);
    expect(await queue.send(PROCESS, [message('a'), message('ü 🗺'), message('{"n":1}')])).toEqual([]);
    const received = await receive();
    expect(received.map(({ body }) => body).sort()).toEqual(['a', '{"n":1}', 'ü 🗺']);
    expect(received.map(({ receiveCount }) => receiveCount)).toEqual([1, 1, 1]);
    for (const { receipt } of received) await remove(receipt);
    expect(await receive()).toEqual([]);
    expect(await queue.depth(PROCESS)).toBe(0);
  });

  it('counts visible, delayed and hidden messages', async () => {
    const { queue, receive } = await bench(60_000);
    await queue.send(PROCESS, [message('hidden')]);
    expect(await receive()).toHaveLength(1);
    await queue.send(PROCESS, [message('visible'), message('delayed', MAX_DELAY_SECONDS)]);
    expect(await queue.depth(PROCESS)).toBe(3);
    expect((await receive()).map(({ body }) => body)).toEqual(['visible']);
  });

  it('moves a message to the dead letters that was received too often', async () => {
    const { queue, receive, receiveDeadLetters } = await bench(0);
    await queue.send(PROCESS, [message('poison')]);
    const counts: number[] = [];
    for (let attempt = 0; attempt < MAX_RECEIVE_COUNT; attempt += 1) {
      counts.push(...(await receive()).map(({ receiveCount }) => receiveCount));
    }
    expect(counts).toEqual([1, 2]);
    expect(await receive()).toEqual([]);
    expect((await receiveDeadLetters()).map(({ body, attributes }) => ({ body, attributes }))).toEqual([
      { body: 'poison', attributes: {} },
    ]);
  });

  it('keeps a dead letter with its reason', async () => {
    const { queue, receiveDeadLetters } = await bench(0);
    await queue.sendToDeadLetters(PROCESS, 'not JSON', {
      code: 'message-invalid',
      detail: `bad \u0000 ${'x'.repeat(5000)}`,
    });
    const [letter] = await receiveDeadLetters();
    expect(letter?.body).toBe('not JSON');
    expect(letter?.attributes[REASON_CODE]).toBe('message-invalid');
    expect(letter?.attributes[REASON_DETAIL]).toBe(`bad \uFFFD ${'x'.repeat(1018)}`);
  });

  it('keeps a dead letter as large as a message may be', async () => {
    const { queue, receiveDeadLetters } = await bench(0);
    await queue.sendToDeadLetters(PROCESS, 'x'.repeat(1024 * 1024), { code: 'message-invalid', detail: 'large' });
    expect((await receiveDeadLetters()).map(({ body, attributes }) => [body.length, attributes])).toEqual([
      [1024 * 1024, {}],
    ]);
  });

  it.each([
    ['no messages', []],
    ['eleven messages', Array.from({ length: 11 }, () => message('a'))],
    ['an empty body', [message('')]],
    ['a character that XML has not', [message('\u0000')]],
    ['half a character', [message('\uD800')]],
    ['a delay of 901 s', [message('a', 901)]],
    ['a delay of half a second', [message('a', 0.5)]],
    ['a group with a space', [{ ...message('a'), group: 'a b' }]],
    ['more than 1 MiB at once', [message('x'.repeat(1024 * 1024)), message('x')]],
  ])('refuses %s', async (_what, messages) => {
    const { queue } = await bench(0);
    await expect(queue.send(PROCESS, messages)).rejects.toMatchObject({
      code: 'queue-message-invalid',
      retryable: false,
    });
  });

  it('refuses a process that has no queue', async () => {
    const { queue } = await bench(0);
    for (const processId of ['other', 'constructor']) {
      await expect(queue.send(processId, [message('a')])).rejects.toMatchObject({ code: 'queue-unknown' });
      await expect(queue.depth(processId)).rejects.toMatchObject({ code: 'queue-unknown' });
    }
  });
}

describe('MemoryQueue', () => contract(memoryBench));
describe.runIf(endpoint)(onEmulator('SqsQueue'), () => contract(sqsBench));
