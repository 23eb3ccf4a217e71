import { describe, expect, it } from 'vitest';
import type { OutgoingMessage, Queue } from '../../../shared/jobs/ports/queue.ts';
import {
  chunkMessages,
  finishMessage,
  planMessage,
  sendBatch,
  sendMessages,
} from '../../../shared/jobs/send-messages.ts';

const KEY = { tenant: 'acme', jobId: '01J00000000000000000000001' };
const COMMON = { schema: 1, ...KEY };

/** A queue that refuses, of its n-th request, the indices of the n-th list. */
function queueThatRefuses(...refusals: number[][]) {
  const sent: { queueId: string; messages: readonly OutgoingMessage[] }[] = [];
  const queue: Queue = {
    send: async (queueId, messages) => {
      sent.push({ queueId, messages });
      return refusals.shift() ?? [];
    },
    sendToDeadLetters: () => Promise.reject(new Error('nothing is given up')),
    depth: async () => 0,
  };
  return { queue, sent };
}

const bodies = (messages: readonly OutgoingMessage[] = []) => messages.map(({ body }) => body);
const batch = ['a', 'b', 'c'].map((body) => ({ body, delaySeconds: 0, group: 'acme' }));

describe('sendMessages', () => {
  it('sends ten to a request, in order, with their delay and in the group of their tenant', async () => {
    const { queue, sent } = queueThatRefuses();
    const messages = Array.from({ length: 21 }, (_, index) => planMessage(KEY, index + 1));
    await sendMessages(queue, 'numbers', messages, 7);
    expect(sent.map(({ messages: some }) => some.length)).toEqual([10, 10, 1]);
    expect(sent.flatMap(({ messages: some }) => bodies(some).map((body) => JSON.parse(body) as unknown))).toEqual(
      messages,
    );
    expect(sent.every(({ queueId }) => queueId === 'numbers')).toBe(true);
    expect(sent[2]?.messages).toEqual([{ body: JSON.stringify(messages[20]), delaySeconds: 7, group: 'acme' }]);
  });

  it('delays nothing unless told to, and sends nothing when there is nothing', async () => {
    const { queue, sent } = queueThatRefuses();
    await sendMessages(queue, 'numbers', []);
    await sendMessages(queue, 'numbers', [finishMessage(KEY)]);
    expect(sent.map(({ messages }) => messages.map(({ delaySeconds }) => delaySeconds))).toEqual([[0]]);
  });
});

describe('sendBatch', () => {
  it('sends again what was refused, and that alone', async () => {
    const { queue, sent } = queueThatRefuses([0, 2], [1]);
    await sendBatch(queue, 'numbers', batch);
    expect(sent.map(({ messages }) => bodies(messages))).toEqual([['a', 'b', 'c'], ['a', 'c'], ['c']]);
  });

  it('gives up after three requests, and says how many were left', async () => {
    const { queue, sent } = queueThatRefuses([0, 2], [0, 1], [0, 1], []);
    await expect(sendBatch(queue, 'numbers', batch)).rejects.toMatchObject({
      code: 'queue-unavailable',
      retryable: true,
      detail: 'The queue refused 2 of 3 messages 3 times.',
    });
    expect(sent).toHaveLength(3);
  });
});

describe('messages', () => {
  it('are one for each chunk of a shard, or for those that are wanted', () => {
    const datasets = [{ id: 'a', units: 5, chunkUnits: 2 }];
    const chunk = { ...COMMON, kind: 'chunk', shard: 0, attempt: 1 };
    expect(chunkMessages(KEY, datasets, 0)).toEqual([0, 1, 2].map((number) => ({ ...chunk, chunk: number })));
    expect(chunkMessages(KEY, datasets, 0, (number) => number !== 1)).toEqual([
      { ...chunk, chunk: 0 },
      { ...chunk, chunk: 2 },
    ]);
  });

  it('begin with the first attempt', () => {
    expect(planMessage(KEY)).toEqual({ ...COMMON, kind: 'plan', attempt: 1 });
    expect(planMessage(KEY, 3)).toEqual({ ...COMMON, kind: 'plan', attempt: 3 });
    expect(finishMessage(KEY)).toEqual({ ...COMMON, kind: 'finish', attempt: 1 });
    expect(finishMessage(KEY, 2)).toEqual({ ...COMMON, kind: 'finish', attempt: 2 });
  });
});
