import { partMismatch, partsChanged, partUnknown, uploadIncomplete, uploadNotFound, uploadNotOpen } from './errors.ts';
import { partCount, partSize, UNDONE_MILLISECONDS } from './limits.ts';
import { loadUpload } from './load-upload.ts';
import type { UploadPlatform } from './platform.ts';
import type { StoredPart } from './ports/upload-objects.ts';
import { settleUpload } from './settle-upload.ts';
import { storedParts } from './stored-parts.ts';
import { isOpen, type Upload, type UploadKey } from './upload.ts';
import { beginCompletingWrite } from './writes/begin-completing.ts';

/** A part as its owner says that it has arrived. */
export interface ClaimedPart {
  partNumber: number;
  etag?: string;
  sha256?: string;
}

/**
 * Makes the file of an upload: its parts are joined when every one is there and is as its owner says. May be asked for
 * again, at any time: what counts is what the object store has.
 * @param claimed what the owner believes; parts that it does not name are believed as they are
 * @returns the upload, stored or rejected
 * @throws LonghaulError `upload-not-found`, `upload-not-open`, `upload-incomplete`, `upload-part-mismatch`,
 *   `upload-part-unknown` (final), `upload-parts-changed` (retryable)
 */
export async function completeUpload(
  platform: UploadPlatform,
  key: UploadKey,
  claimed: readonly ClaimedPart[] = [],
): Promise<Upload> {
  const upload = await loadUpload(platform, key);
  if (upload === undefined) throw uploadNotFound(key.uploadId);
  if (upload.state === 'stored' || upload.state === 'rejected') return upload;
  if (!isOpen(upload)) throw uploadNotOpen(upload);
  if (upload.partBytes !== undefined) await joinParts(platform, { ...upload, partBytes: upload.partBytes }, claimed);
  const version = await platform.uploadObjects.stat(upload.url);
  if (version === undefined) throw uploadIncomplete(upload, 'the file has not arrived');
  const settled = await settleUpload(platform, upload, version);
  if (settled === undefined) throw uploadNotFound(key.uploadId);
  if (settled.state !== 'stored' && settled.state !== 'rejected') throw uploadNotOpen(settled);
  return settled;
}

async function joinParts(
  platform: UploadPlatform,
  upload: Upload & { partBytes: number },
  claimed: readonly ClaimedPart[],
): Promise<void> {
  const parts = await storedParts(platform, upload);
  if (parts === undefined) {
    // Joined before, or never begun: whether there is an object tells.
    if (upload.multipartId === undefined) throw uploadIncomplete(upload, 'no part has arrived');
    return;
  }
  refuseWhatIsMissing(upload, parts);
  refuseMismatches(upload, parts, claimed);
  const now = platform.clock.now();
  if (upload.state === 'open') {
    const written = await platform.store.write(beginCompletingWrite(upload, now + UNDONE_MILLISECONDS, now));
    const state = written.item?.['state'];
    if (!written.accepted && state !== 'completing' && state !== 'stored') {
      throw uploadNotOpen((await loadUpload(platform, upload)) ?? upload);
    }
  }
  const outcome = await platform.uploadObjects.completeMultipart(upload.url, upload.multipartId ?? '', parts);
  if (outcome === 'refused') throw partsChanged(upload);
}

/** Every part is there, and has the size that its number says: so the file has the size that was announced. */
function refuseWhatIsMissing(upload: Upload & { partBytes: number }, parts: readonly StoredPart[]): void {
  const sizes = new Map(parts.map(({ partNumber, bytes }) => [partNumber, bytes]));
  const count = partCount(upload);
  for (let partNumber = 1; partNumber <= count; partNumber++) {
    const bytes = sizes.get(partNumber);
    const expected = partSize(upload, partNumber);
    if (bytes === expected) continue;
    const what = bytes === undefined ? 'has not arrived' : `has ${bytes} bytes, not ${expected}`;
    throw uploadIncomplete(upload, `part ${partNumber} of ${count} ${what}`);
  }
  const extra = parts.find(({ partNumber }) => partNumber > count);
  if (extra !== undefined) throw uploadIncomplete(upload, `it has ${count} parts, and a part ${extra.partNumber} came`);
}

function refuseMismatches(upload: Upload, parts: readonly StoredPart[], claimed: readonly ClaimedPart[]): void {
  const byNumber = new Map(parts.map((part) => [part.partNumber, part]));
  for (const [index, claim] of claimed.entries()) {
    const part = byNumber.get(claim.partNumber);
    const field = `/parts/${index}`;
    if (part === undefined) throw partUnknown(claim.partNumber, parts.length, `${field}/partNumber`);
    if (claim.etag !== undefined && unquoted(claim.etag) !== unquoted(part.etag)) {
      throw partMismatch(claim.partNumber, 'ETag', `${field}/etag`);
    }
    if (claim.sha256 !== undefined && claim.sha256 !== part.sha256) {
      throw partMismatch(claim.partNumber, 'sha256', `${field}/sha256`);
    }
  }
}

const unquoted = (etag: string): string => etag.replace(/^"|"$/g, '');
