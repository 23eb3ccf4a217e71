import type { ErrorRecord } from '../jobs/job.ts';

/** States of an upload; the state machine that moves between them stands in `state-machine.ts`. */
export const UPLOAD_STATES = ['open', 'completing', 'stored', 'aborted', 'expired', 'rejected', 'deleted'] as const;
export type UploadState = (typeof UPLOAD_STATES)[number];

/** Names one upload: it is only ever found under its tenant. */
export interface UploadKey {
  tenant: string;
  /** ULID, minted before the first write; sorts by time. */
  uploadId: string;
}

/** Under which rule a file came: announced by `POST /uploads`, or put under the drop prefix by whoever may write there. */
export type UploadOrigin = 'announced' | 'dropped';

/** The row of an upload. */
export interface Upload extends UploadKey {
  state: UploadState;
  /** +1 at each accepted write to this row. */
  version: number;
  origin: UploadOrigin;
  /** Where the file is, or will be. */
  url: URL;
  /** As its owner calls it; the key has a tame form of it. */
  fileName: string;
  contentType: string;
  /** Size that was announced, or that a dropped file has. */
  bytes: number;
  /** Size of each part but the last; absent for a file that goes up by one PUT. */
  partBytes?: number;
  /** SHA-256 of a file that goes up by one PUT, in hexadecimal digits. */
  sha256?: string;
  /** Names the multipart upload in the object store; absent until there is one. */
  multipartId?: string;
  /** Who opened it, from the token. */
  subject: string;
  /** Process whose job the file starts. */
  processId?: string;
  /** Milliseconds since the epoch, like every time of a row. */
  createdAt: number;
  updatedAt: number;
  /** When an upload that is not complete is given up. */
  expiresAt: number;
  /** When the sweeper looks next; absent when nothing is left to do. */
  dueAt?: number;
  /** The version that the upload is pinned to, once it is stored. */
  versionId?: string;
  etag?: string;
  storedAt?: number;
  /** When its first bytes were looked at and its job, if one was asked for, was started. */
  examinedAt?: number;
  /** What the first bytes say; absent when they say nothing that we know. */
  format?: string;
  jobId?: string;
  /** Why it was rejected, or why its job was not started. */
  failure?: ErrorRecord;
}

/** An upload whose file is verified and pinned. */
export type StoredUpload = Upload & { state: 'stored'; versionId: string; etag: string; storedAt: number };

export function isStored(upload: Upload): upload is StoredUpload {
  return upload.state === 'stored';
}

/** True while its bytes are reserved and it may still become a file. */
export function isOpen({ state }: Upload): boolean {
  return state === 'open' || state === 'completing';
}
