import type { UploadPlatform } from './platform.ts';
import { uploadItemKey } from './keys.ts';
import type { Upload, UploadKey } from './upload.ts';
import { readUploadItem } from './upload-item.ts';

/** Reads the row of an upload as it is now, or nothing when the tenant has no such upload. */
export async function loadUpload(
  { store }: Pick<UploadPlatform, 'store'>,
  key: UploadKey,
): Promise<Upload | undefined> {
  const item = await store.read(uploadItemKey(key), { consistent: true });
  return item === undefined ? undefined : readUploadItem(key.tenant, key.uploadId, item);
}
