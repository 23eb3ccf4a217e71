import type {
  FeatureFormat,
  FeatureSource,
  InspectedLayer,
  ReadOptions,
} from '../../shared/geo/features/feature-format.ts';
import { CollectingSink } from './collecting-sink.ts';

export interface ReadLayer<Detail> {
  layer: InspectedLayer<Detail>;
  /** What all blocks gave, one after the other. */
  sink: CollectingSink;
}

/** Reads every block of every layer; layers pass through JSON, as they do when a plan is stored. */
export async function readFeatures<Detail>(
  format: FeatureFormat<Detail>,
  source: FeatureSource,
  { blockBytes = 1024 * 1024, name = 'file', read }: { blockBytes?: number; name?: string; read?: ReadOptions } = {},
): Promise<ReadLayer<Detail>[]> {
  const { signal } = new AbortController();
  const inspected = await format.inspect(source, { blockBytes, name, signal, ...(read !== undefined && { read }) });
  const layers = JSON.parse(JSON.stringify(inspected)) as typeof inspected;
  const results: ReadLayer<Detail>[] = [];
  for (const layer of layers) {
    const sink = new CollectingSink();
    for (let block = 0; block < layer.blocks; block++) await format.readBlock(source, layer, block, sink, signal);
    results.push({ layer, sink });
  }
  return results;
}
