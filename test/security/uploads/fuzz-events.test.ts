import fc from 'fast-check';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/uploads/create-handler.ts';
import { s3Url } from '../../../shared/aws/s3-location.ts';
import { createUploadBench, text } from '../../helpers/upload-bench.ts';
import { invocation } from '../../unit/functions/engine-at.ts';
import { fuzzBatches, printCorpora } from '../corpus/fuzz.ts';
import { hostileJson } from '../corpus/json.ts';
import { hostileText } from '../corpus/texts.ts';

const BATCH = 10;

const record = (key: string, more: object = {}) => ({
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'data' }, object: { key, versionId: 'no-such-version', size: 5, ...more } },
});

/** Right in form, and about nothing that is there, or nothing of ours. */
const EVENTS = [
  { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'data' },
  { Records: [record('uploads/acme/01J00000000000000000000001/scene.tif')] },
  { Records: [record('incoming/acme/reader/a+b%2Fc.tif'), record('elsewhere/x')] },
  { Records: [record('uploads/other/01J00000000000000000000001/scene.tif', { sequencer: '00' })] },
];

const bodies = fc.oneof({ weight: 4, arbitrary: hostileJson(EVENTS) }, hostileText).map((body) => body || '-');
/** Keys have at most 1,024 bytes. */
const keys = hostileText.map((name) => `incoming/acme/reader/${name.slice(0, 200)}`);

describe('an event of the bucket', () => {
  printCorpora('bucket events');
  const { platform, engine } = createUploadBench();
  const handler = createHandler(platform);

  fuzzBatches('that is not ours is passed over or given back, and changes nothing', bodies, BATCH, async (batch) => {
    const { batchItemFailures } = await handler(queueEvent(batch), invocation());
    expect(batchItemFailures.length).toBeLessThanOrEqual(BATCH);
    expect(engine.store.items()).toEqual([]);
  });

  fuzzBatches('for any key is handled without a failure', keys, BATCH, async (batch) => {
    const events = batch.map((key) => JSON.stringify({ Records: [record(encoded(key))] }));
    expect(await handler(queueEvent(events), invocation())).toEqual({ batchItemFailures: [] });
    expect(engine.store.items()).toEqual([]);
  });
});

describe('keys of the bucket', () => {
  it.each([
    ['uploads/acme/../globex/01J00000000000000000000001/a.tif'],
    ['uploads/acme/%2e%2e/01J00000000000000000000001'],
    ['incoming//acme/reader/a.tif'],
    ['incoming/acme/reader/./a.tif'],
    ['incoming/acme#globex/reader/a.tif'],
    ['incoming/acme?x/reader/a.tif'],
    ['INCOMING/acme/reader/a.tif'],
    ['incoming/acme /reader/a.tif'],
    ['incoming/../outputs/acme/job/a.tif'],
  ])('such as %j name no tenant', async (key) => {
    const { platform, bucket, engine } = createUploadBench();
    const versionId = bucket.put(s3Url('data', key.replaceAll('..', 'up').replaceAll('./', '')), text('hello'));
    const body = JSON.stringify({ Records: [record(encoded(key), { versionId })] });
    expect(await createHandler(platform)(queueEvent([body]), invocation())).toEqual({ batchItemFailures: [] });
    expect(engine.store.items().filter(({ key: { sk } }) => sk.startsWith('UPLOAD#'))).toEqual([]);
  });

  it('are bounded, and so is an event', async () => {
    const { platform } = createUploadBench();
    const long = JSON.stringify({ Records: [record('a'.repeat(4_000))] });
    const many = JSON.stringify({ Records: Array(101).fill(record('a')) });
    const huge = 'x'.repeat(300_000);
    const { batchItemFailures } = await createHandler(platform)(queueEvent([long, many, huge]), invocation());
    expect(batchItemFailures).toHaveLength(3);
  });
});

/** As S3 encodes keys in events. */
const encoded = (key: string): string => encodeURIComponent(key.toWellFormed()).replaceAll('%20', '+');

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
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:longhaul-uploads',
    awsRegion: 'us-east-1',
  }));
  return { Records };
}
