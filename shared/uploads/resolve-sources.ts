import { ulidSchema } from './ids.ts';
import type { ProcessDefinition } from '../jobs/process.ts';
import { uploadNotFound, uploadNotStored } from './errors.ts';
import { pinnedUrl } from './folders.ts';
import { loadUpload } from './load-upload.ts';
import type { UploadPlatform } from './platform.ts';
import { replaceSources } from './source-inputs.ts';
import { isStored } from './upload.ts';

/** `upload:<uploadID>` names the file of an upload. */
export const UPLOAD_SCHEME = 'upload:';

/**
 * Inputs in which uploads that are named as sources have become the addresses of their pinned versions.
 * @throws LonghaulError `upload-not-found` (final), also for another tenant's; `upload-not-stored` (final); each names
 *   the field
 */
export function resolveSources(
  platform: Pick<UploadPlatform, 'store'>,
  tenant: string,
  process: Pick<ProcessDefinition, 'sourceInputs'>,
  inputs: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  return replaceSources(process, inputs, async ({ source, field }) => {
    if (!source.startsWith(UPLOAD_SCHEME)) return source;
    const uploadId = source.slice(UPLOAD_SCHEME.length);
    const pointer = `/inputs${field}`;
    const isId = ulidSchema.safeParse(uploadId).success;
    const upload = isId ? await loadUpload(platform, { tenant, uploadId }) : undefined;
    if (upload === undefined) throw uploadNotFound(uploadId, pointer);
    if (!isStored(upload)) throw uploadNotStored(upload, pointer);
    return pinnedUrl(upload.url, upload.versionId).href;
  });
}
