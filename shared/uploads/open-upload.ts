import { LonghaulError } from '../errors/longhaul-error.ts';
import { QuotaError, type Quota } from '../errors/quota-error.ts';
import { textOf } from '../jobs/items/attributes.ts';
import { quotaItemKey, submissionItemKey } from '../jobs/items/keys.ts';
import { readQuotaItem } from '../jobs/items/quota-item.ts';
import { hashOf } from '../jobs/request-hash.ts';
import { writeStoredJson } from '../jobs/stored-json.ts';
import { checksumMissing, checksumUnverifiable, partSizeInvalid, uploadNotFound } from './errors.ts';
import { uploadRequestUrl, uploadUrl } from './folders.ts';
import { choosePartBytes, IDLE_MILLISECONDS, MAX_PARTS, MAX_SINGLE_PUT_BYTES } from './limits.ts';
import { loadUpload } from './load-upload.ts';
import { refuseUnknownParts, type WantedPart } from './sign-requests.ts';
import type { UploadPlatform, UploadQuotas } from './platform.ts';
import type { Upload } from './upload.ts';
import { openUploadWrites, RESERVATION_WRITE, type OpeningRecord } from './writes/open-upload.ts';

/** What `POST /uploads` asks for, checked. */
export interface Opening {
  tenant: string;
  subject: string;
  fileName: string;
  contentType: string;
  bytes: number;
  /** Asked for by its owner, or else chosen by the size. */
  partBytes?: number;
  sha256?: string;
  /** Parts that are to be signed next: unknown ones are refused before anything is reserved. */
  parts?: readonly WantedPart[];
  /** The job that the file starts; its inputs lack the one that names the source. */
  job?: { processId: string; inputs: Record<string, unknown> };
  idempotencyKey?: string;
}

/**
 * Opens an upload: its bytes are reserved when this returns, and nothing is signed yet.
 * @throws QuotaError (final) when they do not fit: nothing is reserved; LonghaulError (final) `upload-checksum-missing`,
 *   `upload-checksum-unverifiable`, `upload-part-size-invalid`, `idempotency-conflict`
 */
export async function openUpload(
  platform: UploadPlatform,
  opening: Opening,
): Promise<{ outcome: 'opened' | 'existing'; upload: Upload }> {
  const upload = newUpload(platform, opening);
  const quotas = platform.quotas(upload.tenant);
  const record = recordOf(opening);
  refuseUnknownParts(upload, opening.parts ?? [], '/parts');
  refuseWhatNeverFits(upload, quotas);
  if (opening.job !== undefined) {
    await writeStoredJson(platform.objects, uploadRequestUrl(platform, upload), { inputs: opening.job.inputs });
  }
  const writes = openUploadWrites(upload, quotas, record);
  const written = await platform.store.transact(writes, `${upload.tenant}/${upload.uploadId}/open`);
  if (written.accepted) {
    const { tenant, uploadId, bytes } = upload;
    platform.logger.info('upload.opened', { tenant, upload: uploadId, bytes });
    return { outcome: 'opened', upload };
  }
  const isKnown = written.rejected.some(({ index }) => index !== RESERVATION_WRITE);
  if (record !== undefined && isKnown) {
    return { outcome: 'existing', upload: await existingUpload(platform, upload.tenant, record) };
  }
  throw await quotaShortage(platform, upload, quotas);
}

function newUpload(platform: UploadPlatform, opening: Opening): Upload {
  const now = platform.clock.now();
  const { tenant, subject, fileName, contentType, bytes, sha256 } = opening;
  const key = { tenant, uploadId: platform.identifiers.next(now) };
  const partBytes = partBytesOf(opening);
  if (partBytes === undefined && sha256 === undefined) throw checksumMissing();
  if (partBytes !== undefined && sha256 !== undefined) throw checksumUnverifiable();
  return {
    ...key,
    state: 'open',
    version: 1,
    origin: 'announced',
    url: uploadUrl(platform, key, fileName),
    fileName,
    contentType,
    bytes,
    subject,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + IDLE_MILLISECONDS,
    dueAt: now + IDLE_MILLISECONDS,
    ...(partBytes === undefined ? {} : { partBytes }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(opening.job === undefined ? {} : { processId: opening.job.processId }),
  };
}

/** Undefined for a file that goes up by one PUT. */
function partBytesOf({ bytes, partBytes }: Opening): number | undefined {
  if (partBytes === undefined) return bytes <= MAX_SINGLE_PUT_BYTES ? undefined : choosePartBytes(bytes);
  const least = Math.ceil(bytes / MAX_PARTS);
  if (partBytes < least) throw partSizeInvalid(partBytes, least);
  return partBytes;
}

/** Openings without a key are each one of their own: two files may well be alike. */
function recordOf(opening: Opening): OpeningRecord | undefined {
  const { idempotencyKey, fileName, contentType, bytes, partBytes, sha256, job } = opening;
  if (idempotencyKey === undefined) return undefined;
  // Which parts are signed next may be another matter when the request is sent again.
  const request = [fileName, contentType, bytes, partBytes ?? null, sha256 ?? null, job ?? null];
  return { keyHash: hashOf('uploads', 'key', idempotencyKey), requestHash: hashOf('uploads', ...request) };
}

async function existingUpload(
  platform: UploadPlatform,
  tenant: string,
  { keyHash, requestHash }: OpeningRecord,
): Promise<Upload> {
  const item = await platform.store.read(submissionItemKey(tenant, keyHash), { consistent: true });
  const uploadId = textOf(item, 'uploadId');
  if (item?.['requestHash'] !== requestHash) {
    throw new LonghaulError({
      code: 'idempotency-conflict',
      retryable: false,
      detail: `This Idempotency-Key was used for another request, which gave upload ${uploadId}.`,
      remedy: 'Send the request of that time again, or use a new key for this one.',
    });
  }
  const upload = await loadUpload(platform, { tenant, uploadId });
  if (upload === undefined) throw uploadNotFound(uploadId);
  return upload;
}

/** An empty quota has no item, and a condition on it holds for any size: what is larger than the limit ends here. */
function refuseWhatNeverFits({ bytes }: Upload, quotas: UploadQuotas): void {
  const limits = { storedBytes: quotas.maxStoredBytes, inFlightBytes: quotas.maxInFlightBytes } as const;
  for (const [quota, limit] of Object.entries(limits) as [Quota, number][]) {
    if (bytes > limit) throw new QuotaError({ quota, used: 0, reserved: 0, limit, asked: bytes });
  }
}

/** Which quota is full, by what is in use now; what has become free meanwhile is no reason to say otherwise. */
async function quotaShortage(
  { store }: UploadPlatform,
  { tenant, bytes }: Upload,
  quotas: UploadQuotas,
): Promise<QuotaError> {
  const inUse = readQuotaItem(await store.read(quotaItemKey(tenant), { consistent: true }));
  const { committedBytes, inFlightBytes: reserved, openUploads } = inUse;
  const used = committedBytes - reserved;
  if (openUploads + 1 > quotas.maxOpenUploads) {
    const limit = quotas.maxOpenUploads;
    return new QuotaError({ quota: 'openUploads', used: 0, reserved: openUploads, limit, asked: 1 });
  }
  if (reserved + bytes > quotas.maxInFlightBytes) {
    return new QuotaError({ quota: 'inFlightBytes', used: 0, reserved, limit: quotas.maxInFlightBytes, asked: bytes });
  }
  return new QuotaError({ quota: 'storedBytes', used, reserved, limit: quotas.maxStoredBytes, asked: bytes });
}
