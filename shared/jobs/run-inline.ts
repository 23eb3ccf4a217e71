import { LonghaulError } from '../errors/longhaul-error.ts';
import { NO_COUNTS, addCounts } from './job.ts';
import { chunkCount } from './numbering.ts';
import type { PlannedDataset, ProcessContext, ProcessDefinition } from './process.ts';

/** Chunks that a synchronous execution may have. */
const MAX_INLINE_CHUNKS = 8;

/**
 * Runs a whole process in the caller's own time, with nothing stored: the synchronous execution of short processes.
 * @throws LonghaulError `too-large-for-sync` (final); what the process throws; the first error of a unit that failed
 */
export async function runInline(
  process: ProcessDefinition,
  inputs: Record<string, unknown>,
  context: ProcessContext,
): Promise<Record<string, unknown>> {
  const plan = await process.plan(context, inputs);
  const chunks = plan.datasets.reduce((sum, dataset) => sum + chunkCount(dataset), 0);
  if (chunks > MAX_INLINE_CHUNKS) throw tooLarge(chunks, 'chunks');
  const datasets = [];
  for (const dataset of plan.datasets) datasets.push(await runDataset(process, inputs, context, dataset));
  const finished = await process.finish(context, {
    inputs,
    datasets,
    createOutput: () => Promise.reject(tooLarge(1, 'output files')),
  });
  return finished.results;
}

async function runDataset(
  process: ProcessDefinition,
  inputs: Record<string, unknown>,
  context: ProcessContext,
  dataset: PlannedDataset,
) {
  let counts = NO_COUNTS;
  const payloads: Uint8Array[] = [];
  for (let start = 0; start < dataset.units; start += dataset.chunkUnits) {
    const ranges = [{ start, end: Math.min(start + dataset.chunkUnits, dataset.units) }];
    const result = await process.runChunk(context, { inputs, dataset, ranges });
    const [error] = result.errors;
    if (error !== undefined) throw new LonghaulError({ ...error, retryable: false });
    counts = addCounts(counts, result.counts);
    payloads.push(result.payload);
  }
  return { plan: dataset, counts, layers: [inOrder(payloads)] };
}

async function* inOrder(payloads: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* payloads;
}

function tooLarge(actual: number, what: string): LonghaulError {
  return new LonghaulError({
    code: 'too-large-for-sync',
    retryable: false,
    detail: `This execution has ${actual} ${what}: too much to be run while the caller waits.`,
    actual,
    remedy: 'Execute it asynchronously: send the header Prefer: respond-async.',
  });
}
