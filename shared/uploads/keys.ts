import { tenantPartition } from '../jobs/items/keys.ts';
import type { ItemKey } from '../jobs/ports/job-store.ts';
import type { UploadKey } from './upload.ts';

export const UPLOAD_PREFIX = 'UPLOAD#';

export const uploadItemKey = ({ tenant, uploadId }: UploadKey): ItemKey => ({
  pk: tenantPartition(tenant),
  sk: UPLOAD_PREFIX + uploadId,
});

/** The inverse of `uploadItemKey`. */
export function uploadKeyOf({ pk, sk }: ItemKey): UploadKey {
  return { tenant: pk.slice(tenantPartition('').length), uploadId: sk.slice(UPLOAD_PREFIX.length) };
}
