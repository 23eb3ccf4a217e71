import type { UploadPlatform } from './platform.ts';
import type { Upload } from './upload.ts';

/**
 * Takes what an upload that has ended left in the object store: its parts, its object. May run twice. A dropped file
 * that was refused stays where its producer put it.
 */
export async function removeUpload({ uploadObjects }: UploadPlatform, upload: Upload): Promise<void> {
  if (upload.origin === 'dropped' && upload.state === 'rejected') return;
  if (upload.multipartId !== undefined) await uploadObjects.abortMultipart(upload.url, upload.multipartId);
  if (upload.versionId !== undefined) {
    await uploadObjects.deleteVersion(upload.url, upload.versionId);
    return;
  }
  const landed = await uploadObjects.stat(upload.url);
  if (landed !== undefined) await uploadObjects.deleteVersion(upload.url, landed.versionId);
}
