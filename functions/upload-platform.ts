import type { S3Client } from '@aws-sdk/client-s3';
import { S3UploadObjects } from '../shared/aws/s3-upload-objects.ts';
import { readEnvironment, type Environment } from '../shared/config/environment.ts';
import type { UploadPlatform } from '../shared/uploads/platform.ts';
import { createEnginePlatform } from './engine-platform.ts';

/** The engine over AWS with what uploads need. @throws LonghaulError `environment-invalid` */
export function createUploadPlatform(
  service: string,
  variables: Record<string, string | undefined>,
): { platform: UploadPlatform; s3: S3Client } {
  const { DATA_BUCKET, TENANT_LIMITS } = readEnvironment(['DATA_BUCKET', 'TENANT_LIMITS'], variables);
  const { platform, s3 } = createEnginePlatform(service, variables);
  const data = new URL(`s3://${DATA_BUCKET}/`);
  return {
    platform: {
      ...platform,
      uploadObjects: new S3UploadObjects(s3),
      quotas: uploadQuotas(TENANT_LIMITS),
      uploadLocations: { uploads: new URL('uploads/', data), incoming: new URL('incoming/', data) },
    },
    s3,
  };
}

/** The quotas of a tenant: its own where it has some, those of everybody otherwise. */
function uploadQuotas({
  default: common,
  tenants,
}: Environment<'TENANT_LIMITS'>['TENANT_LIMITS']): UploadPlatform['quotas'] {
  return (tenant) => {
    const own = Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined;
    return {
      maxStoredBytes: own?.maxStoredBytes ?? common.maxStoredBytes,
      maxInFlightBytes: own?.maxInFlightBytes ?? common.maxInFlightBytes,
      maxOpenUploads: own?.maxOpenUploads ?? common.maxOpenUploads,
    };
  };
}
