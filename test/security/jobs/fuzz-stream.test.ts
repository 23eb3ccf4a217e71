import type { DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createHandler } from '../../../functions/stream/create-handler.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';
import { invocation, recordingQueue } from '../../unit/functions/engine-at.ts';
import { fuzzBatches, printCorpora } from '../corpus/fuzz.ts';
import { hostileValues } from '../corpus/json.ts';

const ROW = {
  ...{ state: 'running', version: 3, processId: 'numbers', processVersion: '1.0.0', subject: 'ann', nextShard: 4 },
  ...{ createdAt: 1_795_348_800_000, updatedAt: 1_795_348_801_000, deadlineAt: 1_795_352_400_000 },
  ...{ startedAt: 1_795_348_801_000, dueAt: 1_795_348_920_000, activePartition: 'active#1', subscribed: true },
  ...{
    datasets: [
      { id: 'a', units: 8, chunkUnits: 2 },
      { id: 'b', units: 4, chunkUnits: 2 },
    ],
    'done:0': 12,
  },
  ...{ history: [{ state: 'accepted', at: 1_795_348_800_000, actor: 'user:ann', cause: 'submitted' }], tags: ['a'] },
};
/** Two rows and what a stream says of their change: shards that the window opened, states that were entered. */
const CHANGES = [
  { before: { ...ROW, state: 'planning', nextShard: 0 }, after: ROW },
  { before: { ...ROW, nextShard: 3 }, after: { ...ROW, version: 4 } },
  { before: ROW, after: { ...ROW, state: 'finishing', version: 5 } },
  { after: { ...ROW, state: 'accepted', version: 1, nextShard: 0 } },
  { before: ROW, after: { ...ROW, state: 'failed', failure: { code: 'a', detail: 'b' } } },
];

/** Records in one event. */
const BATCH = 10;

/** Messages that one change can give rise to: four shards of 256 chunks, and one callback. */
const MOST_MESSAGES = 4 * 256 + 1;

describe('a record of the table stream', () => {
  printCorpora('stream records');
  const { engine, objects } = createTestEngine();

  fuzzBatches(
    'with a row that nobody writes is followed within bounds, or put aside whole, and holds up nobody',
    hostileValues(CHANGES),
    BATCH,
    async (changes) => {
      const queue = recordingQueue();
      const answer = await createHandler({ ...engine.platform, queue })(streamEvent(changes), invocation());
      expect(answer).toEqual({ batchItemFailures: [] });
      expect(queue.sent.length).toBeLessThanOrEqual(BATCH * MOST_MESSAGES);
      for (const { group } of queue.sent) expect(group).toBe('acme');
      expect(engine.store.items()).toEqual([]);
      for (const url of objects.objects.keys()) {
        expect(url).toMatch(/^s3:\/\/data\/dead-letters\/_unknown\/stream\/\d\.json$/);
        objects.remove(new URL(url));
      }
    },
  );
});

describe('a row that opens a million shards at once', () => {
  it.each([undefined, 0, 4, 10])('is put aside when it had opened %s, and nothing is sent', async (nextShard) => {
    const { engine, objects } = createTestEngine();
    const queue = recordingQueue();
    const datasets = [{ id: 'a', units: 1e9, chunkUnits: 1 }];
    const before = nextShard === undefined ? undefined : { ...ROW, datasets, nextShard };
    const change = { before, after: { ...ROW, datasets, nextShard: 1_000_000 } };
    await createHandler({ ...engine.platform, queue })(streamEvent([change]), invocation());
    expect(queue.sent).toEqual([]);
    const [archived] = [...objects.objects.values()].map(({ bytes }) => new TextDecoder().decode(bytes));
    expect(JSON.parse(archived!)).toMatchObject({ reason: { code: 'job-window-jumped' } });
  });
});

/** An image, when a value can be one: the rest a table cannot hold. */
function imageOf(value: unknown): Record<string, never> | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  try {
    return marshall(value, { removeUndefinedValues: true }) as Record<string, never>;
  } catch {
    return undefined;
  }
}

function streamEvent(changes: readonly unknown[]): DynamoDBStreamEvent {
  const Records = changes.map((change, index) => {
    const { before, after } = (change ?? {}) as { before?: unknown; after?: unknown };
    const [OldImage, NewImage] = [imageOf(before), imageOf(after)];
    const Keys = { pk: { S: 'TENANT#acme' }, sk: { S: 'JOB#01J00000000000000000000001' } };
    const dynamodb = {
      SequenceNumber: String(index),
      Keys,
      ...(OldImage && { OldImage }),
      ...(NewImage && { NewImage }),
    };
    return { eventID: String(index), eventName: 'MODIFY' as const, dynamodb };
  });
  return { Records };
}
