import fc from 'fast-check';
import type { SQSEvent } from 'aws-lambda';
import { beforeAll, describe, expect, vi } from 'vitest';
import { createHandler as createDeadLetterHandler } from '../../../functions/dead-letters/create-handler.ts';
import { createHandler as createNotificationHandler } from '../../../functions/notifications/create-handler.ts';
import { createHandler as createWorker } from '../../../functions/worker/create-handler.ts';
import { FOREIGN_CHARACTERS } from '../../../shared/adapters/check-messages.ts';
import type { Platform } from '../../../shared/jobs/platform.ts';
import { engineAt, invocation } from '../../unit/functions/engine-at.ts';
import type { TestEngine } from '../../helpers/test-engine.ts';
import { fuzzBatches, printCorpora } from '../corpus/fuzz.ts';
import { hostileJson } from '../corpus/json.ts';
import { hostileText } from '../corpus/texts.ts';

const NAMES = { schema: 1, tenant: 'acme', jobId: '01J00000000000000000000001' };
/** Of another tenant, of nobody's job, of a chunk that is not there: right in form, and to be believed in nothing. */
const MESSAGES = [
  { ...NAMES, attempt: 1, kind: 'plan', tenant: 'other' },
  { ...NAMES, attempt: 1, kind: 'chunk', shard: 99_999, chunk: 255 },
  { ...NAMES, attempt: 20, kind: 'chunk', shard: 0, chunk: 2 },
  { ...NAMES, attempt: 1, kind: 'finish', jobId: '7ZZZZZZZZZZZZZZZZZZZZZZZZZ' },
  { ...NAMES, attempt: 1, event: 'succeeded', tenant: 'other' },
];

/** Messages in one event. */
const BATCH = 10;

/** Less than a queue takes, whatever the characters. */
const MAX_CHARACTERS = 20_000;

/** Bodies as a queue hands them over: never empty, of the characters that SQS takes. */
const bodies = fc
  .oneof({ weight: 4, arbitrary: hostileJson(MESSAGES) }, hostileText)
  .map((text) => text.slice(0, MAX_CHARACTERS).replace(FOREIGN_CHARACTERS, '') || '-');

describe('a message', () => {
  printCorpora('messages');
  let test: TestEngine;
  let platform: Platform;
  let stored = '';
  const items = () => JSON.stringify(test.engine.store.items().filter(({ key }) => !key.sk.startsWith('DEADLETTER#')));
  beforeAll(async () => {
    test = await engineAt('accepted');
    platform = test.engine.platform;
    stored = items();
  });

  fuzzBatches('that is not ours goes to the dead letters of its queue, as it came', bodies, BATCH, async (batch) => {
    const { queue, store } = test.engine;
    const before = store.capacity.lines.length;
    expect(await createWorker(platform)(queueEvent(batch), invocation())).toEqual({ batchItemFailures: [] });
    const letters = queue.receiveDeadLetters('numbers', BATCH);
    expect(letters.map((letter) => letter.body).sort()).toEqual([...batch].sort());
    for (const { attributes, receipt } of letters) {
      expect(['message-invalid', 'job-unknown']).toContain(attributes['reasonCode']);
      queue.delete(receipt);
    }
    expect(await queue.depth('numbers')).toBe(0);
    expect(store.capacity.lines.length - before).toBeLessThanOrEqual(BATCH);
  });

  fuzzBatches('that is dead is archived whole, and changes no job', bodies, BATCH, async (batch) => {
    const handler = createDeadLetterHandler(platform, () => 'numbers');
    expect(await handler(queueEvent(batch), invocation())).toEqual({ batchItemFailures: [] });
    for (const [index, body] of batch.entries()) {
      const urls = ['acme', '_unknown'].map(
        (tenant) => new URL(`s3://data/dead-letters/${tenant}/numbers/message-${index}.json`),
      );
      const objects = urls.flatMap((url) => test.objects.objects.get(url.href) ?? []);
      expect(objects).toHaveLength(1);
      expect(JSON.parse(new TextDecoder().decode(objects[0]!.bytes))).toMatchObject({ body });
      for (const url of urls) test.objects.remove(url);
    }
    expect(items()).toBe(stored);
  });

  fuzzBatches('of a callback that is not ours calls nobody', bodies, BATCH, async (batch) => {
    const fetch = vi.fn(() => Promise.reject(new Error('nobody may be called')));
    const outbound = { fetch, close: () => Promise.resolve() };
    const handler = createNotificationHandler({ platform, outbound, presign: async (url) => url.href, root: '' });
    await handler(queueEvent(batch), invocation());
    expect(fetch).not.toHaveBeenCalled();
  });
});

function queueEvent(bodies: readonly string[]): SQSEvent {
  const Records = bodies.map((body, index) => ({
    messageId: `message-${index}`,
    receiptHandle: `receipt-${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1795348800000',
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1795348800000',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:longhaul-numbers',
    awsRegion: 'us-east-1',
  }));
  return { Records };
}
