import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { randomBytes } from 'node:crypto';
import { createDynamoDbClient } from '../../shared/aws/clients.ts';
import { presignDownload } from '../../shared/aws/presign.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { systemClock } from '../../shared/config/system.ts';
import { createOutbound } from '../../shared/http/outbound/create-outbound.ts';
import { createUploadPlatform } from '../upload-platform.ts';
import type { Api } from './api.ts';
import { createCursorKey } from './cursor-key.ts';
import { healthChecks } from './health-checks.ts';
import { createReplay } from './replay.ts';

const SECOND = 1_000;

/** Longest fetch of one input by reference: the request has 29 s in all. */
const REFERENCE_TIMEOUT = 8 * SECOND;

/** Wires the adapters of AWS into the API. @throws LonghaulError `environment-invalid` */
export function createApi(variables: Record<string, string | undefined>): Api {
  const environment = readEnvironment(['IDEMPOTENCY_TABLE_NAME', 'PUBLIC_URL'], variables);
  const { platform, s3 } = createUploadPlatform('api', variables);
  return {
    platform,
    references: createOutbound({ clock: systemClock, wholeTimeoutMs: REFERENCE_TIMEOUT }),
    presign: async (url) => (await presignDownload(s3, url)).href,
    replay: createReplay(
      new DynamoDBPersistenceLayer({
        tableName: environment.IDEMPOTENCY_TABLE_NAME,
        awsSdkV3Client: createDynamoDbClient(),
      }),
    ),
    health: healthChecks(platform),
    cursorKey: createCursorKey(platform.store, randomBytes),
    publicUrl: environment.PUBLIC_URL,
  };
}
