import { z } from 'zod';
import { UNIT_BYTES } from '../processes/define-tally.ts';
import { readObject } from '../helpers/read-output.ts';
import { requestPatiently } from '../helpers/patient-request.ts';
import type { TestStack } from '../helpers/stack.ts';
import type { Load, SubmittedJob } from './load.ts';

/** Jobs that are looked at at once. */
const PARALLEL = 6;

const statusSchema = z.object({
  state: z.string(),
  units: z.int().optional(),
  counts: z.object({ done: z.int(), failed: z.int(), skipped: z.int(), bytes: z.int() }),
});
const eventsSchema = z.object({
  events: z.array(z.object({ state: z.string() })),
  healed: z.record(z.string(), z.int()).optional(),
});
const datasetSchema = z.object({ jobID: z.string() });

/** What a job has to go through, one step after another; planning may be claimed again when its worker was lost. */
const LEGAL_PATH = /^accepted( planning)+ running finishing succeeded$/;

/** Something that does not hold, by what should. */
export interface Violation {
  invariant: 'ends' | 'counts' | 'content' | 'path' | 'published-once' | 'submitted-once';
  job: string;
  found: string;
}

export interface Verification {
  violations: Violation[];
  checks: number;
  /** Chunks of the jobs that succeeded. */
  chunks: number;
  /** Jobs that the sweeper healed, by cause. */
  healed: Record<string, number>;
}

/**
 * Looks at every job as its caller does: that it ended well, with exact counts, after a legal path, published once, and
 * with the bytes of an undisturbed run; and that no tenant has a job that it did not submit.
 * @param undisturbed bytes of one dataset by its units, out of runs that nothing disturbed
 */
export async function verify(
  stack: TestStack,
  load: Load,
  undisturbed: ReadonlyMap<number, Uint8Array>,
): Promise<Verification> {
  const result: Verification = { violations: [], checks: 0, chunks: 0, healed: {} };
  const rest = [...load.jobs];
  const work = async (): Promise<void> => {
    for (let job = rest.pop(); job !== undefined; job = rest.pop())
      await verifyJob(stack, load, job, undisturbed, result);
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  for (const tenant of load.tenants) {
    const submitted = new Set(load.jobs.filter((job) => job.tenant === tenant).map(({ jobId }) => jobId));
    const rows = await load.rowsOf(tenant);
    expectThat(result, 'submitted-once', tenant, rows.length === submitted.size, `${rows.length} jobs in the table`);
  }
  return result;
}

async function verifyJob(
  stack: TestStack,
  load: Load,
  job: SubmittedJob,
  undisturbed: ReadonlyMap<number, Uint8Array>,
  result: Verification,
): Promise<void> {
  const { jobId, inputs, tenant } = job;
  const read = async (path: string): Promise<unknown> =>
    (await requestPatiently(await load.api(tenant), 'GET', path)).body;
  const status = statusSchema.parse(await read(`jobs/${jobId}`));
  expectThat(result, 'ends', jobId, status.state === 'succeeded', JSON.stringify(status));
  const done = inputs.units * inputs.datasets.length;
  const counts = { done, failed: 0, skipped: 0, bytes: done * UNIT_BYTES };
  const isExact = JSON.stringify(status.counts) === JSON.stringify(counts) && status.units === done;
  expectThat(result, 'counts', jobId, isExact, JSON.stringify(status.counts));

  const { events, healed = {} } = eventsSchema.parse(await read(`jobs/${jobId}/events`));
  const path = events.map(({ state }) => state).join(' ');
  expectThat(result, 'path', jobId, LEGAL_PATH.test(path), path);
  for (const [cause, times] of Object.entries(healed)) result.healed[cause] = (result.healed[cause] ?? 0) + times;

  const files = inputs.datasets.map((dataset) => `${dataset}.bin`);
  const objects = await load.outputsOf(job);
  const isPublished = objects.join() === [...files, 'results.json'].sort().join();
  expectThat(result, 'published-once', jobId, isPublished, objects.join(' '));
  for (const dataset of inputs.datasets) {
    const pointer = datasetSchema.safeParse(await read(`datasets/${dataset}`));
    expectThat(result, 'published-once', jobId, pointer.data?.jobID === jobId, `${dataset}: ${pointer.data?.jobID}`);
    const bytes = await readObject(stack, `outputs/${tenant}/${jobId}/${dataset}.bin`).catch(() => new Uint8Array());
    const isEqual = Buffer.compare(bytes, undisturbed.get(inputs.units) ?? new Uint8Array()) === 0;
    expectThat(result, 'content', jobId, isEqual && bytes.length > 0, `${dataset}: ${bytes.length} bytes`);
  }
  if (status.state === 'succeeded')
    result.chunks += Math.ceil(inputs.units / inputs.chunkUnits) * inputs.datasets.length;
}

function expectThat(
  result: Verification,
  invariant: Violation['invariant'],
  job: string,
  holds: boolean,
  found: string,
) {
  result.checks += 1;
  if (!holds) result.violations.push({ invariant, job, found });
}
