import type { FeatureSource, InspectedLayer } from '../../../geo/features/feature-format.ts';
import { FeatureBlockWriter } from '../../../geo/features/feature-block-writer.ts';
import type { LayerCrs } from '../crs.ts';
import type { SourceFormat } from '../formats.ts';
import { readerOf } from '../formats.ts';
import type { IngestInputs } from '../inputs.ts';
import { keyDomain } from '../key-domain.ts';
import { lookingSink, SeenEnough } from './looking-sink.ts';
import { preparingSink } from '../preparing-sink.ts';
import { ReadBudgetSpent } from './read-budget.ts';

const BUDGET_SPENT = {
  code: 'preview-reads-spent',
  reason: 'Its first features lie so far apart that no more of them were read.',
};

export interface LookedLayer {
  format: SourceFormat;
  layer: InspectedLayer;
  crs?: LayerCrs;
}

/**
 * Reads the first features of a layer and brings them into the form of the outputs, as a chunk does with all of them.
 * @returns a block of them
 * @throws LonghaulError as `FeatureFormat.readBlock`
 */
export async function lookAtLayer(
  source: FeatureSource,
  { format, layer, ...crs }: LookedLayer,
  inputs: IngestInputs,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const reader = await readerOf(format);
  const writer = new FeatureBlockWriter(keyDomain(inputs.targetCrs));
  const sink = lookingSink(preparingSink(writer, crs, inputs), writer.row);
  // What is read ahead is of no use once there is enough.
  const enough = new AbortController();
  try {
    await reader.readBlock(source, layer, 0, sink, AbortSignal.any([signal, enough.signal]));
  } catch (error) {
    if (error instanceof ReadBudgetSpent) writer.note(BUDGET_SPENT);
    else if (!(error instanceof SeenEnough)) throw error;
  } finally {
    enough.abort();
  }
  return writer.finish();
}
