import { z } from 'zod';
import { rowSchema as tokenSchema } from '../../shared/http/api-tokens.ts';
import { headerSchema } from '../../shared/jobs/chunk-object.ts';
import { JOB_STATES } from '../../shared/jobs/job.ts';
import { messageSchema } from '../../shared/jobs/messages.ts';
import { notificationSchema } from '../../shared/jobs/notifications.ts';

/*
 * What this version's code demands of everything that an older or a newer version may have stored. Where the code has
 * a schema of its own, it is that one. What the code reads leniently (rows, plans, requests) has its demands here:
 * members that are not named may be there, and are passed over.
 */

const instant = z.number();
const count = z.int().min(0);
const numbers = z.array(z.number());
const record = z.looseObject({ code: z.string(), detail: z.string(), remedy: z.string().optional() });
const numbering = z.looseObject({ id: z.string(), units: count, chunkUnits: z.int().min(1) });
const range = z.looseObject({ start: count, end: count });

/** `shared/jobs/items/job-item.ts`; counts by dataset and causes of healing have names of their own. */
const jobRow = z.looseObject({
  state: z.enum(JOB_STATES),
  version: z.int().min(1),
  processId: z.string(),
  processVersion: z.string(),
  createdAt: instant,
  updatedAt: instant,
  deadlineAt: instant,
  subject: z.string(),
  nextShard: count,
  history: z.array(z.looseObject({ state: z.string(), at: instant, actor: z.string(), cause: z.string() })),
  settledShards: numbers.optional(),
  startedAt: instant.optional(),
  finishedAt: instant.optional(),
  dueAt: instant.optional(),
  activePartition: z.string().optional(),
  retryOf: z.string().optional(),
  subscribed: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  leaseToken: z.string().optional(),
  leaseUntil: instant.optional(),
  planAttempt: z.int().min(1).optional(),
  datasets: z.array(numbering).optional(),
  datasetStates: z.array(z.enum(['succeeded', 'partial', 'failed'])).optional(),
  failure: record.optional(),
  errors: z.array(record).optional(),
  ttl: z.int().optional(),
});

/** `shared/jobs/items/shard-item.ts` */
const shardRow = z.looseObject({
  settled: numbers.optional(),
  failedChunks: numbers.optional(),
  done: count.optional(),
  failed: count.optional(),
  skipped: count.optional(),
  bytes: count.optional(),
  updatedAt: instant,
  ttl: z.int(),
});

/** `shared/jobs/datasets.ts` */
const datasetRow = z.looseObject({
  jobId: z.string(),
  url: z.string().regex(/^s3:\/\//),
  mediaType: z.string(),
  bytes: count,
  publishedAt: instant,
});

/** `shared/jobs/submit-job.ts` */
const submissionRow = z.looseObject({ jobId: z.string(), requestHash: z.string(), expiresAt: instant, ttl: z.int() });

/** `shared/jobs/handlers/handle-dead-letter.ts` */
const deadLetterRow = z.looseObject({
  url: z.string(),
  processId: z.string(),
  reason: z.string(),
  archivedAt: instant,
  ttl: z.int(),
  jobId: z.string().optional(),
});

/** `shared/jobs/handlers/clean-up.ts`; one that is done is no longer due. */
const cleanUpRow = z.looseObject({ activePartition: z.string().optional(), dueAt: instant.optional(), ttl: z.int() });

/** `shared/jobs/process.ts`; the process's own `detail` is held by the jobs that go on. */
const plan = z.looseObject({
  datasets: z.array(
    z.looseObject({
      ...numbering.shape,
      detail: z.unknown(),
      numbering: z.string().optional(),
      selection: z.array(range).optional(),
      union: z.looseObject({ units: count, failed: count }).optional(),
    }),
  ),
  toleratedFailurePercentage: z.number().min(0).max(100),
});

/** `shared/jobs/execute-request.ts` */
const request = z.looseObject({
  inputs: z.record(z.string(), z.unknown()),
  outputs: z.record(z.string(), z.looseObject({})).optional(),
  response: z.enum(['raw', 'document']).optional(),
  subscriber: z.looseObject({}).optional(),
  retryArea: z.looseObject({ type: z.string() }).optional(),
});

/** A line of `errors.ndjson`. */
const unitError = z.looseObject({ ...record.shape, number: count });

/** `shared/jobs/handlers/handle-dead-letter.ts` */
const deadLetterArchive = z.looseObject({
  messageId: z.string(),
  processId: z.string(),
  body: z.string(),
  attributes: z.record(z.string(), z.string()),
  reason: z.looseObject({ code: z.string(), detail: z.string() }),
  archivedAt: instant,
});

/** What a version demands, by the kind of thing. */
export const SCHEMAS = {
  message: messageSchema,
  notification: notificationSchema,
  chunkHeader: headerSchema,
  tokenRow: tokenSchema,
  jobRow,
  shardRow,
  datasetRow,
  submissionRow,
  deadLetterRow,
  cleanUpRow,
  plan,
  request,
  results: z.record(z.string(), z.unknown()),
  unitError,
  deadLetterArchive,
} as const;
export type Kind = keyof typeof SCHEMAS;

/** The same as JSON Schema (draft 2020-12), which needs nothing of this project to be checked. */
export function jsonSchemas(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([kind, schema]) => [kind, z.toJSONSchema(schema, { io: 'input' })]),
  );
}
