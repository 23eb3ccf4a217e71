import { absent } from '../../jobs/conditions.ts';
import type { PutWrite, Write } from '../../jobs/ports/job-store.ts';
import { timeToLive } from '../../jobs/retention.ts';
import { uploadItemKey } from '../keys.ts';
import type { UploadQuotas } from '../platform.ts';
import type { Upload } from '../upload.ts';
import { newUploadItem } from '../upload-item.ts';
import { reserveStoredWrite } from './quota.ts';

/** Index of the write that counts the bytes of a dropped file. */
export const DROP_QUOTA_WRITE = 1;

/** → stored: a file that was found under the drop prefix, with its bytes. One version has one row. */
export function recordDropWrites(upload: Upload, quotas: UploadQuotas): Write[] {
  return [newRow(upload), reserveStoredWrite(upload, quotas)];
}

/** → rejected: a file for which its tenant has no room; it counts for nothing. */
export function refuseDropWrite(upload: Upload, retentionDays: number): PutWrite {
  const write = newRow(upload);
  return { ...write, item: { ...write.item, ttl: timeToLive(upload.updatedAt, retentionDays) } };
}

function newRow(upload: Upload): PutWrite {
  const versionIsNew = absent('state');
  return { kind: 'put', key: uploadItemKey(upload), item: newUploadItem(upload), condition: versionIsNew };
}
