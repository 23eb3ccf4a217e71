import type { OtherDue } from '../../jobs/handlers/sweep.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { completeUpload } from '../complete-upload.ts';
import { examineUpload } from '../examine-upload.ts';
import { UPLOAD_PREFIX, uploadKeyOf } from '../keys.ts';
import { UNDONE_MILLISECONDS } from '../limits.ts';
import { loadUpload } from '../load-upload.ts';
import type { UploadPlatform } from '../platform.ts';
import { removeUpload } from '../remove-upload.ts';
import { settleUpload, writeOnce } from '../settle-upload.ts';
import { isOpen, isStored, type Upload } from '../upload.ts';
import { endRemovalWrite, postponeUploadWrite } from '../writes/due-upload.ts';
import { expireUploadWrites } from '../writes/end-upload.ts';

/** The uploads among what is due: abandoned ones, those that a function left halfway, and what has ended and must go. */
export function dueUploads(platform: UploadPlatform): OtherDue {
  return {
    prefix: UPLOAD_PREFIX,
    look: async (itemKey) => {
      const upload = await loadUpload(platform, uploadKeyOf(itemKey));
      if (upload?.dueAt === undefined || upload.dueAt > platform.clock.now()) return;
      await lookAt(platform, { ...upload, dueAt: upload.dueAt });
    },
  };
}

type DueUpload = Upload & { dueAt: number };

async function lookAt(platform: UploadPlatform, upload: DueUpload): Promise<void> {
  if (isStored(upload)) {
    await postpone(platform, upload);
    await examineUpload(platform, upload);
  } else if (isOpen(upload)) {
    await goOn(platform, upload);
  } else {
    await removeUpload(platform, upload);
    await platform.store.write(endRemovalWrite(upload, upload.dueAt));
  }
}

/** An object that is there is taken, whoever's event was lost; parts are joined; what nobody completed in time ends. */
async function goOn(platform: UploadPlatform, upload: DueUpload): Promise<void> {
  const version = await platform.uploadObjects.stat(upload.url);
  if (version !== undefined) {
    const settled = await settleUpload(platform, upload, version);
    if (settled !== undefined && isStored(settled)) await examineUpload(platform, settled);
    return;
  }
  const now = platform.clock.now();
  if (upload.expiresAt <= now) {
    const end = { now, retentionDays: platform.retentionDays };
    if (!(await writeOnce(platform, upload, 'expire', now, expireUploadWrites(upload, end)))) return;
    platform.logger.warn('upload.expired', { tenant: upload.tenant, upload: upload.uploadId, bytes: upload.bytes });
    await removeUpload(platform, upload);
    return;
  }
  await postpone(platform, upload);
  if (upload.state === 'completing') await completeAgain(platform, upload);
}

async function completeAgain(platform: UploadPlatform, upload: Upload): Promise<void> {
  try {
    const completed = await completeUpload(platform, upload);
    if (isStored(completed)) await examineUpload(platform, completed);
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.retryable) throw error;
    // What is missing may still come from its owner; until the upload expires it is looked at again.
    platform.logger.warn('upload.not-complete', { tenant: upload.tenant, upload: upload.uploadId, code: error.code });
  }
}

async function postpone({ store, clock }: UploadPlatform, upload: DueUpload): Promise<void> {
  const next = clock.now() + UNDONE_MILLISECONDS;
  const dueAt = upload.state === 'open' ? upload.expiresAt : next;
  await store.write(postponeUploadWrite(upload, upload.dueAt, dueAt));
}
