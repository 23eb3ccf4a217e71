import { z } from 'zod';
import { fromAttributes, fromKeyAttributes, toAttributes } from '../../shared/aws/attribute-value.ts';
import { completeUpload } from '../../shared/uploads/complete-upload.ts';
import { deleteUpload } from '../../shared/uploads/delete-upload.ts';
import { UPLOAD_STATES } from '../../shared/uploads/upload.ts';
import { createUploadBench, PART, text, type UploadBench } from '../helpers/upload-bench.ts';

const DAY = 24 * 60 * 60_000;
const SMALL = text('name,lat,lon\nhut,47,11\n');
const instant = z.number();
const count = z.int().min(0);

/** What this version's code demands of what uploads store; members that are not named are passed over. */
export const UPLOAD_SCHEMAS = {
  /** `shared/uploads/upload-item.ts` */
  uploadRow: z.looseObject({
    state: z.enum(UPLOAD_STATES),
    version: z.int().min(1),
    origin: z.enum(['announced', 'dropped']),
    url: z.string().regex(/^s3:\/\//),
    fileName: z.string(),
    contentType: z.string(),
    bytes: count,
    subject: z.string(),
    createdAt: instant,
    updatedAt: instant,
    expiresAt: instant,
    partBytes: z.int().min(1).optional(),
    sha256: z.string().optional(),
    multipartId: z.string().optional(),
    processId: z.string().optional(),
    activePartition: z.string().optional(),
    dueAt: instant.optional(),
    versionId: z.string().optional(),
    etag: z.string().optional(),
    storedAt: instant.optional(),
    examinedAt: instant.optional(),
    format: z.string().optional(),
    jobId: z.string().optional(),
    failure: z.looseObject({ code: z.string(), detail: z.string() }).optional(),
    ttl: z.int().optional(),
  }),
  /** `shared/jobs/items/quota-item.ts`; active jobs have names of their own. */
  quotaRow: z.looseObject({
    committedBytes: count.optional(),
    inFlightBytes: count.optional(),
    openUploads: count.optional(),
    activeJobs: count.optional(),
  }),
  /** `shared/uploads/open-upload.ts` */
  openingRow: z.looseObject({ uploadId: z.string(), requestHash: z.string(), expiresAt: instant, ttl: z.int() }),
  /** `shared/uploads/folders.ts`, `uploadRequestUrl` */
  uploadRequest: z.looseObject({ inputs: z.record(z.string(), z.unknown()) }),
} as const;
export type UploadKind = keyof typeof UPLOAD_SCHEMAS;

/** What a version stored of uploads, and the schemas that it reads by, as JSON Schema. */
export interface RecordedUploads {
  now: number;
  rows: ReturnType<typeof toAttributes>[];
  objects: Record<string, string>;
  schemas: Record<string, object>;
}

/** A bench with an upload in each state, and its quota. */
export async function uploadsInEachState(): Promise<UploadBench> {
  const bench = createUploadBench({ maxOpenUploads: 9 });
  const job = { processId: 'reader', inputs: { zoom: 5 } };
  const large = new Uint8Array(PART + 4).fill(7);
  await bench.send(large, {}, [2]);
  bench.clock.advance(DAY);
  await bench.sweep();
  await bench.send(SMALL, { job });
  await bench.follow();
  const rejected = await bench.openSingle(SMALL);
  bench.bucket.put(rejected.url, text('something else'));
  await bench.follow();
  await deleteUpload(bench.platform, await bench.openSingle(SMALL));
  const deleted = await bench.send(SMALL);
  await bench.follow();
  await deleteUpload(bench.platform, deleted);
  bench.bucket.put(new URL('s3://data/incoming/acme/reader/huts.csv'), SMALL);
  await bench.follow();
  await bench.openSingle(SMALL, { idempotencyKey: 'k', job });
  const completing = await bench.send(large);
  const dying = { ...bench.platform.uploadObjects, completeMultipart: () => Promise.reject(new Error('died')) };
  const uploadObjects = Object.assign(Object.create(bench.bucket) as typeof bench.bucket, {
    completeMultipart: dying.completeMultipart,
    listParts: bench.bucket.listParts.bind(bench.bucket),
  });
  await completeUpload({ ...bench.platform, uploadObjects }, completing).catch((error: unknown) => {
    if (!(error instanceof Error) || error.message !== 'died') throw error;
  });
  return bench;
}

/** Writes down what this version stores of uploads. */
export async function recordUploads(): Promise<RecordedUploads> {
  const bench = await uploadsInEachState();
  const kept = bench.engine.store.items().filter(({ key }) => kindOf(key.sk, {}) !== undefined);
  const objects = [...bench.objects.objects].filter(([url]) => url.endsWith('/upload.json'));
  return {
    now: bench.clock.now(),
    rows: kept.map(({ key, item }) => toAttributes(key, item)),
    objects: Object.fromEntries(objects.map(([url, { bytes }]) => [url, new TextDecoder().decode(bytes)])),
    schemas: Object.fromEntries(
      Object.entries(UPLOAD_SCHEMAS).map(([kind, schema]) => [kind, z.toJSONSchema(schema, { io: 'input' })]),
    ),
  };
}

/** Everything in a recording, with its kind. */
export function uploadContents({
  rows,
  objects,
}: RecordedUploads): { kind: UploadKind; where: string; value: unknown }[] {
  const fromRows = rows.flatMap((row) => {
    const { pk, sk } = fromKeyAttributes(row);
    const value = fromAttributes(row);
    const kind = kindOf(sk, value);
    return kind === undefined ? [] : [{ kind, where: `${pk} ${sk}`, value: value }];
  });
  const requests = Object.entries(objects).map(([where, json]) => ({
    kind: 'uploadRequest' as const,
    where,
    value: JSON.parse(json) as unknown,
  }));
  return [...fromRows, ...requests];
}

/** Records of submissions are of uploads when they name one; the others are of jobs. */
function kindOf(sk: string, value: object): UploadKind | undefined {
  if (sk.startsWith('UPLOAD#')) return 'uploadRow';
  if (sk === 'QUOTA') return 'quotaRow';
  return sk === 'SUBMISSION' && (Object.keys(value).length === 0 || 'uploadId' in value) ? 'openingRow' : undefined;
}
