import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storeError } from '../../../shared/aws/dynamodb-errors.ts';
import { isUnavailable, statusOf } from '../../../shared/aws/service-error.ts';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { FaultProxy, type FaultKind } from '../helpers/fault-proxy.ts';

const OBJECT = { Bucket: 'data', Key: 'work/a' };
const KEY = { pk: { S: 'a' }, sk: { S: 'b' } };
const DRAWS = 40;

/** What the SDK makes of the proxy: one attempt each, against a service that only remembers what reached it. */
describe('the fault proxy', () => {
  const arrived: string[] = [];
  const upstream = createServer((request, response) => {
    void buffer(request).then((body) => {
      arrived.push(`${request.method} ${request.url} ${body.toString()}`);
      const bytes = request.url?.startsWith('/data') === true ? 'bytes' : '{}';
      response.writeHead(200, { 'content-length': bytes.length }).end(request.method === 'HEAD' ? '' : bytes);
    });
  });
  let draws: number[] = [];
  let proxy: FaultProxy;
  let dynamodb: DynamoDBClient;
  let sqs: SQSClient;
  let s3: S3Client;

  beforeAll(async () => {
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const { port } = upstream.address() as AddressInfo;
    proxy = await FaultProxy.start(new URL(`http://127.0.0.1:${port}`), () => draws.shift() ?? 0);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const settings = { endpoint: proxy.origin, region: 'us-east-1', credentials, maxAttempts: 1 };
    dynamodb = new DynamoDBClient(settings);
    sqs = new SQSClient({ ...settings, useQueueUrlAsEndpoint: false, md5: false });
    s3 = new S3Client({ ...settings, forcePathStyle: true });
  });

  beforeEach(() => {
    arrived.length = 0;
    proxy.fired.length = 0;
    draws = [];
    proxy.set();
  });

  afterAll(async () => {
    for (const client of [dynamodb, sqs, s3]) client.destroy();
    await proxy[Symbol.asyncDispose]();
    upstream.closeAllConnections();
    upstream.close();
  });

  const readItem = () => dynamodb.send(new GetItemCommand({ TableName: 'jobs', Key: KEY }));
  const update = () => dynamodb.send(new UpdateItemCommand({ TableName: 'jobs', Key: KEY }));
  const sendMessage = () => sqs.send(new SendMessageCommand({ QueueUrl: `${proxy.origin}/1/q`, MessageBody: 'a' }));
  const putObject = () => s3.send(new PutObjectCommand({ ...OBJECT, Body: 'bytes' }));
  const readObject = () => s3.send(new GetObjectCommand(OBJECT));
  const transact = () =>
    dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: [{ Delete: { TableName: 'jobs', Key: KEY } }, { Delete: { TableName: 'b', Key: KEY } }],
      }),
    );

  /** The error of a call; the first draw fires the fault, the others choose its form. */
  async function faultOf(kind: FaultKind, call: () => Promise<unknown>, form = 0): Promise<Error> {
    proxy.set({ [kind]: 1 });
    draws = [0, form];
    return call().then(
      () => expect.unreachable('the call went through'),
      (error: unknown) => error as Error,
    );
  }

  it('lets every call through, whole, while it has no rates', async () => {
    await readItem();
    await sendMessage();
    await putObject();
    expect(await (await readObject()).Body?.transformToString()).toBe('bytes');
    expect((await s3.send(new HeadObjectCommand(OBJECT))).ContentLength).toBe(5);
    expect(arrived).toHaveLength(5);
    expect(proxy.fired).toEqual([]);
  });

  it.each([
    ['the table’s capacity', readItem, 0, 'ProvisionedThroughputExceededException', 400],
    ['the account’s rate', update, 0.9, 'ThrottlingException', 400],
    ['the queue’s rate', sendMessage, 0, 'RequestThrottled', 400],
    ['the rate of queues', sendMessage, 0.9, 'ThrottlingException', 400],
    ['the rate of a prefix', readObject, 0, 'SlowDown', 503],
    ['the rate of writes to a prefix', putObject, 0, 'SlowDown', 503],
  ])('throttles by %s as the service does', async (_, call, form, name, status) => {
    const error = await faultOf('throttle', call, form);
    expect(error.name).toBe(name);
    expect(statusOf(error)).toBe(status);
    expect(isUnavailable(error)).toBe(true);
    expect(arrived).toEqual([]);
  });

  it('throttles a transaction with a reason for each of its items', async () => {
    const error = await faultOf('throttle', transact);
    expect(error).toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ThrottlingError' }, { Code: 'None' }],
    });
    const taken = storeError(error, 'a transaction');
    expect(taken).toBeInstanceOf(LonghaulError);
    expect(taken).toMatchObject({ code: 'store-unavailable', retryable: true });
  });

  it.each([
    ['DynamoDB', readItem, 'InternalServerError'],
    ['SQS', sendMessage, 'InternalFailure'],
    ['S3', readObject, 'InternalError'],
  ])('fails as %s does', async (_, call, name) => {
    const error = await faultOf('failure', call);
    expect(error.name).toBe(name);
    expect(statusOf(error)).toBe(500);
    expect(isUnavailable(error)).toBe(true);
  });

  it('loses a request before it arrives, and an acknowledgement after its effect', async () => {
    const requestLost = await faultOf('lost-request', update);
    expect(isUnavailable(requestLost)).toBe(true);
    expect(arrived).toEqual([]);
    const acknowledgementLost = await faultOf('lost-acknowledgement', update);
    expect(isUnavailable(acknowledgementLost)).toBe(true);
    expect(arrived).toHaveLength(1);
  });

  it('fires as often as its rates say, each kind by its own, and remembers what it fired', async () => {
    proxy.set({ throttle: 0.25, 'lost-request': 0.25 });
    for (let draw = 0; draw < DRAWS; draw++) {
      draws = [draw / DRAWS, 0];
      await readItem().catch(() => undefined);
    }
    const fired = (kind: FaultKind) => proxy.fired.filter((fault) => fault.kind === kind).length;
    expect([fired('throttle'), fired('failure'), fired('lost-request')]).toEqual([DRAWS / 4, 0, DRAWS / 4]);
    expect(proxy.fired[0]).toEqual({ kind: 'throttle', service: 'dynamodb', operation: 'GetItem' });
    expect(arrived).toHaveLength(DRAWS / 2);
  });
});
