import { partUnknown, uploadNotOpen } from './errors.ts';
import { IDLE_MILLISECONDS, MAX_OPEN_MILLISECONDS, partCount, partSize, SIGNED_SECONDS } from './limits.ts';
import { loadUpload } from './load-upload.ts';
import type { UploadPlatform } from './platform.ts';
import type { SignedRequest } from './ports/upload-objects.ts';
import type { Upload } from './upload.ts';
import { readUploadItem } from './upload-item.ts';
import { extendUploadWrite } from './writes/extend-upload.ts';
import { startMultipartWrite } from './writes/start-multipart.ts';

/** A part that is to be sent, with the checksum that its address is signed for. */
export interface WantedPart {
  partNumber: number;
  /** In hexadecimal digits. */
  sha256: string;
}

/** A signed request for the file, or for one of its parts. */
export interface SignedUpload extends SignedRequest {
  /** Absent for a file that goes up by one PUT. */
  partNumber?: number;
  bytes: number;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** An upload that parts can be sent to. */
type PartedUpload = Upload & { partBytes: number };

/**
 * Signs the PUT of a file, or those of some of its parts: exactly this key, length and checksum, for 15 minutes. The
 * upload is extended first, by a write that only an open one takes: no address is made for any other.
 * @param field JSON pointer of the list of parts
 * @throws LonghaulError (final) `upload-not-open`, `upload-part-unknown`
 */
export async function signRequests(
  platform: UploadPlatform,
  upload: Upload,
  wanted: readonly WantedPart[],
  field: string,
): Promise<{ upload: Upload; requests: SignedUpload[] }> {
  refuseUnknownParts(upload, wanted, field);
  const extended = await extend(platform, upload);
  if (isParted(extended)) return signParts(platform, extended, wanted);
  const { url, contentType, bytes, sha256 } = extended;
  if (sha256 === undefined) throw new TypeError(`upload ${upload.uploadId} has neither parts nor a checksum`);
  const expiresAt = expiryOf(platform);
  const body = { bytes, sha256, contentType };
  const request = await platform.uploadObjects.signPut(url, body, SIGNED_SECONDS);
  return { upload: extended, requests: [{ ...request, bytes, expiresAt }] };
}

async function signParts(
  platform: UploadPlatform,
  upload: PartedUpload,
  wanted: readonly WantedPart[],
): Promise<{ upload: Upload; requests: SignedUpload[] }> {
  const { multipartId, ...started } = await startMultipart(platform, upload);
  const expiresAt = expiryOf(platform);
  const requests = await Promise.all(
    wanted.map(async ({ partNumber, sha256 }) => {
      const bytes = partSize(upload, partNumber);
      const part = { partNumber, bytes, sha256 };
      const request = await platform.uploadObjects.signPart(upload.url, multipartId, part, SIGNED_SECONDS);
      return { ...request, partNumber, bytes, expiresAt };
    }),
  );
  return { upload: { ...started, multipartId }, requests };
}

/** Starts the multipart upload of an open upload that has none; of two that were started at once one is dropped. */
async function startMultipart(
  platform: UploadPlatform,
  upload: PartedUpload,
): Promise<PartedUpload & { multipartId: string }> {
  if (upload.multipartId !== undefined) return { ...upload, multipartId: upload.multipartId };
  const { uploadObjects, store, clock } = platform;
  const multipartId = await uploadObjects.createMultipart(upload.url, upload.contentType);
  const written = await store.write(startMultipartWrite(upload, multipartId, clock.now()));
  if (written.accepted) return { ...upload, multipartId };
  await uploadObjects.abortMultipart(upload.url, multipartId);
  const known = await loadUpload(platform, upload);
  if (known?.state !== 'open' || known.multipartId === undefined || !isParted(known))
    throw uploadNotOpen(known ?? upload);
  return { ...known, multipartId: known.multipartId };
}

async function extend({ store, clock }: UploadPlatform, upload: Upload): Promise<Upload> {
  const now = clock.now();
  const expiresAt = Math.min(now + IDLE_MILLISECONDS, upload.createdAt + MAX_OPEN_MILLISECONDS);
  const { accepted, item } = await store.write(extendUploadWrite(upload, expiresAt, now));
  const known = item === undefined ? upload : readUploadItem(upload.tenant, upload.uploadId, item);
  if (!accepted) throw uploadNotOpen(known);
  return known;
}

/** @throws LonghaulError `upload-part-unknown` (final) unless the upload has each part, and each is named once */
export function refuseUnknownParts(upload: Upload, wanted: readonly WantedPart[], field: string): void {
  const parts = isParted(upload) ? partCount(upload) : 0;
  const seen = new Set<number>();
  for (const [index, { partNumber }] of wanted.entries()) {
    const isKnown = partNumber >= 1 && partNumber <= parts && !seen.has(partNumber);
    if (!isKnown) throw partUnknown(partNumber, parts, `${field}/${index}/partNumber`);
    seen.add(partNumber);
  }
}

const expiryOf = ({ clock }: UploadPlatform): number => clock.now() + SIGNED_SECONDS * 1_000;

const isParted = (upload: Upload): upload is PartedUpload => upload.partBytes !== undefined;
