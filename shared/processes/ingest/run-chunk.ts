import { FeatureBlockWriter } from '../../geo/features/feature-block-writer.ts';
import type { FeatureSink } from '../../geo/features/feature-sink.ts';
import type { InspectedLayer } from '../../geo/features/feature-format.ts';
import { CHUNK_HEADROOM } from '../../jobs/chunk-object.ts';
import type { ChunkResult, ChunkWork, WorkContext } from '../../jobs/process.ts';
import type { RangeReader } from '../../sources/range-reader.ts';
import { publishedBlocks, type BaseVersion } from './versions/base-version.ts';
import type { IngestDetail } from './detail.ts';
import { openLocated, type LocatedSource } from './source/file-location.ts';
import { readerOf } from './formats.ts';
import type { IngestInputs } from './inputs.ts';
import { requiringKey } from './versions/key.ts';
import { keyDomain } from './key-domain.ts';
import { preparingSink, publishedSink } from './preparing-sink.ts';

/** A layer whose blocks are read, and where its features go. */
interface Part {
  file: RangeReader;
  located: LocatedSource;
  layer: InspectedLayer;
  sink: FeatureSink;
}

/** Reads one block of a layer, brings its features into the form of the outputs, and keeps them sorted. */
export async function runIngestChunk(
  context: WorkContext,
  { inputs, dataset: { detail }, ranges }: ChunkWork<IngestInputs, IngestDetail>,
): Promise<ChunkResult> {
  const writer = new FeatureBlockWriter(keyDomain(inputs.targetCrs));
  const published = publishedBlocks(detail);
  let blocks = 0;
  for (const { start, end } of ranges) {
    const middle = Math.min(Math.max(start, published), end);
    if (start < middle) await readBlocks(context, openBase(context, detail.base!, inputs, writer), start, middle);
    if (middle < end) {
      await readBlocks(context, await openSource(context, detail, inputs, writer), middle - published, end - published);
    }
    blocks += end - start;
  }
  const payload = writer.finish(CHUNK_HEADROOM);
  const counts = { done: blocks, failed: 0, skipped: 0, bytes: payload.length };
  return { counts, errors: [], payload, headroom: CHUNK_HEADROOM };
}

function openBase(
  { datasets }: WorkContext,
  { file: { url, bytes }, located, layer, crs }: BaseVersion,
  inputs: IngestInputs,
  writer: FeatureBlockWriter,
): Part {
  const file = datasets.open({ url: new URL(url), bytes });
  return { file, located, layer, sink: publishedSink(writer, crs, inputs) };
}

async function openSource(
  { sources, signal }: WorkContext,
  { source, etag, located, layer, crs }: IngestDetail,
  inputs: IngestInputs,
  writer: FeatureBlockWriter,
): Promise<Part> {
  const file = await sources.open(new URL(source), { signal, etag });
  const sink = preparingSink(writer, { crs }, inputs);
  return { file, located, layer, sink: inputs.key === undefined ? sink : requiringKey(sink, writer, inputs.key) };
}

async function readBlocks(
  { files, signal }: WorkContext,
  { file, located, layer, sink }: Part,
  start: number,
  end: number,
): Promise<void> {
  const reader = await readerOf(located.format);
  const opened = await openLocated(file, files, located, signal);
  for (let block = start; block < end; block++) await reader.readBlock(opened, layer, block, sink, signal);
}
