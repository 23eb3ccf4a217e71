import { absent, any, atMost } from '../../jobs/conditions.ts';
import { submissionItemKey } from '../../jobs/items/keys.ts';
import type { Write } from '../../jobs/ports/job-store.ts';
import { timeToLive } from '../../jobs/retention.ts';
import { IDEMPOTENCY_MILLISECONDS } from '../../jobs/writes/submit.ts';
import { uploadItemKey } from '../keys.ts';
import type { UploadQuotas } from '../platform.ts';
import type { Upload } from '../upload.ts';
import { newUploadItem } from '../upload-item.ts';
import { reserveWrite } from './quota.ts';

const DAYS_UNTIL_FORGOTTEN = 2;

/** Index of the write that reserves the bytes. */
export const RESERVATION_WRITE = 1;

/** What makes the opening idempotent. */
export interface OpeningRecord {
  keyHash: string;
  requestHash: string;
}

/** The row, its reservation and, when the caller gave a key, the record that makes it idempotent: one transaction. */
export function openUploadWrites(upload: Upload, quotas: UploadQuotas, record: OpeningRecord | undefined): Write[] {
  const uploadIsNew = absent('state');
  return [
    { kind: 'put', key: uploadItemKey(upload), item: newUploadItem(upload), condition: uploadIsNew },
    reserveWrite(upload, quotas),
    ...(record === undefined ? [] : [recordWrite(upload, record)]),
  ];
}

function recordWrite(upload: Upload, { keyHash, requestHash }: OpeningRecord): Write {
  const keyIsFree = absent('uploadId');
  const keyHasExpired = atMost('expiresAt', upload.createdAt);
  return {
    kind: 'put',
    key: submissionItemKey(upload.tenant, keyHash),
    item: {
      uploadId: upload.uploadId,
      requestHash,
      expiresAt: upload.createdAt + IDEMPOTENCY_MILLISECONDS,
      ttl: timeToLive(upload.createdAt, DAYS_UNTIL_FORGOTTEN),
    },
    condition: any(keyIsFree, keyHasExpired),
  };
}
