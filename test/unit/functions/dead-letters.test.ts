import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/dead-letters/create-handler.ts';
import { processOfQueue } from '../../../functions/dead-letters/process-of-queue.ts';
import { capturedEvents } from '../api/captured-events.ts';
import { engineAt, invocation, jobSummary } from './engine-at.ts';

interface Expected {
  answer: SQSBatchResponse;
  /** Every archived message by its URL. */
  archived: Record<string, unknown>;
  /** Every row of the index. */
  index: unknown[];
  job: unknown;
}

const processOf = processOfQueue({
  DEAD_LETTER_QUEUE_URLS: JSON.stringify({
    numbers: 'https://sqs.us-east-1.amazonaws.com/123456789012/longhaul-numbers-dead',
  }),
});

async function createWorld() {
  const { engine, objects } = await engineAt('running');
  const look = async (): Promise<Omit<Expected, 'answer'>> => ({
    archived: Object.fromEntries(
      [...objects.objects]
        .filter(([url]) => url.startsWith('s3://data/dead-letters/'))
        .map(([url, { bytes }]) => [url, JSON.parse(new TextDecoder().decode(bytes)) as unknown]),
    ),
    index: engine.store
      .items()
      .filter(({ key }) => key.sk.startsWith('DEADLETTER#'))
      .map(({ key, item }) => ({ ...key, ...item })),
    job: await jobSummary(engine.platform),
  });
  return { handler: createHandler(engine.platform, processOf), look, engine };
}

describe('events of a dead-letter queue', () => {
  it.each(capturedEvents<SQSEvent, Expected>('dead-letters'))('$name', async ({ event, expected }) => {
    const { handler, look } = await createWorld();
    const answer = await handler(event, invocation());
    expect({ answer, ...(await look()) }).toEqual(expected);
  });

  it.each(capturedEvents<SQSEvent, Expected>('dead-letters'))(
    '$name, delivered twice, changes nothing',
    async (row) => {
      const { handler, look } = await createWorld();
      await handler(row.event, invocation());
      const before = await look();
      expect(await handler(row.event, invocation())).toEqual(row.expected.answer);
      expect(await look()).toEqual(before);
    },
  );
});
