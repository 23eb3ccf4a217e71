import { randomInt } from 'node:crypto';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { createDynamoDbClient, createS3Client, createSqsClient } from '../../shared/aws/clients.ts';

/** Where the AWS adapters are tried; set by the test runner, which starts an emulator. */
export const endpoint = process.env['LONGHAUL_CONTRACT_ENDPOINT'];

/** Names a suite that needs the emulator, so that a report says why it was not run. */
export function onEmulator(name: string): string {
  return endpoint === undefined ? `${name} (skipped: LONGHAUL_CONTRACT_ENDPOINT is not set)` : name;
}

/** Twelve digits are an account of its own to the emulator: files that run at once do not meet. */
const account = String(randomInt(1e11, 1e12));

// The clients are the deployed ones: endpoint and credentials reach them as they would anywhere.
if (endpoint !== undefined) {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: account,
    // The emulator verifies signed links, with this secret.
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  delete process.env['AWS_PROFILE'];
  delete process.env['AWS_SESSION_TOKEN'];
}

export const dynamodb = createDynamoDbClient();
export const sqs = createSqsClient();
export const s3 = createS3Client();

let made = 0;

/** A name that no other file and no earlier call has used. */
export function freshName(kind: string): string {
  made += 1;
  return `contract-${kind}-${account}-${made}`;
}

/** A job table with its index, as the stack makes it; in the emulator by default. */
export async function createJobTable(client = dynamodb): Promise<string> {
  const TableName = freshName('jobs');
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'activePartition', AttributeType: 'S' },
        { AttributeName: 'dueAt', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'active',
          KeySchema: [
            { AttributeName: 'activePartition', KeyType: 'HASH' },
            { AttributeName: 'dueAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  return TableName;
}

export async function createBucket(): Promise<string> {
  const Bucket = freshName('data');
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

/** @returns the queue's URL */
export async function createQueue(attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: freshName('queue'), Attributes: attributes }),
  );
  if (QueueUrl === undefined) throw new Error('the emulator made a queue without a URL');
  return QueueUrl;
}
