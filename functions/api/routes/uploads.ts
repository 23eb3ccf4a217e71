import type { z } from 'zod';
import { completeUpload } from '../../../shared/uploads/complete-upload.ts';
import { deleteUpload } from '../../../shared/uploads/delete-upload.ts';
import { processTakesNoFile, uploadNotFound } from '../../../shared/uploads/errors.ts';
import { pinnedUrl, uploadUrl } from '../../../shared/uploads/folders.ts';
import { ulidSchema } from '../../../shared/uploads/ids.ts';
import { loadUpload } from '../../../shared/uploads/load-upload.ts';
import { openUpload, type Opening } from '../../../shared/uploads/open-upload.ts';
import { resolveSources } from '../../../shared/uploads/resolve-sources.ts';
import { signRequests } from '../../../shared/uploads/sign-requests.ts';
import { withSource } from '../../../shared/uploads/source-inputs.ts';
import { storedParts } from '../../../shared/uploads/stored-parts.ts';
import { isOpen, type Upload, type UploadKey } from '../../../shared/uploads/upload.ts';
import { listUploads } from '../../../shared/uploads/list-uploads.ts';
import type { Api } from '../api.ts';
import { partInfo, requestInfo, uploadInfo } from '../documents/upload-info.ts';
import { noSuchProcess } from '../errors.ts';
import { readJsonBody } from '../execute/read-body.ts';
import { schemaError } from '../execute/schema-errors.ts';
import { validateInputs } from '../execute/validate-inputs.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { nextLink, representationLinks } from '../links.ts';
import { nextCursor, readPage } from '../paging.ts';
import { readQuery } from '../query.ts';
import type { ApiRequest } from '../request.ts';
import { requireAcceptable, respond } from '../response.ts';
import { principalOf } from '../route-handler.ts';
import type { RouteHandler } from '../route-handler.ts';
import { completeBodySchema, partsBodySchema, uploadBodySchema } from '../uploads/upload-body.ts';
import { readUploadFilters, UPLOAD_FILTERS } from '../uploads/upload-filters.ts';

type UploadBody = z.output<typeof uploadBodySchema>;

/** The upload that a path names, under the tenant of the token. @throws LonghaulError `upload-not-found` */
function uploadKeyOf(request: ApiRequest): UploadKey {
  const uploadId = request.parameters['uploadId'] ?? '';
  if (!ulidSchema.safeParse(uploadId).success) throw uploadNotFound(uploadId);
  return { tenant: principalOf(request).tenant, uploadId };
}

/**
 * `POST /uploads`: reserves the bytes, then signs. The same `Idempotency-Key` gives the same upload, with addresses
 * that are signed anew: a replayed answer would hold expired ones.
 */
export const postUploads =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const body = parse(uploadBodySchema, readJsonBody(request));
    const { tenant, subject } = principalOf(request);
    const idempotencyKey = idempotencyKeyOf(request);
    requireAcceptable(request);
    const { fileName, contentType, bytes, sha256, partBytes, parts = [] } = body;
    const job = await jobOf(api, tenant, body);
    const { upload } = await openUpload(api.platform, {
      tenant,
      subject,
      fileName,
      contentType,
      bytes,
      parts,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(partBytes === undefined ? {} : { partBytes }),
      ...(job === undefined ? {} : { job }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    const wantsAddresses = upload.state === 'open' && (upload.partBytes === undefined || parts.length > 0);
    const signed = wantsAddresses
      ? await signRequests(api.platform, upload, parts, '/parts')
      : { upload, requests: [] };
    return respond(request, {
      title: `Upload ${upload.uploadId}`,
      status: 201,
      json: { ...uploadInfo(request.root, signed.upload), requests: signed.requests.map(requestInfo) },
      headers: { location: `${request.root}/uploads/${upload.uploadId}` },
    });
  };

/** What the file is to start, checked with the address that it will have: what is wrong is said before it is sent. */
async function jobOf({ platform }: Api, tenant: string, body: UploadBody): Promise<Opening['job']> {
  const { process: processId, inputs = {}, fileName } = body;
  if (processId === undefined) return undefined;
  const process = platform.processes.get(processId);
  if (process === undefined) throw noSuchProcess(processId);
  const resolved = await resolveSources(platform, tenant, process, inputs);
  const future = pinnedUrl(uploadUrl(platform, { tenant, uploadId: '0'.repeat(26) }, fileName), '0'.repeat(36));
  const sourced = withSource(process, resolved, future.href);
  if (sourced === undefined) throw processTakesNoFile(processId);
  validateInputs(process, sourced);
  return { processId, inputs: resolved };
}

/** `GET /uploads` */
export const getUploads =
  (api: Api): RouteHandler =>
  async (request) => {
    const query = readQuery(request, ['limit', 'cursor', ...UPLOAD_FILTERS]);
    const page = await readPage(api, request, query);
    const filters = readUploadFilters(query);
    const found = await listUploads(api.platform, principalOf(request).tenant, { ...page, ...filters });
    const links = [
      ...representationLinks(request, 'Uploads'),
      ...nextLink(request, await nextCursor(api, request, found.next)),
    ];
    const uploads = found.uploads.map((upload) => uploadInfo(request.root, upload));
    return respond(request, { title: 'Uploads', json: { uploads, links } });
  };

/** `GET /uploads/{uploadId}`: with the parts that have arrived, so that a sender can go on where it stopped. */
export const getUpload =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const key = uploadKeyOf(request);
    const upload = await loadUpload(api.platform, key);
    if (upload === undefined) throw uploadNotFound(key.uploadId);
    const parts = isOpen(upload) ? ((await storedParts(api.platform, upload)) ?? []) : [];
    const uploaded = upload.partBytes === undefined || !isOpen(upload) ? {} : { uploaded: parts.map(partInfo) };
    return respondUpload(request, upload, uploaded);
  };

/** `POST /uploads/{uploadId}/parts`: signs the addresses of some parts. */
export const postParts =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const key = uploadKeyOf(request);
    const { parts } = parse(partsBodySchema, readJsonBody(request));
    requireAcceptable(request);
    const upload = await loadUpload(api.platform, key);
    if (upload === undefined) throw uploadNotFound(key.uploadId);
    const signed = await signRequests(api.platform, upload, parts, '/parts');
    return respondUpload(request, signed.upload, { requests: signed.requests.map(requestInfo) });
  };

/** `POST /uploads/{uploadId}/complete`: may be sent again until the upload is stored or rejected. */
export const postComplete =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const key = uploadKeyOf(request);
    const { parts } = parse(completeBodySchema, readJsonBody(request) ?? {});
    requireAcceptable(request);
    return respondUpload(request, await completeUpload(api.platform, key, parts));
  };

/** `DELETE /uploads/{uploadId}`: gives an upload up, or removes its file; may be repeated. */
export const deleteUploads =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const key = uploadKeyOf(request);
    requireAcceptable(request);
    const upload = await deleteUpload(api.platform, key);
    if (upload === undefined) throw uploadNotFound(key.uploadId);
    return respondUpload(request, upload);
  };

function respondUpload(request: ApiRequest, upload: Upload, more: Record<string, unknown> = {}) {
  const json = { ...uploadInfo(request.root, upload), ...more };
  return respond(request, { title: `Upload ${upload.uploadId}`, json });
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw schemaError(parsed.error, '', body);
}
