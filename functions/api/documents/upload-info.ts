import type { Link } from '../../../shared/http/link.ts';
import type { ErrorRecord } from '../../../shared/jobs/job.ts';
import { partCount } from '../../../shared/uploads/limits.ts';
import type { StoredPart } from '../../../shared/uploads/ports/upload-objects.ts';
import { UPLOAD_SCHEME } from '../../../shared/uploads/resolve-sources.ts';
import type { SignedUpload } from '../../../shared/uploads/sign-requests.ts';
import { isOpen, isStored, type Upload, type UploadState } from '../../../shared/uploads/upload.ts';
import { iso } from './status-info.ts';

/** An upload as a caller sees it. */
export interface UploadInfo {
  uploadID: string;
  state: UploadState;
  fileName: string;
  contentType: string;
  bytes: number;
  /** Size of each part but the last, and how many there are; absent for a file that goes up by one PUT. */
  partBytes?: number;
  parts?: number;
  /** What the first bytes say. */
  format?: string;
  /** How a job names the file as its source. */
  source?: string;
  processID?: string;
  jobID?: string;
  failure?: ErrorRecord;
  created: string;
  updated: string;
  /** When an upload that is not complete is given up. */
  expires?: string;
  stored?: string;
  links: Link[];
}

/** A request that is signed. */
export interface RequestInfo {
  partNumber?: number;
  method: 'PUT';
  href: string;
  /** Each is to be sent as it stands; the length is made from the body by every client. */
  headers: Readonly<Record<string, string>>;
  bytes: number;
  expires: string;
}

export function uploadInfo(root: string, upload: Upload): UploadInfo {
  const { partBytes, bytes } = upload;
  return {
    uploadID: upload.uploadId,
    state: upload.state,
    fileName: upload.fileName,
    contentType: upload.contentType,
    bytes,
    ...(partBytes === undefined ? {} : { partBytes, parts: partCount({ bytes, partBytes }) }),
    ...(upload.format === undefined ? {} : { format: upload.format }),
    ...(isStored(upload) ? { source: UPLOAD_SCHEME + upload.uploadId } : {}),
    ...(upload.processId === undefined ? {} : { processID: upload.processId }),
    ...(upload.jobId === undefined ? {} : { jobID: upload.jobId }),
    ...(upload.failure === undefined ? {} : { failure: upload.failure }),
    created: iso(upload.createdAt),
    updated: iso(upload.updatedAt),
    ...(isOpen(upload) ? { expires: iso(upload.expiresAt) } : {}),
    ...(upload.storedAt === undefined ? {} : { stored: iso(upload.storedAt) }),
    links: uploadLinks(root, upload),
  };
}

export const requestInfo = (request: SignedUpload): RequestInfo => ({
  ...(request.partNumber === undefined ? {} : { partNumber: request.partNumber }),
  method: request.method,
  href: request.url.href,
  headers: request.headers,
  bytes: request.bytes,
  expires: iso(request.expiresAt),
});

export const partInfo = ({ partNumber, bytes, etag, sha256 }: StoredPart) => ({
  partNumber,
  bytes,
  etag,
  ...(sha256 === undefined ? {} : { sha256 }),
});

function uploadLinks(root: string, upload: Upload): Link[] {
  const path = `${root}/uploads/${upload.uploadId}`;
  const type = 'application/json';
  return [
    { href: path, rel: 'self', type, title: 'Upload' },
    { href: `${root}/uploads`, rel: 'up', type, title: 'All uploads' },
    ...(isOpen(upload)
      ? [
          { href: `${path}/parts`, rel: 'related', type, title: 'Sign addresses of parts' },
          { href: `${path}/complete`, rel: 'related', type, title: 'Complete' },
        ]
      : []),
    ...(upload.jobId === undefined
      ? []
      : [{ href: `${root}/jobs/${upload.jobId}`, rel: 'monitor', type, title: 'Job of the file' }]),
  ];
}
