import { LonghaulError } from '../errors/longhaul-error.ts';
import { NO_COUNTS, addCounts } from './job.ts';
import { chunkCount, type UnitRange } from './numbering.ts';
import { payloadsInOrder } from './payloads-in-order.ts';
import type { PlannedDataset, ProcessContext, ProcessDefinition, WorkContext } from './process.ts';

/** Chunks that a synchronous execution may have. */
const MAX_INLINE_CHUNKS = 8;

/**
 * Runs a whole process in the caller's own time, with nothing stored: the synchronous execution of short processes.
 * @throws LonghaulError `too-large-for-sync` (final); what the process throws; the first error of a unit that failed
 */
export async function runInline(
  process: ProcessDefinition,
  inputs: Record<string, unknown>,
  caller: ProcessContext,
): Promise<Record<string, unknown>> {
  const nowhere = (): never => {
    throw tooLarge(1, 'output files');
  };
  const context: WorkContext = { ...caller, files: { create: nowhere, open: nowhere } };
  const plan = await process.plan(context, inputs);
  const chunks = plan.datasets.reduce((sum, dataset) => sum + chunkCount(dataset), 0);
  if (chunks > MAX_INLINE_CHUNKS) throw tooLarge(chunks, 'chunks');
  const datasets = [];
  for (const dataset of plan.datasets) datasets.push(await runDataset(process, inputs, context, dataset));
  const finished = await process.finish(context, {
    inputs,
    datasets,
    errorsUrl: new URL('urn:none'),
    acceptedAt: caller.clock.now(),
    createOutput: nowhere,
    putOutput: nowhere,
  });
  return finished.results;
}

async function runDataset(
  process: ProcessDefinition,
  inputs: Record<string, unknown>,
  context: WorkContext,
  dataset: PlannedDataset,
) {
  let counts = NO_COUNTS;
  const payloads: Uint8Array[] = [];
  const allRanges: UnitRange[][] = [];
  for (let start = 0; start < dataset.units; start += dataset.chunkUnits) {
    const ranges = [{ start, end: Math.min(start + dataset.chunkUnits, dataset.units) }];
    const result = await process.runChunk(context, { inputs, dataset, ranges });
    const [error] = result.errors;
    if (error !== undefined) throw new LonghaulError({ ...error, retryable: false });
    counts = addCounts(counts, result.counts);
    payloads.push(result.payload);
    allRanges.push(ranges);
  }
  return { plan: dataset, counts, layers: [payloadsInOrder(payloads, allRanges)] };
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
