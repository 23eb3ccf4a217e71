import type { FeatureFormat, InspectedLayer, ReadOptions } from '../../shared/geo/features/feature-format.ts';
import type { RangeReader } from '../../shared/sources/range-reader.ts';
import { CollectingSink } from './collecting-sink.ts';
import { memoryReader } from './memory-reader.ts';

export interface ReadFormatOptions {
  /** The whole file in one block by default. */
  blockBytes?: number;
  read?: ReadOptions;
}

export interface ReadLayer<Detail> {
  layer: InspectedLayer<Detail>;
  sink: CollectingSink;
}

/** The only layer of a file, with what all of its blocks gave, one after the other. */
export async function readFormat<Detail>(
  format: FeatureFormat<Detail>,
  content: Uint8Array | string | RangeReader,
  { blockBytes = 2 ** 30, read }: ReadFormatOptions = {},
): Promise<ReadLayer<Detail>> {
  const { signal } = new AbortController();
  const file = isReader(content) ? content : memoryReader(typeof content === 'string' ? Buffer.from(content) : content);
  const options = { blockBytes, name: 'file', signal, ...(read === undefined ? {} : { read }) };
  const layers = await format.inspect({ file }, options);
  const [inspected] = layers;
  if (inspected === undefined || layers.length !== 1) throw new Error(`there are ${layers.length} layers`);
  // As the plan stores it.
  const layer = JSON.parse(JSON.stringify(inspected)) as InspectedLayer<Detail>;
  const sink = new CollectingSink();
  for (let block = 0; block < layer.blocks; block++) await format.readBlock({ file }, layer, block, sink, signal);
  return { layer, sink };
}

function isReader(content: Uint8Array | string | RangeReader): content is RangeReader {
  return typeof content === 'object' && 'read' in content;
}
