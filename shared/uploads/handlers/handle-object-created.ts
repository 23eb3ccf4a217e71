import { tenantSchema } from '../../jobs/messages.ts';
import { examineUpload } from '../examine-upload.ts';
import { placeOf } from '../folders.ts';
import { ulidSchema } from '../ids.ts';
import { loadUpload } from '../load-upload.ts';
import type { UploadPlatform } from '../platform.ts';
import { settleUpload } from '../settle-upload.ts';
import { isOpen, isStored, type Upload, type UploadKey } from '../upload.ts';
import { recordDrop } from './record-drop.ts';

/**
 * Follows the event of an object that has appeared. Events come twice, late and in any order: what counts is what the
 * row and the object say now.
 * @throws LonghaulError (retryable) when a service cannot be reached: the event comes again
 */
export async function handleObjectCreated(platform: UploadPlatform, url: URL, versionId: string): Promise<void> {
  const place = placeOf(platform, url);
  if (place === undefined || !tenantSchema.safeParse(place.tenant).success) {
    platform.logger.warn('upload.object.elsewhere', { versionId });
    return;
  }
  const upload =
    place.origin === 'dropped'
      ? await recordDrop(platform, place, url, versionId)
      : await settleAnnounced(platform, place, url, versionId);
  if (upload !== undefined && isStored(upload) && upload.versionId === versionId) {
    await examineUpload(platform, upload);
  }
}

/** An object of no upload, of one that has ended, or beside the pinned version, is removed: nobody reserved its bytes. */
async function settleAnnounced(
  platform: UploadPlatform,
  key: UploadKey,
  url: URL,
  versionId: string,
): Promise<Upload | undefined> {
  const { uploadObjects, logger } = platform;
  const isId = ulidSchema.safeParse(key.uploadId).success;
  const upload = isId ? await loadUpload(platform, key) : undefined;
  if (upload?.url.href === url.href && isOpen(upload)) {
    const version = await uploadObjects.stat(url, versionId);
    return version === undefined ? undefined : settleUpload(platform, upload, version);
  }
  if (upload?.versionId === versionId && upload.url.href === url.href && isStored(upload)) return upload;
  await uploadObjects.deleteVersion(url, versionId);
  logger.warn('upload.object.removed', { tenant: key.tenant, upload: key.uploadId, state: upload?.state });
  return undefined;
}
