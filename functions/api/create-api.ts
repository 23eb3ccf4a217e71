import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { randomBytes } from 'node:crypto';
import { processes } from '#processes';
import { createDynamoDbClient, createS3Client, createSqsClient } from '../../shared/aws/clients.ts';
import { DynamoDbJobStore } from '../../shared/aws/dynamodb-job-store.ts';
import { presignDownload } from '../../shared/aws/presign.ts';
import { S3ObjectStore } from '../../shared/aws/s3-object-store.ts';
import { createS3Source } from '../../shared/aws/s3-source.ts';
import { SqsQueue } from '../../shared/aws/sqs-queue.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import type { Environment } from '../../shared/config/environment.ts';
import { systemClock, systemIdentifiers, systemRandom } from '../../shared/config/system.ts';
import { createOutbound } from '../../shared/http/outbound/create-outbound.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import { createSources } from '../../shared/sources/sources.ts';
import type { Api } from './api.ts';
import { createCursorKey } from './cursor-key.ts';
import { healthChecks } from './health-checks.ts';
import { createLogger } from './logger.ts';
import { createReplay } from './replay.ts';

const SECOND = 1_000;

/** Longest fetch of an input by reference, and longest read of a source for an estimate. */
const REFERENCE_TIMEOUT = 8 * SECOND;
const SOURCE_TIMEOUT = 12 * SECOND;

/** Wires the adapters of AWS into the API. @throws LonghaulError `environment-invalid` */
export function createApi(variables: Record<string, string | undefined>): Api {
  const environment = readEnvironment(
    [
      'TABLE_NAME',
      'IDEMPOTENCY_TABLE_NAME',
      'DATA_BUCKET',
      'SOURCE_BUCKETS',
      'QUEUE_URLS',
      'DEAD_LETTER_QUEUE_URLS',
      'TENANT_LIMITS',
      'RETENTION_DAYS',
      'PUBLIC_URL',
    ],
    variables,
  );
  const database = createDynamoDbClient();
  const s3 = createS3Client(variables);
  const data = new URL(`s3://${environment.DATA_BUCKET}/`);
  const platform: Platform = {
    store: new DynamoDbJobStore({ client: database, tableName: environment.TABLE_NAME }),
    queue: new SqsQueue({
      client: createSqsClient(),
      queueUrls: environment.QUEUE_URLS,
      deadLetterQueueUrls: environment.DEAD_LETTER_QUEUE_URLS,
    }),
    objects: new S3ObjectStore(s3),
    // Which sources may be read depends on who asks: see `sourcesOf`.
    sources: createSources({}),
    clock: systemClock,
    identifiers: systemIdentifiers,
    random: systemRandom,
    logger: createLogger('api'),
    processes: new Map(processes.map((process) => [process.id, process])),
    locations: {
      work: new URL('work/', data),
      outputs: new URL('outputs/', data),
      deadLetters: new URL('dead-letters/', data),
    },
    limits: tenantLimits(environment.TENANT_LIMITS),
    retentionDays: environment.RETENTION_DAYS,
  };
  const https = createOutbound({ clock: systemClock, wholeTimeoutMs: SOURCE_TIMEOUT });
  const s3Options = { client: s3, dataBucket: environment.DATA_BUCKET, sourceBuckets: environment.SOURCE_BUCKETS };
  return {
    platform,
    sourcesOf: (tenant) => createSources({ https, s3: createS3Source({ ...s3Options, tenant }) }),
    references: createOutbound({ clock: systemClock, wholeTimeoutMs: REFERENCE_TIMEOUT }),
    presign: async (url) => (await presignDownload(s3, url)).href,
    replay: createReplay(
      new DynamoDBPersistenceLayer({ tableName: environment.IDEMPOTENCY_TABLE_NAME, awsSdkV3Client: database }),
    ),
    health: healthChecks(platform),
    cursorKey: createCursorKey(platform.store, randomBytes),
    publicUrl: environment.PUBLIC_URL,
  };
}

/** The limits of a tenant: its own where it has some, those of everybody otherwise. */
function tenantLimits({ default: common, tenants }: Environment<'TENANT_LIMITS'>['TENANT_LIMITS']): Platform['limits'] {
  return (tenant) => {
    const own = Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined;
    return {
      maxUnits: own?.maxUnits ?? common.maxUnits,
      maxOutputBytes: own?.maxOutputBytes ?? common.maxOutputBytes,
    };
  };
}
