import { atMost, all, isOneOf } from '../../jobs/conditions.ts';
import type { ErrorRecord } from '../../jobs/job.ts';
import type { UpdateWrite, Write } from '../../jobs/ports/job-store.ts';
import { activePartition } from '../../jobs/items/keys.ts';
import { timeToLive } from '../../jobs/retention.ts';
import { uploadItemKey } from '../keys.ts';
import { REMOVAL_MILLISECONDS } from '../limits.ts';
import { uploadStatesThatAllow, type UploadEvent } from '../state-machine.ts';
import type { Upload, UploadState } from '../upload.ts';
import { freeWrite, giveBackWrite } from './quota.ts';

export interface UploadEnd {
  now: number;
  retentionDays: number;
}

/** open or completing → rejected: what arrived is not what was announced. */
export function rejectUploadWrites(upload: Upload, failure: ErrorRecord, end: UploadEnd): Write[] {
  const write = endWrite(upload, 'reject', 'rejected', end);
  return [{ ...write, set: { ...write.set, failure: { ...failure } } }, giveBackWrite(upload)];
}

/** open or completing → aborted. */
export function abortUploadWrites(upload: Upload, end: UploadEnd): Write[] {
  return [endWrite(upload, 'abort', 'aborted', end), giveBackWrite(upload)];
}

/** open or completing → expired, once its time has passed: an upload that was extended meanwhile lives on. */
export function expireUploadWrites(upload: Upload, end: UploadEnd): Write[] {
  const write = endWrite(upload, 'expire', 'expired', end);
  const itsTimeHasPassed = atMost('expiresAt', end.now);
  return [{ ...write, condition: all(write.condition, itsTimeHasPassed) }, giveBackWrite(upload)];
}

/** stored → deleted. */
export function deleteUploadWrites(upload: Upload, end: UploadEnd): Write[] {
  return [endWrite(upload, 'delete', 'deleted', end), freeWrite(upload)];
}

/**
 * What every end has in common: the row is due once more when no signed address is valid any more, and may be
 * forgotten after the retention.
 */
function endWrite(
  upload: Upload,
  event: UploadEvent,
  state: UploadState,
  { now, retentionDays }: UploadEnd,
): UpdateWrite {
  const stateAllowsIt = isOneOf('state', uploadStatesThatAllow(event));
  return {
    kind: 'update',
    key: uploadItemKey(upload),
    condition: stateAllowsIt,
    set: {
      state,
      updatedAt: now,
      activePartition: activePartition(upload.uploadId),
      dueAt: now + REMOVAL_MILLISECONDS,
      ttl: timeToLive(now, retentionDays),
    },
    add: { version: 1 },
  };
}
