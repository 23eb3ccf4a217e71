import { numberOf, textOf } from '../jobs/items/attributes.ts';
import { activePartition } from '../jobs/items/keys.ts';
import type { ErrorRecord } from '../jobs/job.ts';
import type { Item } from '../jobs/ports/job-store.ts';
import { UPLOAD_STATES, type Upload } from './upload.ts';

/** The row of an upload that was just opened, or of a file that was just found. */
export function newUploadItem(upload: Upload): Item {
  return {
    state: upload.state,
    version: upload.version,
    origin: upload.origin,
    url: upload.url.href,
    fileName: upload.fileName,
    contentType: upload.contentType,
    bytes: upload.bytes,
    subject: upload.subject,
    createdAt: upload.createdAt,
    updatedAt: upload.updatedAt,
    expiresAt: upload.expiresAt,
    ...optional('partBytes', upload.partBytes),
    ...optional('sha256', upload.sha256),
    ...optional('processId', upload.processId),
    ...optional('versionId', upload.versionId),
    ...optional('etag', upload.etag),
    ...optional('storedAt', upload.storedAt),
    ...(upload.failure === undefined ? {} : { failure: { ...upload.failure } }),
    ...(upload.dueAt === undefined ? {} : { activePartition: activePartition(upload.uploadId), dueAt: upload.dueAt }),
  };
}

/** Reads the row of an upload back. @throws TypeError when it is not one */
export function readUploadItem(tenant: string, uploadId: string, item: Item): Upload {
  const state = UPLOAD_STATES.find((known) => known === item['state']);
  if (state === undefined) throw new TypeError(`upload ${uploadId} has the unknown state ${textOf(item, 'state')}`);
  return {
    tenant,
    uploadId,
    state,
    version: numberOf(item, 'version'),
    origin: item['origin'] === 'dropped' ? 'dropped' : 'announced',
    url: new URL(textOf(item, 'url')),
    fileName: textOf(item, 'fileName'),
    contentType: textOf(item, 'contentType'),
    bytes: numberOf(item, 'bytes'),
    subject: textOf(item, 'subject'),
    createdAt: numberOf(item, 'createdAt'),
    updatedAt: numberOf(item, 'updatedAt'),
    expiresAt: numberOf(item, 'expiresAt'),
    ...optional('partBytes', item['partBytes'] as number | undefined),
    ...optional('sha256', item['sha256'] as string | undefined),
    ...optional('multipartId', item['multipartId'] as string | undefined),
    ...optional('processId', item['processId'] as string | undefined),
    ...optional('dueAt', item['dueAt'] as number | undefined),
    ...optional('versionId', item['versionId'] as string | undefined),
    ...optional('etag', item['etag'] as string | undefined),
    ...optional('storedAt', item['storedAt'] as number | undefined),
    ...optional('examinedAt', item['examinedAt'] as number | undefined),
    ...optional('format', item['format'] as string | undefined),
    ...optional('jobId', item['jobId'] as string | undefined),
    ...optional('failure', item['failure'] as unknown as ErrorRecord | undefined),
  };
}

function optional<Key extends string, T>(key: Key, value: T | undefined): { [K in Key]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: T };
}
