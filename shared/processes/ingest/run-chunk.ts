import { FeatureBlockWriter } from '../../geo/features/feature-block-writer.ts';

import type { ChunkResult, ChunkWork, WorkContext } from '../../jobs/process.ts';
import type { IngestDetail } from './detail.ts';
import { openLocated } from './file-location.ts';
import { readerOf } from './formats.ts';
import type { IngestInputs } from './inputs.ts';
import { keyDomain } from './key-domain.ts';
import { preparingSink } from './preparing-sink.ts';

/** Reads one block of a layer, brings its features into the form of the outputs, and keeps them sorted. */
export async function runIngestChunk(
  { sources, files, signal }: WorkContext,
  { inputs, dataset, ranges }: ChunkWork<IngestInputs, IngestDetail>,
): Promise<ChunkResult> {
  const { source: url, etag, located, layer } = dataset.detail;
  const source = await sources.open(new URL(url), { signal, etag });
  const reader = await readerOf(located.format);
  const writer = new FeatureBlockWriter(keyDomain(inputs.targetCrs));
  const sink = preparingSink(writer, dataset.detail, inputs);
  const opened = await openLocated(source, files, located, signal);
  let blocks = 0;
  for (const { start, end } of ranges) {
    for (let block = start; block < end; block++) {
      await reader.readBlock(opened, layer, block, sink, signal);
      blocks++;
    }
  }
  const payload = writer.finish();
  return { counts: { done: blocks, failed: 0, skipped: 0, bytes: payload.length }, errors: [], payload };
}
