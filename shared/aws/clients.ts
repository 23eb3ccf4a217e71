import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const SECOND = 1000;
const CONNECTION_TIMEOUT_MS = 1 * SECOND;
/** Sockets of one client: more requests at once than this wait for one. */
const MAX_SOCKETS = 64;

/** Attempts of one call with the first, and the longest that one attempt may take. */
const DYNAMODB = { attempts: 4, timeoutMs: 5 * SECOND };
const SQS = { attempts: 4, timeoutMs: 5 * SECOND };
/** A part of some 8 MiB has to go through in this time. */
const S3 = { attempts: 4, timeoutMs: 30 * SECOND };

/**
 * One client for each service, made once when a function is loaded; region, credentials, profile and endpoint
 * are the SDK's own affair (`AWS_REGION`, `AWS_PROFILE`, `AWS_ENDPOINT_URL`, …).
 */
export function createDynamoDbClient(): DynamoDBClient {
  return new DynamoDBClient({ maxAttempts: DYNAMODB.attempts, requestHandler: handler(DYNAMODB.timeoutMs) });
}

export function createSqsClient(): SQSClient {
  return new SQSClient({ maxAttempts: SQS.attempts, requestHandler: handler(SQS.timeoutMs) });
}

/** @param environment where an endpoint of one's own is looked for: its buckets are paths, for their names are no hosts */
export function createS3Client(environment: Record<string, string | undefined> = process.env): S3Client {
  const override = environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL'];
  return new S3Client({
    maxAttempts: S3.attempts,
    requestHandler: handler(S3.timeoutMs),
    forcePathStyle: override !== undefined && override !== '',
    // Sources may lie in buckets of other regions.
    followRegionRedirects: true,
  });
}

function handler(requestTimeout: number): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout,
    throwOnRequestTimeout: true,
    // A body that stalls: the request's own time-out ends with the headers.
    socketTimeout: requestTimeout,
    httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
  });
}
