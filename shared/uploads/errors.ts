import { LonghaulError } from '../errors/longhaul-error.ts';
import type { Upload } from './upload.ts';

/**
 * Also said of another tenant's upload: whether it exists is none of the caller's business.
 * @param field JSON pointer, when an input names it
 */
export const uploadNotFound = (id: string, field?: string): LonghaulError =>
  new LonghaulError({
    code: 'upload-not-found',
    retryable: false,
    detail: `There is no upload ${JSON.stringify(id.slice(0, 80))}.`,
    remedy: 'Take an uploadID of GET /uploads.',
    ...(field === undefined ? {} : { field }),
  });

/** @param field JSON pointer of the input that names it */
export const uploadNotStored = ({ uploadId, state }: Upload, field: string): LonghaulError =>
  new LonghaulError({
    code: 'upload-not-stored',
    retryable: false,
    detail: `Upload ${uploadId} is ${state}: it has no file that could be read.`,
    remedy: 'Complete the upload first, or name another one.',
    field,
  });

export const uploadNotOpen = ({ uploadId, state }: Upload): LonghaulError =>
  new LonghaulError({
    code: 'upload-not-open',
    retryable: false,
    detail: `Upload ${uploadId} is ${state}.`,
    remedy: 'Open another one with POST /uploads.',
  });

/** @param missing what has not arrived, in words */
export const uploadIncomplete = ({ uploadId }: Upload, missing: string): LonghaulError =>
  new LonghaulError({
    code: 'upload-incomplete',
    retryable: false,
    detail: `Upload ${uploadId} is not complete: ${missing}.`,
    remedy: 'Send what is missing (POST /uploads/{uploadId}/parts signs addresses), then complete it again.',
  });

/** @param field JSON pointer of the part */
export const partMismatch = (partNumber: number, what: string, field: string): LonghaulError =>
  new LonghaulError({
    code: 'upload-part-mismatch',
    retryable: false,
    detail: `Part ${partNumber} has arrived with another ${what} than you name.`,
    remedy: 'See GET /uploads/{uploadId} for what has arrived; send the part again if it is not what it should be.',
    field,
  });

export const partUnknown = (partNumber: number, parts: number, field: string): LonghaulError =>
  new LonghaulError({
    code: 'upload-part-unknown',
    retryable: false,
    detail: `The upload has no part ${partNumber}.`,
    limit: parts,
    actual: partNumber,
    remedy: 'Name each part once, by numbers from 1 on; an upload that has no partBytes has no parts.',
    field,
  });

/** Between the look at the parts and their joining one was sent again. */
export const partsChanged = ({ uploadId }: Upload): LonghaulError =>
  new LonghaulError({
    code: 'upload-parts-changed',
    retryable: true,
    detail: `A part of upload ${uploadId} was replaced while the parts were joined.`,
    remedy: 'Complete it again, without sending any part meanwhile.',
    retryAfterMs: 1_000,
  });

/** A checksum that must be given, or that nobody could verify. */
export const checksumMissing = (): LonghaulError =>
  new LonghaulError({
    code: 'upload-checksum-missing',
    retryable: false,
    detail: 'A file that goes up by one PUT needs its sha256: the address is signed for it.',
    remedy: 'Give sha256 in 64 hexadecimal digits, or partBytes to send it in parts.',
    field: '/sha256',
  });

export const checksumUnverifiable = (): LonghaulError =>
  new LonghaulError({
    code: 'upload-checksum-unverifiable',
    retryable: false,
    detail: 'The file goes up in parts, each verified by its own sha256; nobody could verify one of the whole.',
    remedy: 'Leave sha256 out, and give the sha256 of each part when you ask for its address.',
    field: '/sha256',
  });

export const partSizeInvalid = (partBytes: number, least: number): LonghaulError =>
  new LonghaulError({
    code: 'upload-part-size-invalid',
    retryable: false,
    detail: `With parts of ${partBytes} bytes the file has more than 10,000 of them.`,
    limit: least,
    actual: partBytes,
    remedy: `Give a partBytes of at least ${least}, or leave it out.`,
    field: '/partBytes',
  });

/** An event that no version of S3 sends; its message goes to the dead letters. */
export const eventInvalid = (why: string, cause?: unknown): LonghaulError =>
  new LonghaulError({
    code: 'upload-event-invalid',
    retryable: false,
    detail: `The event of the bucket cannot be read: ${why}.`,
    remedy: 'It is kept with the dead letters; look who else sends to the queue.',
    cause,
  });

/** @param processId that cannot be started by a file */
export const processTakesNoFile = (processId: string): LonghaulError =>
  new LonghaulError({
    code: 'process-takes-no-file',
    retryable: false,
    detail: `The process ${processId} has no input that names a source.`,
    remedy: 'Upload without a process, and execute the process afterwards.',
    field: '/process',
  });
