import type { S3Client } from '@aws-sdk/client-s3';
import { processes } from '#processes';
import { createDynamoDbClient, createS3Client, createSqsClient } from '../shared/aws/clients.ts';
import { DynamoDbJobStore } from '../shared/aws/dynamodb-job-store.ts';
import { S3ObjectStore } from '../shared/aws/s3-object-store.ts';
import { createS3Source } from '../shared/aws/s3-source.ts';
import { SqsQueue } from '../shared/aws/sqs-queue.ts';
import { readEnvironment, type Environment } from '../shared/config/environment.ts';
import { systemClock, systemIdentifiers, systemRandom } from '../shared/config/system.ts';
import { createOutbound } from '../shared/http/outbound/create-outbound.ts';
import { NOTIFICATION_QUEUE } from '../shared/jobs/notifications.ts';
import type { Platform } from '../shared/jobs/platform.ts';
import { createLogger } from '../shared/observability/logger.ts';
import { createSources } from '../shared/sources/sources.ts';

/** What every function that works on jobs is told by its environment. */
export const ENGINE_VARIABLES = [
  'TABLE_NAME',
  'DATA_BUCKET',
  'SOURCE_BUCKETS',
  'QUEUE_URLS',
  'DEAD_LETTER_QUEUE_URLS',
  'TENANT_LIMITS',
  'RETENTION_DAYS',
] as const;

type Variables = Record<string, string | undefined>;

/** The engine over AWS: one client for each service. @throws LonghaulError `environment-invalid` */
export function createEnginePlatform(service: string, variables: Variables): { platform: Platform; s3: S3Client } {
  const environment = readEnvironment(ENGINE_VARIABLES, variables);
  const notificationQueue = variables['NOTIFICATION_QUEUE_URL'];
  const s3 = createS3Client(variables);
  const data = new URL(`s3://${environment.DATA_BUCKET}/`);
  const https = createOutbound({ clock: systemClock });
  const s3Options = { client: s3, dataBucket: environment.DATA_BUCKET, sourceBuckets: environment.SOURCE_BUCKETS };
  const platform: Platform = {
    store: new DynamoDbJobStore({ client: createDynamoDbClient(), tableName: environment.TABLE_NAME }),
    queue: new SqsQueue({
      client: createSqsClient(),
      queueUrls: {
        ...environment.QUEUE_URLS,
        ...(notificationQueue === undefined ? {} : { [NOTIFICATION_QUEUE]: notificationQueue }),
      },
      deadLetterQueueUrls: environment.DEAD_LETTER_QUEUE_URLS,
    }),
    objects: new S3ObjectStore(s3),
    sourcesOf: (tenant) => createSources({ https, s3: createS3Source({ ...s3Options, tenant }) }),
    clock: systemClock,
    identifiers: systemIdentifiers,
    random: systemRandom,
    logger: createLogger(service),
    processes: new Map(processes.map((process) => [process.id, process])),
    locations: {
      work: new URL('work/', data),
      outputs: new URL('outputs/', data),
      deadLetters: new URL('dead-letters/', data),
    },
    limits: tenantLimits(environment.TENANT_LIMITS),
    retentionDays: environment.RETENTION_DAYS,
  };
  return { platform, s3 };
}

/** The limits of a tenant: its own where it has some, those of everybody otherwise. */
function tenantLimits({ default: common, tenants }: Environment<'TENANT_LIMITS'>['TENANT_LIMITS']): Platform['limits'] {
  return (tenant) => {
    const own = Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined;
    const maxActiveJobs = own?.maxActiveJobs ?? common.maxActiveJobs;
    return {
      maxUnits: own?.maxUnits ?? common.maxUnits,
      maxOutputBytes: own?.maxOutputBytes ?? common.maxOutputBytes,
      ...(maxActiveJobs === undefined ? {} : { maxActiveJobs }),
    };
  };
}
