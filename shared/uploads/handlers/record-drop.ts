import { quotaItemKey } from '../../jobs/items/keys.ts';
import { readQuotaItem } from '../../jobs/items/quota-item.ts';
import { QuotaError } from '../../errors/quota-error.ts';
import { describeError } from '../../jobs/describe-error.ts';
import { derivedId } from '../derived-id.ts';
import type { UploadPlace } from '../folders.ts';
import { MAX_FILE_NAME_CHARACTERS, UNDONE_MILLISECONDS } from '../limits.ts';
import { loadUpload } from '../load-upload.ts';
import type { UploadPlatform } from '../platform.ts';
import type { StoredVersion } from '../ports/upload-objects.ts';
import { writeOnce } from '../settle-upload.ts';
import type { Upload } from '../upload.ts';
import { recordDropWrites, refuseDropWrite } from '../writes/record-drop.ts';

/** Whom a dropped file is from: whoever may write there is the bucket's affair. */
const PRODUCER = 'drop';

type Dropped = Extract<UploadPlace, { origin: 'dropped' }>;

/**
 * Records a file that somebody put under the drop prefix: its id is made from the version, so that one version has one
 * row. A file for which its tenant has no room is recorded as rejected, and stays where its producer put it.
 * @returns the upload; undefined for what is no file (any more)
 */
export async function recordDrop(
  platform: UploadPlatform,
  place: Dropped,
  url: URL,
  versionId: string,
): Promise<Upload | undefined> {
  const version = await platform.uploadObjects.stat(url, versionId);
  // A folder that a console made has no bytes and is no file.
  if (version === undefined || version.bytes === 0 || place.name === '') return undefined;
  const upload = newUpload(platform, place, url, version);
  const known = await loadUpload(platform, upload);
  if (known !== undefined) return known;
  const { tenant, uploadId, bytes, updatedAt } = upload;
  const quotas = platform.quotas(tenant);
  const fits = bytes <= quotas.maxStoredBytes;
  if (fits && (await writeOnce(platform, upload, 'drop', updatedAt, recordDropWrites(upload, quotas)))) {
    platform.logger.info('upload.dropped', { tenant, upload: uploadId, bytes, process: place.processId });
    return upload;
  }
  const winner = await loadUpload(platform, upload);
  if (winner !== undefined) return winner;
  await platform.store.write(refuseDropWrite(await refused(platform, upload), platform.retentionDays));
  platform.logger.warn('upload.drop.refused', { tenant, upload: uploadId, bytes, process: place.processId });
  return loadUpload(platform, upload);
}

function newUpload(platform: UploadPlatform, place: Dropped, url: URL, version: StoredVersion): Upload {
  const now = platform.clock.now();
  const { tenant, processId, name } = place;
  return {
    tenant,
    uploadId: derivedId(version.modifiedAt, url.href, version.versionId),
    state: 'stored',
    version: 1,
    origin: 'dropped',
    url,
    fileName: decodeURIComponent(name).slice(0, MAX_FILE_NAME_CHARACTERS),
    contentType: version.contentType,
    bytes: version.bytes,
    subject: PRODUCER,
    processId,
    createdAt: now,
    updatedAt: now,
    expiresAt: now,
    dueAt: now + UNDONE_MILLISECONDS,
    versionId: version.versionId,
    etag: version.etag,
    storedAt: now,
  };
}

async function refused(platform: UploadPlatform, upload: Upload): Promise<Upload> {
  const { store, quotas } = platform;
  const inUse = readQuotaItem(await store.read(quotaItemKey(upload.tenant), { consistent: true }));
  const error = new QuotaError({
    quota: 'storedBytes',
    used: inUse.committedBytes - inUse.inFlightBytes,
    reserved: inUse.inFlightBytes,
    limit: quotas(upload.tenant).maxStoredBytes,
    asked: upload.bytes,
  });
  const row: Upload = { ...upload, state: 'rejected', failure: describeError(error) };
  // Nothing is left to do for it.
  delete row.dueAt;
  return row;
}
