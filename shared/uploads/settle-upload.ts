import type { ErrorRecord } from '../jobs/job.ts';
import type { Write } from '../jobs/ports/job-store.ts';
import { UNDONE_MILLISECONDS } from './limits.ts';
import { loadUpload } from './load-upload.ts';
import type { UploadPlatform } from './platform.ts';
import type { StoredVersion } from './ports/upload-objects.ts';
import { removeUpload } from './remove-upload.ts';
import { isOpen, type Upload } from './upload.ts';
import { rejectUploadWrites } from './writes/end-upload.ts';
import { storeUploadWrites } from './writes/store-upload.ts';

/**
 * Decides what an object that has appeared makes of its upload: stored, when it is what was announced, or rejected.
 * Whoever sees the object decides: the one who completed it, the event of the bucket, the sweeper. The first one's
 * decision stands.
 * @returns the upload as it is then; undefined when its row is gone
 */
export async function settleUpload(
  platform: UploadPlatform,
  upload: Upload,
  version: StoredVersion,
): Promise<Upload | undefined> {
  const now = platform.clock.now();
  const failure = mismatch(upload, version);
  const { versionId, etag } = version;
  const [word, writes] =
    failure === undefined
      ? (['store', storeUploadWrites(upload, { versionId, etag, dueAt: now + UNDONE_MILLISECONDS, now })] as const)
      : (['reject', rejectUploadWrites(upload, failure, { now, retentionDays: platform.retentionDays })] as const);
  if (await writeOnce(platform, upload, word, now, writes)) {
    platform.logger.info(`upload.${failure === undefined ? 'stored' : 'rejected'}`, {
      tenant: upload.tenant,
      upload: upload.uploadId,
      bytes: version.bytes,
      ...(failure === undefined ? {} : { reason: failure.code }),
    });
  }
  const settled = await loadUpload(platform, upload);
  // What is pinned is kept; another version, or one of an upload that has ended, is nobody's.
  if (settled === undefined || !isOpen(settled)) {
    const isKept = settled?.state === 'stored' && settled.versionId === versionId;
    if (!isKept) await platform.uploadObjects.deleteVersion(upload.url, versionId);
  }
  if (settled?.state === 'rejected') await removeUpload(platform, settled);
  return settled;
}

/**
 * Makes a transition of a row together with its quota. The time is part of what is written, so it is part of the token;
 * that it happens once is the condition's work.
 */
export async function writeOnce(
  platform: UploadPlatform,
  { tenant, uploadId }: Upload,
  word: string,
  now: number,
  writes: readonly Write[],
): Promise<boolean> {
  const outcome = await platform.store.transact(writes, `${tenant}/${uploadId}/${word}/${now}`);
  return outcome.accepted;
}

/** Why an object is not what was announced; undefined when it is. Of parts the object store has verified each. */
function mismatch(upload: Upload, version: StoredVersion): ErrorRecord | undefined {
  if (version.bytes !== upload.bytes) {
    return {
      code: 'upload-size-mismatch',
      detail: `The file has ${version.bytes} bytes; ${upload.bytes} were announced.`,
      remedy: 'Open another upload with the size of the file.',
    };
  }
  if (upload.partBytes === undefined && version.sha256 !== upload.sha256) {
    return {
      code: 'upload-checksum-mismatch',
      detail: 'The file has another SHA-256 than was announced.',
      remedy: 'Open another upload with the checksum of the file.',
    };
  }
  return undefined;
}
