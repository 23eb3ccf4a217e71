import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/stream/create-handler.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';
import { capturedEvents } from '../api/captured-events.ts';
import { invocation, recordingQueue, type SentMessage } from './engine-at.ts';

interface Expected {
  /** A job that nothing can be sent for. */
  unreachable?: string;
  answer: DynamoDBBatchResponse;
  sent: SentMessage[];
  putAside: { url: string; code: string; detail: string }[];
}

interface Archived {
  reason: { code: string; detail: string };
}

function createWorld(unreachable?: string) {
  const { engine, objects } = createTestEngine();
  const queue = recordingQueue(unreachable);
  const putAside = (): Expected['putAside'] =>
    [...objects.objects].map(([url, { bytes }]) => {
      const { reason } = JSON.parse(new TextDecoder().decode(bytes)) as Archived;
      return { url, code: reason.code, detail: reason.detail };
    });
  return { handler: createHandler({ ...engine.platform, queue }), queue, objects, putAside };
}

describe('events of the table stream', () => {
  it.each(capturedEvents<DynamoDBStreamEvent, Expected>('stream'))('$name', async ({ event, expected }) => {
    const { unreachable, ...wanted } = expected;
    const { handler, queue, putAside } = createWorld(unreachable);
    const answer = await handler(event, invocation());
    expect({ answer, sent: queue.sent, putAside: putAside() }).toEqual(wanted);
  });

  it('keeps all of an image that cannot be decoded', async () => {
    const { handler, objects } = createWorld();
    const captured = capturedEvents<DynamoDBStreamEvent, Expected>('stream');
    const event = captured.find(({ name }) => name === 'poison-number')?.event;
    await handler(event ?? { Records: [] }, invocation());
    const [archived] = [...objects.objects.values()].map(({ bytes }) => new TextDecoder().decode(bytes));
    expect(archived).toContain('9007199254740993');
    expect(archived).toContain('it holds a number beyond 2^53');
    expect(archived).toContain('JOB#01J00000000000000000000001');
  });

  it('reports a record without a key, and throws nothing', async () => {
    const { handler } = createWorld();
    const answer = await handler({ Records: [{ dynamodb: { SequenceNumber: '7' } }] }, invocation());
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
  });
});
