import { z } from 'zod';
import { JOB_STATES } from '../../../shared/jobs/job.ts';
import { UPLOAD_STATES } from '../../../shared/uploads/upload.ts';
import { STATUS_STATES } from './status-info.ts';
import type { StatusCode } from './status-info.ts';

const time = z.iso.datetime().meta({ description: 'RFC 3339, UTC' });
const count = z.int().min(0);

const link = z
  .object({
    href: z.string(),
    rel: z.string().exactOptional(),
    type: z.string().exactOptional(),
    title: z.string().exactOptional(),
    hreflang: z.string().exactOptional(),
  })
  .meta({ title: 'Link' });
const links = z.array(link);

const counts = z.object({ done: count, failed: count, skipped: count, bytes: count });

const errorRecord = z.object({
  code: z.string(),
  detail: z.string(),
  remedy: z.string().exactOptional(),
  dataset: z.string().exactOptional(),
  unit: z.string().exactOptional(),
});

const statusInfo = z
  .object({
    processID: z.string(),
    type: z.literal('process'),
    jobID: z.string(),
    status: z.enum(Object.keys(STATUS_STATES) as [StatusCode, ...StatusCode[]]),
    message: z.string(),
    created: time,
    started: time.exactOptional(),
    finished: time.exactOptional(),
    updated: time,
    progress: z.int().min(0).max(100),
    links,
    state: z.enum(JOB_STATES).meta({ description: 'Finer than status.' }),
    partial: z.boolean().exactOptional(),
    counts,
    units: count.exactOptional(),
    datasets: z.array(counts.extend({ id: z.string(), units: count, state: z.enum(JOB_STATES) })).exactOptional(),
    failure: errorRecord.exactOptional(),
    errors: z.array(errorRecord).exactOptional(),
    retryOf: z.string().exactOptional(),
    tags: z.array(z.string()).exactOptional(),
  })
  .meta({ title: 'Status of a job' });

const processSummary = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  keywords: z.array(z.string()).exactOptional(),
  version: z.string(),
  jobControlOptions: z.array(z.enum(['sync-execute', 'async-execute', 'dismiss'])),
  outputTransmission: z.array(z.enum(['value', 'reference'])),
  links,
});

const freeObject = z.record(z.string(), z.unknown());
const described = { title: z.string(), description: z.string().exactOptional(), schema: freeObject };
const range = z.object({ low: z.number(), high: z.number() });
const dataset = z.object({
  id: z.string(),
  jobID: z.string(),
  mediaType: z.string(),
  bytes: count,
  published: time,
  links,
});

const signedRequest = z.object({
  partNumber: count.exactOptional(),
  method: z.literal('PUT'),
  href: z.string().meta({ description: 'Valid for 15 minutes, for exactly this body.' }),
  headers: z.record(z.string(), z.string()).meta({ description: 'Each is to be sent as it stands.' }),
  bytes: count,
  expires: time,
});
const uploadedPart = z.object({
  partNumber: count,
  bytes: count,
  etag: z.string(),
  sha256: z.string().exactOptional(),
});
const upload = z
  .object({
    uploadID: z.string(),
    state: z.enum(UPLOAD_STATES),
    fileName: z.string(),
    contentType: z.string(),
    bytes: count,
    partBytes: count.exactOptional(),
    parts: count.exactOptional(),
    format: z.string().exactOptional().meta({ description: 'What the first bytes say.' }),
    source: z.string().exactOptional().meta({ description: 'How a job names the file as its source.' }),
    processID: z.string().exactOptional(),
    jobID: z.string().exactOptional(),
    failure: errorRecord.exactOptional(),
    created: time,
    updated: time,
    expires: time.exactOptional(),
    stored: time.exactOptional(),
    links,
    requests: z.array(signedRequest).exactOptional(),
    uploaded: z.array(uploadedPart).exactOptional(),
  })
  .meta({ title: 'Upload' });

/** What the API answers, by the name in the API definition; the tests hold the answers against them. */
export const responseSchemas = {
  landingPage: z.object({ title: z.string(), description: z.string(), links }),
  conformance: z.object({ conformsTo: z.array(z.string()) }),
  processList: z.object({ processes: z.array(processSummary), links }),
  process: processSummary.extend({
    inputs: z.record(z.string(), z.object({ ...described, minOccurs: count, maxOccurs: count })),
    outputs: z.record(z.string(), z.object(described)),
  }),
  statusInfo,
  jobList: z.object({ jobs: z.array(statusInfo), links }),
  results: z.record(z.string(), z.unknown()).meta({ description: 'Values or links by the id of the output.' }),
  estimate: z.object({
    units: count,
    chunks: count,
    bytes: range,
    seconds: range,
    dollars: range,
    detail: freeObject,
    limits: z.object({ maxUnits: count, maxOutputBytes: count }),
    withinLimits: z.boolean(),
  }),
  errorList: z.object({
    jobID: z.string(),
    errors: z.array(errorRecord.extend({ number: count.exactOptional() })),
    links,
  }),
  eventList: z.object({
    jobID: z.string(),
    events: z.array(z.object({ state: z.enum(JOB_STATES), time, actor: z.string(), cause: z.string() })),
    healed: z.record(z.string(), count),
    links,
  }),
  upload,
  uploadList: z.object({ uploads: z.array(upload), links }),
  datasetList: z.object({ datasets: z.array(dataset), links }),
  dataset,
  health: z.object({ status: z.string(), checks: z.record(z.string(), z.string()).exactOptional() }),
  problem: z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string(),
    field: z.string().exactOptional(),
    limit: z.number().exactOptional(),
    actual: z.number().exactOptional(),
    remedy: z.string().exactOptional(),
    quota: z.string().exactOptional(),
    used: count.exactOptional(),
    reserved: count.exactOptional(),
    errors: z.array(z.object({ field: z.string(), detail: z.string() })).exactOptional(),
  }),
} as const;
export type ResponseSchemaName = keyof typeof responseSchemas;
