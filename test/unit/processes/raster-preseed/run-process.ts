import type { z } from 'zod';
import type { ChunkResult, Plan, UnitError, WorkContext } from '../../../../shared/jobs/process.ts';
import { addCounts, NO_COUNTS, type Counts } from '../../../../shared/jobs/job.ts';
import { selectedRanges } from '../../../../shared/jobs/numbering.ts';
import { payloadsInOrder } from '../../../../shared/jobs/payloads-in-order.ts';
import type { RasterDetail } from '../../../../shared/processes/raster-preseed/detail.ts';
import type { Tileset } from '../../../../shared/processes/raster-preseed/finish.ts';
import type { rasterPreseedInputs } from '../../../../shared/processes/raster-preseed/inputs.ts';
import rasterPreseed from '../../../../shared/processes/raster-preseed/process.ts';
import { sourceNotFound, sourceReplaced } from '../../../../shared/sources/errors.ts';
import type { RangeReader } from '../../../../shared/sources/range-reader.ts';
import { memoryReader, type MemoryReaderOptions } from '../../../helpers/memory-reader.ts';
import { MemorySink } from '../../../helpers/memory-sink.ts';
import { NO_DATASETS, NO_FILES, NOTHING_PUBLISHED } from '../../../helpers/no-files.ts';

/** Files by name, read as `s3://scenes/<name>`. */
export type Files = Record<string, { bytes: Uint8Array } & Pick<MemoryReaderOptions, 'etag' | 'onRead'>>;

export const sourceUrl = (name: string): string => `s3://scenes/${name}`;

export function contextOver(files: Files, signal: AbortSignal = new AbortController().signal): WorkContext {
  return {
    tenant: 'acme',
    signal,
    files: NO_FILES,
    datasets: NOTHING_PUBLISHED,
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    sources: {
      async open(url, options): Promise<RangeReader> {
        const file = files[url.pathname.slice(1)];
        if (file === undefined) throw sourceNotFound(url);
        const { bytes, etag = '"1"', onRead } = file;
        if (options?.etag !== undefined && options.etag !== etag) throw sourceReplaced(url);
        return memoryReader(bytes, { url, etag, ...(onRead === undefined ? {} : { onRead }) });
      },
    },
  };
}

export const parseInputs = (inputs: z.input<typeof rasterPreseedInputs>) => rasterPreseed.inputs.parse(inputs);

/** Plans as the engine does: the plan is stored as JSON before anything reads it. */
export async function planOf(
  context: WorkContext,
  inputs: z.input<typeof rasterPreseedInputs>,
): Promise<Plan<RasterDetail>> {
  return JSON.parse(JSON.stringify(await rasterPreseed.plan(context, parseInputs(inputs)))) as Plan<RasterDetail>;
}

export interface Layer {
  payloads: Uint8Array[];
  counts: Counts;
  errors: UnitError[];
}

/** Runs every chunk of one dataset. */
export async function runDataset(
  context: WorkContext,
  inputs: z.input<typeof rasterPreseedInputs>,
  dataset: Plan<RasterDetail>['datasets'][number],
): Promise<Layer> {
  const results: ChunkResult[] = [];
  for (let start = 0; start < dataset.units; start += dataset.chunkUnits) {
    const positions = { start, end: Math.min(start + dataset.chunkUnits, dataset.units) };
    const ranges = selectedRanges(dataset.selection, positions);
    results.push(await rasterPreseed.runChunk(context, { inputs: parseInputs(inputs), dataset, ranges }));
  }
  return {
    payloads: results.map(({ payload }) => payload),
    counts: results.reduce((sum, { counts }) => addCounts(sum, counts), NO_COUNTS),
    errors: results.flatMap(({ errors }) => errors),
  };
}

/** Assembles one dataset from its layers. */
export async function finishDataset(
  context: WorkContext,
  inputs: z.input<typeof rasterPreseedInputs>,
  dataset: Plan<RasterDetail>['datasets'][number],
  layers: Layer[],
): Promise<{ archive: Uint8Array; tileset: Tileset }> {
  const sink = Object.assign(new MemorySink(), { url: new URL('s3://outputs/archive.pmtiles') });
  const { results } = await rasterPreseed.finish(context, {
    inputs: parseInputs(inputs),
    datasets: [
      { plan: dataset, counts: layers[0]!.counts, layers: layers.map(({ payloads }) => payloadsInOrder(payloads)) },
    ],
    ...NO_DATASETS,
    createOutput: () => Promise.resolve(sink),
  });
  return { archive: sink.bytes, tileset: (results['tilesets'] as Tileset[])[0]! };
}

/** Plan, chunks and archive of a job with one dataset. */
export async function runJob(files: Files, inputs: z.input<typeof rasterPreseedInputs>, chunkUnits?: number) {
  const context = contextOver(files);
  const plan = await planOf(context, inputs);
  const dataset = { ...plan.datasets[0]!, ...(chunkUnits === undefined ? {} : { chunkUnits }) };
  const layer = await runDataset(context, inputs, dataset);
  return { dataset, ...layer, ...(await finishDataset(context, inputs, dataset, [layer])) };
}
