import { gunzipSync } from 'node:zlib';
import type { LocalEngine } from '../../../shared/local/local-engine.ts';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store.ts';
import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import { readDataset } from '../../../shared/jobs/datasets.ts';
import type { Job } from '../../../shared/jobs/job.ts';
import { readErrors } from '../../../shared/jobs/read-errors.ts';
import { readJob } from '../../../shared/jobs/read-job.ts';
import { readResults } from '../../../shared/jobs/read-results.ts';
import { retryJob } from '../../../shared/jobs/retry-job.ts';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import { planIngest } from '../../../shared/processes/ingest/plan.ts';
import ingest from '../../../shared/processes/ingest/process.ts';
import type { DatasetReport } from '../../../shared/processes/ingest/publish/report.ts';
import type { RangeReader } from '../../../shared/sources/range-reader.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { memorySources } from '../../helpers/memory-sources.ts';
import { createMemoryEngine } from '../../helpers/test-engine.ts';

const TENANT = 'acme';

/** What became of a job. */
export interface Ended {
  job: Job;
  reports: DatasetReport[];
  results: Record<string, unknown>;
}

export interface IngestEngine {
  engine: LocalEngine;
  objects: MemoryObjectStore;
  /** Runs a job to its end. @param key a caller's own, for the same inputs again */
  run: (inputs: Record<string, unknown>, key?: string) => Promise<Ended>;
  /** Submits jobs, and then runs them at once. */
  runTogether: (...inputs: Record<string, unknown>[]) => Promise<Ended[]>;
  retry: (jobId: string) => Promise<Ended>;
  /** A published or unpublished output file. */
  output: (jobId: string, name: string) => Uint8Array | undefined;
  /** The features of a GeoJSONSeq output. */
  features: (jobId: string, name: string) => { properties: Record<string, unknown>; geometry: unknown; id?: unknown }[];
  errors: (jobId: string) => Promise<Record<string, unknown>[]>;
  dataset: (id: string) => ReturnType<typeof readDataset>;
}

export interface IngestEngineOptions {
  /** Files by name, read as `s3://sources/<name>`. */
  files: Record<string, Uint8Array | string | RangeReader>;
  objects?: MemoryObjectStore;
  blockBytes?: number;
  /** Whether chunks that fail are tried again. */
  attempts?: number;
  /** Called before each chunk: throw to fail it. */
  beforeChunk?: (block: number) => void;
  /** Called when a finish has written its files: throw to have it run again. */
  afterFinish?: () => void;
}

/** The process over memory. */
export function createIngestEngine({
  files,
  objects = new MemoryObjectStore(),
  blockBytes,
  beforeChunk,
  afterFinish,
  attempts = ingest.limits.attempts,
}: IngestEngineOptions): IngestEngine {
  const process = {
    ...ingest,
    limits: { ...ingest.limits, attempts },
    plan: (context, inputs) => {
      const parsed = ingest.inputs.parse(inputs);
      return parsed.dryRun ? ingest.plan(context, parsed) : planIngest(context, parsed, blockBytes);
    },
    runChunk: (context, work) => {
      beforeChunk?.(work.ranges[0]!.start);
      return (ingest as unknown as ProcessDefinition).runChunk(context, work);
    },
    finish: async (context, work) => {
      const result = await (ingest as unknown as ProcessDefinition).finish(context, work);
      afterFinish?.();
      return result;
    },
  } as ProcessDefinition;
  const sources = memorySources((url) => {
    const content = files[decodeURIComponent(url.pathname.slice(1))];
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  });
  const engine = createMemoryEngine([process], { objects, clock: new ManualClock(), sources, concurrency: 2 });
  const { platform } = engine;
  const end = async (jobId: string): Promise<Ended> => {
    await engine.runUntilIdle();
    const view = await readJob(platform, { tenant: TENANT, jobId });
    const results = await readResults(platform, { tenant: TENANT, jobId });
    const reports = (results?.results['datasets'] ?? []) as DatasetReport[];
    return { job: view!.job, reports, results: results?.results ?? {} };
  };
  const output: IngestEngine['output'] = (jobId, name) =>
    objects.objects.get(`s3://data/outputs/${TENANT}/${jobId}/${name}`)?.bytes;
  const submit = async (inputs: Record<string, unknown>, key?: string): Promise<string> => {
    const request = { inputs: ingest.inputs.parse(inputs) as Record<string, unknown> };
    const more = key === undefined ? {} : { idempotencyKey: key };
    const { job } = await submitJob(platform, {
      tenant: TENANT,
      subject: 'ann',
      processId: 'ingest',
      request,
      ...more,
    });
    return job.jobId;
  };
  return {
    engine,
    objects,
    run: async (inputs, key) => end(await submit(inputs, key)),
    runTogether: async (...all) => {
      const ids: string[] = [];
      for (const [index, inputs] of all.entries()) ids.push(await submit(inputs, `together ${index}`));
      const ended: Ended[] = [];
      for (const id of ids) ended.push(await end(id));
      return ended;
    },
    retry: async (jobId) => {
      const { job } = await retryJob(platform, { tenant: TENANT, jobId }, { subject: 'ann' });
      return end(job.jobId);
    },
    output,
    features: (jobId, name) =>
      gunzipSync(output(jobId, name)!)
        .toString()
        .trimEnd()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as ReturnType<IngestEngine['features']>[number]),
    errors: async (jobId) => {
      const page = await readErrors(platform, { tenant: TENANT, jobId }, { limit: 1000 });
      return (page?.errors ?? []) as unknown as Record<string, unknown>[];
    },
    dataset: (id) => readDataset(platform, TENANT, id),
  };
}
