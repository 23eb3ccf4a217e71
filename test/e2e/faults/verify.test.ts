import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readObject } from '../helpers/read-output.ts';
import { hasStack, testStack, type TestStack } from '../helpers/stack.ts';
import { small, SMALL_UNITS } from './job-sizes.ts';
import { Load, STEP_LIMIT_MS, type SubmittedJob } from './load.ts';
import { verify, type Violation } from './verify.ts';

const TENANT = 'checked';
const DATASET = 'checked-east';

type Item = Record<string, AttributeValue>;

/** The checks of the storm find what they are there for: each is shown a job that somebody tampered with. */
describe.runIf(hasStack)('verify', () => {
  let stack: TestStack;
  let load: Load;
  let job: SubmittedJob;
  let undisturbed: Map<number, Uint8Array>;

  beforeAll(async () => {
    stack = await testStack();
    load = new Load(stack);
    job = await load.submit(TENANT, 'tally', small('checked'));
    await load.waitUntil(job, 'succeeded', STEP_LIMIT_MS);
    undisturbed = new Map([[SMALL_UNITS, await readObject(stack, outputKey(`${DATASET}.bin`))]]);
  });

  afterAll(() => stack.clients.destroy());

  const outputKey = (name: string): string => `outputs/${TENANT}/${job.jobId}/${name}`;
  const violated = async (): Promise<Violation['invariant'][]> => {
    const { violations } = await verify(stack, load, undisturbed);
    return [...new Set(violations.map(({ invariant }) => invariant))];
  };
  const rowKey = (jobId: string): Item => ({ pk: { S: `TENANT#${TENANT}` }, sk: { S: `JOB#${jobId}` } });
  const table = (): { TableName: string } => ({ TableName: stack.description.tables.jobs });
  const readRow = async (): Promise<Item> => {
    const { Item: item } = await stack.clients.dynamodb.send(
      new GetItemCommand({ ...table(), Key: rowKey(job.jobId) }),
    );
    if (item === undefined) throw new Error('the job has no row');
    return item;
  };
  const putItem = (item: Item) => stack.clients.dynamodb.send(new PutItemCommand({ ...table(), Item: item }));
  const putObject = (name: string, bytes: Uint8Array) => {
    const place = { Bucket: stack.description.buckets.data, Key: outputKey(name) };
    return stack.clients.s3.send(new PutObjectCommand({ ...place, Body: bytes }));
  };

  it('finds nothing wrong with a job that ran undisturbed', async () => {
    const { violations, checks, chunks } = await verify(stack, load, undisturbed);
    expect(violations).toEqual([]);
    expect({ checks, chunks }).toEqual({ checks: 9, chunks: 10 });
  });

  it.each<[invariant: Violation['invariant'], what: string, change: (row: Item) => Item]>([
    ['ends', 'has failed', (row) => ({ ...row, state: { S: 'failed' } })],
    ['counts', 'counts a unit twice', (row) => ({ ...row, 'done:0': { N: String(SMALL_UNITS + 1) } })],
    ['path', 'ended twice', (row) => ({ ...row, history: { L: repeatLast(row['history']?.L ?? []) } })],
  ])('finds in %s a job that %s', async (invariant, _what, change) => {
    const row = await readRow();
    await putItem(change(row));
    const found = await violated();
    await putItem(row);
    expect(found).toEqual([invariant]);
  });

  it('finds a file with other bytes', async () => {
    await putObject(`${DATASET}.bin`, new Uint8Array(SMALL_UNITS));
    const found = await violated();
    await putObject(`${DATASET}.bin`, undisturbed.get(SMALL_UNITS) ?? new Uint8Array());
    expect(found).toEqual(['content']);
  });

  it('finds a file too many', async () => {
    await putObject('second.bin', new Uint8Array(1));
    const found = await violated();
    const place = { Bucket: stack.description.buckets.data, Key: outputKey('second.bin') };
    await stack.clients.s3.send(new DeleteObjectCommand(place));
    expect(found).toEqual(['published-once']);
  });

  it('finds a dataset that points to another job', async () => {
    const Key = { pk: { S: `TENANT#${TENANT}` }, sk: { S: `DATASET#${DATASET}` } };
    const point = (jobId: string) =>
      stack.clients.dynamodb.send(
        new UpdateItemCommand({
          ...table(),
          Key,
          UpdateExpression: 'SET jobId = :job',
          ExpressionAttributeValues: { ':job': { S: jobId } },
        }),
      );
    await point('01J00000000000000000000000');
    const found = await violated();
    await point(job.jobId);
    expect(found).toEqual(['published-once']);
  });

  it('finds a job that nobody submitted', async () => {
    const double = rowKey('01J00000000000000000000000');
    await putItem({ ...(await readRow()), ...double });
    const found = await violated();
    await stack.clients.dynamodb.send(new DeleteItemCommand({ ...table(), Key: double }));
    expect(found).toEqual(['submitted-once']);
  });
});

const repeatLast = (history: AttributeValue[]): AttributeValue[] => [...history, ...history.slice(-1)];
