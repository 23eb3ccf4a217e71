import { loadUpload } from './load-upload.ts';
import type { UploadPlatform } from './platform.ts';
import { removeUpload } from './remove-upload.ts';
import { writeOnce } from './settle-upload.ts';
import { isOpen, type Upload, type UploadKey } from './upload.ts';
import { abortUploadWrites, deleteUploadWrites } from './writes/end-upload.ts';

/** The state may move while it is decided: from open to completing to stored. */
const MAX_TRIES = 4;

/**
 * Gives an upload up, or removes its file; either gives its bytes back, once. What it left in the object store is
 * removed at once, and looked for again when no signed address is valid any more.
 * @returns the upload as it is then; undefined when the tenant has no such upload
 */
export async function deleteUpload(platform: UploadPlatform, key: UploadKey): Promise<Upload | undefined> {
  let upload = await loadUpload(platform, key);
  for (let attempt = 0; upload !== undefined && attempt < MAX_TRIES; attempt++) {
    const now = platform.clock.now();
    const end = { now, retentionDays: platform.retentionDays };
    if (isOpen(upload)) await writeOnce(platform, upload, 'abort', now, abortUploadWrites(upload, end));
    else if (upload.state === 'stored')
      await writeOnce(platform, upload, 'delete', now, deleteUploadWrites(upload, end));
    else break;
    upload = await loadUpload(platform, key);
  }
  if (upload === undefined || isOpen(upload) || upload.state === 'stored') return upload;
  await removeUpload(platform, upload);
  platform.logger.info('upload.removed', { tenant: key.tenant, upload: key.uploadId, state: upload.state });
  return upload;
}
