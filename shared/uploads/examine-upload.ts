import { LonghaulError } from '../errors/longhaul-error.ts';
import { QuotaError } from '../errors/quota-error.ts';
import { describeError } from '../jobs/describe-error.ts';
import type { ErrorRecord } from '../jobs/job.ts';
import { readStoredJson } from '../jobs/stored-json.ts';
import { submitJob } from '../jobs/submit-job.ts';
import { derivedId } from './derived-id.ts';
import { detectFormat } from './detect-format.ts';
import { processTakesNoFile } from './errors.ts';
import { pinnedUrl, uploadRequestUrl } from './folders.ts';
import { EXAMINED_BYTES } from './limits.ts';
import type { UploadPlatform } from './platform.ts';
import { withSource } from './source-inputs.ts';
import type { StoredUpload } from './upload.ts';
import { finishExaminationWrite } from './writes/finish-examination.ts';

/**
 * Looks at the first bytes of a stored upload, and starts the job that was asked for: one for each version, whoever
 * examines it and how often. May be run again until its last write is done, and changes nothing after that.
 * @throws LonghaulError (retryable) when a service cannot be reached: the event, or the sweeper, comes again
 */
export async function examineUpload(platform: UploadPlatform, upload: StoredUpload): Promise<void> {
  if (upload.examinedAt !== undefined) return;
  const named = { tenant: upload.tenant, upload: upload.uploadId };
  const start = await platform.uploadObjects.readStart(upload.url, upload.versionId, EXAMINED_BYTES);
  const format = start === undefined ? undefined : detectFormat(start);
  const started = await startJob(platform, upload);
  if (started === 'later') {
    platform.logger.info('upload.job.waits', named);
    return;
  }
  const found = { ...(format === undefined ? {} : { format }), ...started };
  const written = await platform.store.write(finishExaminationWrite(upload, { ...found, now: platform.clock.now() }));
  if (!written.accepted) return;
  platform.logger.info('upload.examined', { ...named, format, job: started.jobId, reason: started.failure?.code });
}

/**
 * What is wrong with what was asked for, and is so for whoever looks: only this is written down. Any other error, such as
 * a permission that is missing, may be this function's own, and another one may have started the job meanwhile.
 */
const REFUSALS: ReadonlySet<string> = new Set(['input-invalid', 'process-takes-no-file', 'stored-object-corrupt']);

type Started = { jobId?: string; failure?: ErrorRecord };

/** @returns `later` when the tenant has as many active jobs as it may: the sweeper tries again */
async function startJob(platform: UploadPlatform, upload: StoredUpload): Promise<Started | 'later'> {
  if (upload.processId === undefined) return {};
  try {
    return { jobId: await submit(platform, upload, upload.processId) };
  } catch (error) {
    if (error instanceof QuotaError) return 'later';
    if (error instanceof LonghaulError && REFUSALS.has(error.code)) return { failure: describeError(error) };
    throw error;
  }
}

async function submit(platform: UploadPlatform, upload: StoredUpload, processId: string): Promise<string> {
  const { tenant, uploadId, versionId, storedAt, subject } = upload;
  const { job } = await submitJob(platform, {
    tenant,
    subject,
    processId,
    request: { inputs: await inputsOf(platform, upload, processId) },
    // Both are the same for the same version, so that there is one job however late this runs again.
    idempotencyKey: `upload:${uploadId}:${versionId}`,
    jobId: derivedId(storedAt, tenant, uploadId, versionId),
  });
  return job.jobId;
}

/** The inputs that were announced, or none, with the pinned version as their source. */
async function inputsOf(
  platform: UploadPlatform,
  upload: StoredUpload,
  processId: string,
): Promise<Record<string, unknown>> {
  const process = platform.processes.get(processId);
  if (process === undefined) throw processTakesNoFile(processId);
  const stored =
    upload.origin === 'dropped'
      ? undefined
      : await readStoredJson(platform.objects, uploadRequestUrl(platform, upload));
  const { inputs = {} } = (stored ?? {}) as { inputs?: Record<string, unknown> };
  const sourced = withSource(process, inputs, pinnedUrl(upload.url, upload.versionId).href);
  if (sourced === undefined) throw processTakesNoFile(processId);
  const parsed = process.inputs.safeParse(sourced);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new LonghaulError({
    code: 'input-invalid',
    retryable: false,
    detail: `/inputs/${(issue?.path ?? []).join('/')}: ${issue?.message ?? 'is not what the process takes'}`,
    remedy: 'Execute the process with the upload as its source, and with the inputs that it needs.',
  });
}
