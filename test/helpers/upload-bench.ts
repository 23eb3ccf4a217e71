import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineProcess } from '../../shared/jobs/process.ts';
import { MemoryUploadObjects, type MemoryObjectEvent } from '../../shared/local/memory-upload-objects.ts';
import { sweep } from '../../shared/jobs/handlers/sweep.ts';
import { quotaItemKey } from '../../shared/jobs/items/keys.ts';
import { handleObjectCreated } from '../../shared/uploads/handlers/handle-object-created.ts';
import { dueUploads } from '../../shared/uploads/handlers/sweep-uploads.ts';
import { uploadItemKey } from '../../shared/uploads/keys.ts';
import { openUpload, type Opening } from '../../shared/uploads/open-upload.ts';
import type { UploadPlatform, UploadQuotas } from '../../shared/uploads/platform.ts';
import { signRequests } from '../../shared/uploads/sign-requests.ts';
import type { Upload } from '../../shared/uploads/upload.ts';
import { readUploadItem } from '../../shared/uploads/upload-item.ts';
import { createTestEngine, type TestEngine } from './test-engine.ts';

export const PART = 5 * 1024 * 1024;
export const TENANT = 'acme';

export const QUOTAS: UploadQuotas = { maxStoredBytes: 100_000_000, maxInFlightBytes: 50_000_000, maxOpenUploads: 3 };

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
export const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** A process that takes one file and counts nothing: what matters is that its job is started, and with what. */
export const readerProcess = defineProcess({
  id: 'reader',
  version: '1.0.0',
  title: 'Reader',
  description: 'Takes a file.',
  inputs: z.strictObject({
    datasets: z
      .array(z.strictObject({ source: z.string().max(2048), id: z.string().exactOptional() }))
      .min(1)
      .max(2),
    zoom: z.int().max(20).default(3),
  }),
  outputs: {},
  sourceInputs: ['/datasets/*/source'],
  jobControlOptions: ['async-execute'],
  limits: { memoryMiB: 128, timeoutSeconds: 10, concurrency: 2, attempts: 2, deadlineSeconds: 3600 },
  plan: () => Promise.resolve({ datasets: [], toleratedFailurePercentage: 0 }),
  runChunk: () => Promise.reject(new TypeError('nothing to run')),
  finish: () => Promise.resolve({ results: {}, artifacts: [] }),
});

export interface UploadBench extends TestEngine {
  platform: UploadPlatform;
  bucket: MemoryUploadObjects;
  quotas: UploadQuotas;
  /** Opens an upload of two parts. */
  open: (opening?: Partial<Opening>) => Promise<Upload>;
  /** Opens an upload of one PUT for a content. */
  openSingle: (content: Uint8Array, opening?: Partial<Opening>) => Promise<Upload>;
  /** Opens an upload for a content, and sends it, all but the parts left out. */
  send: (content: Uint8Array, opening?: Partial<Opening>, leaveOut?: readonly number[]) => Promise<Upload>;
  row: (uploadId: string, tenant?: string) => Promise<Upload | undefined>;
  /** What the tenant has in use. */
  inUse: (tenant?: string) => Promise<Record<string, unknown>>;
  /** Handles one event. */
  event: (event: MemoryObjectEvent) => Promise<void>;
  /** Handles the events that wait, each so often. */
  follow: (times?: number) => Promise<void>;
  sweep: () => Promise<void>;
}

/** Uploads over memory, with a clock that the test moves. */
export function createUploadBench(quotas: Partial<UploadQuotas> = {}): UploadBench {
  const test = createTestEngine({}, [readerProcess]);
  const bucket = new MemoryUploadObjects({ clock: test.clock });
  const limits = { ...QUOTAS, ...quotas };
  const platform: UploadPlatform = {
    ...test.engine.platform,
    uploadObjects: bucket,
    quotas: () => limits,
    uploadLocations: { uploads: new URL('s3://data/uploads/'), incoming: new URL('s3://data/incoming/') },
  };
  const store = test.engine.store;
  const common = { tenant: TENANT, subject: 'ann', fileName: 'scene.tif', contentType: 'image/tiff' };
  const openWith = async (opening: Opening): Promise<Upload> => (await openUpload(platform, opening)).upload;
  const row: UploadBench['row'] = async (uploadId, tenant = TENANT) => {
    const item = await store.read(uploadItemKey({ tenant, uploadId }), { consistent: true });
    return item && readUploadItem(tenant, uploadId, item);
  };
  return {
    ...test,
    platform,
    bucket,
    quotas: limits,
    open: (opening = {}) => openWith({ ...common, bytes: PART + 4, partBytes: PART, ...opening }),
    openSingle: (content, opening = {}) =>
      openWith({ ...common, bytes: content.length, sha256: sha256(content), ...opening }),
    row,
    send: async (content, opening = {}, leaveOut = []) => {
      const isParted = content.length > PART;
      const kind = isParted ? { partBytes: PART } : { sha256: sha256(content) };
      const upload = await openWith({ ...common, bytes: content.length, ...kind, ...opening });
      const parts = isParted ? Array.from({ length: Math.ceil(content.length / PART) }, (_, index) => index + 1) : [];
      const slice = (partNumber: number): Uint8Array => content.subarray((partNumber - 1) * PART, partNumber * PART);
      const wanted = parts.map((partNumber) => ({ partNumber, sha256: sha256(slice(partNumber)) }));
      const { requests } = await signRequests(platform, upload, wanted, '/parts');
      for (const request of requests) {
        const { partNumber } = request;
        if (partNumber !== undefined && leaveOut.includes(partNumber)) continue;
        const status = bucket.send(request, partNumber === undefined ? content : slice(partNumber));
        if (status !== 200) throw new Error(`the bucket answers ${status}`);
      }
      return upload;
    },
    inUse: async (tenant = TENANT) => ({ ...(await store.read(quotaItemKey(tenant), { consistent: true })) }),
    event: ({ url, versionId }) => handleObjectCreated(platform, url, versionId),
    follow: async (times = 1) => {
      for (const { url, versionId } of bucket.takeEvents()) {
        for (let time = 0; time < times; time++) await handleObjectCreated(platform, url, versionId);
      }
    },
    sweep: async () => void (await sweep(platform, [dueUploads(platform)])),
  };
}
