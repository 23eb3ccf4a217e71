import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CREDENTIALS, REGION } from './emulator-account.ts';

/** SDK clients of the local cloud; nothing of the user's AWS settings is read. */
export interface EmulatorClients {
  dynamodb: DynamoDBClient;
  s3: S3Client;
  sqs: SQSClient;
  destroy(): void;
}

export function emulatorClients(endpoint: URL): EmulatorClients {
  const settings = { endpoint: endpoint.href, region: REGION, credentials: CREDENTIALS, maxAttempts: 3 };
  const dynamodb = new DynamoDBClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const sqs = new SQSClient(settings);
  return {
    dynamodb,
    s3,
    sqs,
    destroy: () => {
      for (const client of [dynamodb, s3, sqs]) client.destroy();
    },
  };
}
