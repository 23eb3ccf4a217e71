import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { DynamoDbJobStore } from '../../../shared/aws/dynamodb-job-store.ts';
import type { Write } from '../../../shared/jobs/ports/job-store.ts';
import type { CannedAnswer, CannedServer } from './canned-server.ts';
import { jsonAnswer, jsonError, startCannedServer } from './canned-server.ts';

const KEY = { pk: 'TENANT#a', sk: 'JOB#1' };
const WRITE: Write = {
  kind: 'update',
  key: KEY,
  condition: { operator: 'exists', attribute: 'pk' },
  set: { state: 'running' },
};
const OTHER: Write = { kind: 'put', key: { ...KEY, sk: 'JOB#2' }, condition: WRITE.condition, item: {} };

function storeOn(server: CannedServer, onCapacity?: (units: number[]) => void): DynamoDbJobStore {
  return new DynamoDbJobStore({
    client: new DynamoDBClient(server.config),
    tableName: 'jobs',
    ...(onCapacity && {
      onCapacity: (capacity) => onCapacity(capacity.map(({ CapacityUnits }) => CapacityUnits ?? 0)),
    }),
  });
}

const cancelled = (...codes: string[]): CannedAnswer =>
  jsonError(400, 'TransactionCanceledException', {
    CancellationReasons: codes.map((Code) => ({ Code, Message: `${Code} happened` })),
  });

describe('DynamoDbJobStore', () => {
  it.each<[string, CannedAnswer]>([
    ['throttled', jsonError(400, 'ProvisionedThroughputExceededException')],
    ['throttled by the account', jsonError(400, 'RequestLimitExceeded')],
    ['throttled otherwise', jsonError(400, 'ThrottlingException')],
    ['in conflict with a transaction', jsonError(400, 'TransactionConflictException')],
    ['answered by an internal error', jsonError(500, 'InternalServerError')],
    ['answered by a service that is not there', { status: 503 }],
    ['cut off', 'reset'],
  ])('calls a write unavailable that is %s', async (_what, answer) => {
    await using server = await startCannedServer(answer);
    const store = storeOn(server);
    const unavailable = { code: 'store-unavailable', retryable: true, cause: expect.any(Error) as Error };
    await expect(store.write(WRITE)).rejects.toMatchObject(unavailable);
    await expect(store.read(KEY)).rejects.toMatchObject(unavailable);
    await expect(store.list({ pk: 'p', prefix: '', limit: 1 })).rejects.toMatchObject(unavailable);
    await expect(store.listDue('active#0', 1, 1)).rejects.toMatchObject(unavailable);
    await expect(store.transact([WRITE], 'token')).rejects.toMatchObject(unavailable);
    expect(server.requests).toHaveLength(5);
  });

  it.each<[string, string, CannedAnswer]>([
    ['store-unavailable', 'in conflict', cancelled('TransactionConflict', 'None')],
    ['store-unavailable', 'throttled', cancelled('None', 'ThrottlingError')],
    ['store-unavailable', 'under way', jsonError(400, 'TransactionInProgressException')],
    ['store-request-invalid', 'invalid', cancelled('None', 'ValidationError')],
    ['store-token-reused', 'known with other writes', jsonError(400, 'IdempotentParameterMismatchException')],
  ])('says %s of a transaction that is %s', async (code, _what, answer) => {
    await using server = await startCannedServer(answer);
    await expect(storeOn(server).transact([WRITE, OTHER], 'token')).rejects.toMatchObject({ code });
  });

  it('rejects a transaction by the conditions that did not hold, whatever else stood in the way', async () => {
    await using server = await startCannedServer(
      jsonError(400, 'TransactionCanceledException', {
        CancellationReasons: [
          { Code: 'TransactionConflict' },
          { Code: 'ConditionalCheckFailed', Item: { pk: { S: 'p' }, sk: { S: 's' }, settled: { NS: ['2', '1'] } } },
        ],
      }),
    );
    expect(await storeOn(server).transact([WRITE, OTHER], 'token')).toEqual({
      accepted: false,
      rejected: [{ index: 1, item: { settled: new Set([1, 2]) } }],
    });
  });

  it.each([
    ['AccessDeniedException', 400],
    ['ResourceNotFoundException', 400],
  ])('leaves %s as it is', async (name, status) => {
    await using server = await startCannedServer(jsonError(status, name));
    await expect(storeOn(server).write(WRITE)).rejects.toMatchObject({ name });
  });

  it('calls what the service refuses as invalid a defect', async () => {
    await using server = await startCannedServer(jsonError(400, 'ValidationException'));
    await expect(storeOn(server).write(WRITE)).rejects.toMatchObject({
      code: 'store-request-invalid',
      retryable: false,
    });
  });

  it('sends the same token and the same request for the same transaction, and another for another', async () => {
    await using server = await startCannedServer(jsonAnswer(200, {}));
    const store = storeOn(server);
    const settle = (...chunks: number[]): Write => ({ ...WRITE, kind: 'update', add: { settled: new Set(chunks) } });
    const token = `TENANT#${'x'.repeat(100)}#7#publish`;
    await store.transact([settle(3, 1, 20)], token);
    await store.transact([settle(20, 3, 1)], token);
    await store.transact([settle(1)], `${token}-again`);
    const [first, second, third] = server.requests.map(({ body }) => body);
    expect(second).toBe(first);
    const tokens = [first, third].map(
      (body) => (JSON.parse(body ?? '') as { ClientRequestToken: string }).ClientRequestToken,
    );
    expect(tokens.map(({ length }) => length)).toEqual([36, 36]);
    expect(tokens[0]).not.toBe(tokens[1]);
  });

  it('asks what a call cost only when someone wants to know', async () => {
    await using server = await startCannedServer(
      jsonAnswer(200, { ConsumedCapacity: { TableName: 'jobs', CapacityUnits: 3 } }),
      jsonAnswer(200, { ConsumedCapacity: [{ TableName: 'jobs', CapacityUnits: 8 }] }),
      jsonAnswer(200, {}),
    );
    const heard: number[][] = [];
    const store = storeOn(server, (units) => heard.push(units));
    await store.write(WRITE);
    await store.transact([WRITE], 'token');
    await storeOn(server).write(WRITE);
    expect(heard).toEqual([[3], [8]]);
    expect(server.requests.map(({ body }) => /"ReturnConsumedCapacity":"(\w+)"/.exec(body)?.[1])).toEqual([
      'INDEXES',
      'INDEXES',
      'NONE',
    ]);
  });

  it('refuses a write before it is sent', async () => {
    await using server = await startCannedServer(jsonAnswer(200, {}));
    const store = storeOn(server);
    const empty: Write = { kind: 'update', key: KEY, condition: WRITE.condition };
    await expect(store.write(empty)).rejects.toMatchObject({ code: 'store-request-invalid' });
    await expect(store.transact([WRITE, WRITE], 'token')).rejects.toMatchObject({ code: 'store-request-invalid' });
    await expect(store.read({ pk: '', sk: 's' })).rejects.toMatchObject({ code: 'store-request-invalid' });
    expect(server.requests).toEqual([]);
  });
});
