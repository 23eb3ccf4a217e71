import type {
  ChunkResult,
  ChunkWork,
  FinishResult,
  FinishWork,
  Plan,
  ProcessContext,
  WorkContext,
} from '../../../jobs/process.ts';
import type { RangeReader } from '../../../sources/range-reader.ts';
import { blockSources } from '../publish/block-sources.ts';
import { describeLayer, type DescribedLayer } from './describe-layer.ts';
import type { IngestDetail } from '../detail.ts';
import type { IngestEstimateDetail } from './estimate.ts';
import { expectedWork, type FileWork } from './expected-work.ts';
import { openLocated, type FileLocation, type LocatedSource } from '../source/file-location.ts';
import type { IngestInputs } from '../inputs.ts';
import { lookAtLayer } from './look-at-layer.ts';
import { planIngest } from '../plan.ts';

/**
 * A dry run is a job of one unit for each layer: all of the planning, the first features of each layer, and the same document as
 * an estimate gives. It has no artifacts, so that no dataset is touched.
 */
export async function planDryRun(context: WorkContext, inputs: IngestInputs): Promise<Plan<IngestDetail>> {
  const plan = await planIngest(context, inputs);
  return { ...plan, datasets: plan.datasets.map((dataset) => ({ ...dataset, units: 1 })) };
}

/** Reads the first features of one layer. */
export async function runDryChunk(
  { sources, files, signal }: WorkContext,
  { inputs, dataset }: ChunkWork<IngestInputs, IngestDetail>,
): Promise<ChunkResult> {
  const { source: url, etag, located, layer, crs } = dataset.detail;
  const source = await sources.open(new URL(url), { signal, etag });
  const opened = await openLocated(source, files, located, signal);
  const looked = { format: located.format, layer, ...(crs === undefined ? {} : { crs }) };
  const payload = await lookAtLayer(opened, looked, inputs, signal);
  return { counts: { done: 1, failed: 0, skipped: 0, bytes: payload.length }, errors: [], payload };
}

/** Tells of all layers, and what the job would do. */
export async function finishDryRun(
  { sources, signal }: ProcessContext,
  { inputs, datasets }: FinishWork<IngestInputs, IngestDetail>,
): Promise<FinishResult> {
  const described: DescribedLayer[] = [];
  for (const { plan, layers } of datasets) {
    const { located, layer, crs } = plan.detail;
    const [block] = (await blockSources(layers)).values();
    const known = { dataset: plan.id, format: located.format, layer, ...(crs === undefined ? {} : { crs }) };
    const options = { inputs, layers: datasets.length, signal };
    if (block !== undefined) described.push(await describeLayer(known, block, options));
  }
  const details = datasets.map(({ plan }) => plan.detail);
  const source = await sources.open(new URL(inputs.source), { signal, etag: details[0]!.etag });
  const work = workOf(details, source);
  const detail: IngestEstimateDetail = {
    source: { bytes: source.size, unpackedBytes: work.reduce((sum, { bytes }) => sum + bytes, 0) },
    layers: described,
    unseen: [],
    notes: details[0]!.notes,
  };
  return { results: { estimate: { ...expectedWork(work, inputs.outputs), detail } }, artifacts: [] };
}

/** The files of the layers, each once. */
function workOf(details: readonly IngestDetail[], source: RangeReader): FileWork[] {
  const files = Map.groupBy(details, ({ located }) => JSON.stringify(located.file));
  return [...files.values()].map((layers) => {
    const { located } = layers[0]!;
    return {
      format: located.format,
      bytes: bytesOf(located, source),
      isPacked: located.file.kind === 'work',
      blocks: layers.reduce((sum, { layer }) => sum + layer.blocks, 0),
    };
  });
}

function bytesOf({ file, companions }: LocatedSource, source: RangeReader): number {
  const size = (location: FileLocation): number => {
    if (location.kind === 'source') return source.size;
    return location.kind === 'entry' ? location.entry.bytes : location.bytes;
  };
  return [file, ...Object.values(companions)].reduce((sum, location) => sum + size(location), 0);
}
