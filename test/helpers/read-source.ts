import type { FeatureFormat, InspectedLayer, ReadOptions } from '../../shared/geo/features/feature-format.ts';
import type { RangeReader } from '../../shared/sources/range-reader.ts';
import { CollectingSink } from './collecting-sink.ts';

export interface ReadLayer<Detail> {
  layer: InspectedLayer<Detail>;
  /** All blocks, one after the other. */
  sink: CollectingSink;
}

export interface ReadSourceOptions {
  blockBytes?: number;
  read?: ReadOptions;
  signal?: AbortSignal;
}

/** Inspects a source and reads every block of every layer; the detail goes by JSON on the way, as it is stored. */
export async function readSource<Detail>(
  format: FeatureFormat<Detail>,
  file: RangeReader,
  { blockBytes = 1_000_000, read, signal = new AbortController().signal }: ReadSourceOptions = {},
): Promise<ReadLayer<Detail>[]> {
  const options = { blockBytes, name: 'file', signal, ...(read === undefined ? {} : { read }) };
  const layers = await format.inspect({ file }, options);
  const result: ReadLayer<Detail>[] = [];
  for (const inspected of layers) {
    const layer = JSON.parse(JSON.stringify(inspected)) as InspectedLayer<Detail>;
    const sink = new CollectingSink();
    for (let block = 0; block < layer.blocks; block++) await format.readBlock({ file }, layer, block, sink, signal);
    result.push({ layer, sink });
  }
  return result;
}
