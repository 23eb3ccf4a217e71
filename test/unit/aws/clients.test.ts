import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDynamoDbClient, createS3Client, createSqsClient } from '../../../shared/aws/clients.ts';
import { jsonAnswer, startCannedServer } from './canned-server.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('clients', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['as hosts by default', {}, false],
    ['as hosts with an empty endpoint', { AWS_ENDPOINT_URL: '' }, false],
    ['as paths with an endpoint of one’s own', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, true],
    ['as paths with an endpoint for S3', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }, true],
  ])('name buckets %s', (_how, environment, expected) => {
    expect(createS3Client(environment).config.forcePathStyle).toBe(expected);
  });

  it('try each call four times', async () => {
    for (const client of [createDynamoDbClient(), createSqsClient(), createS3Client({})]) {
      expect(await client.config.maxAttempts()).toBe(4);
    }
  });

  it('go where the usual variables say', async () => {
    await using server = await startCannedServer(jsonAnswer(200, {}));
    vi.stubEnv('AWS_ENDPOINT_URL', server.config.endpoint);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    await createDynamoDbClient().send(new ListTablesCommand({}));
    await createS3Client().send(new HeadObjectCommand({ Bucket: 'data', Key: 'a' }));
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /', 'HEAD /data/a']);
  });
});
