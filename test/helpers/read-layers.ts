import type { FeatureFormat, InspectedLayer, ReadOptions } from '../../shared/geo/features/feature-format.ts';
import { CollectingSink } from './collecting-sink.ts';
import { memoryReader } from './memory-reader.ts';

export interface ReadLayersOptions {
  /** The whole file in one block by default. */
  blockBytes?: number;
  read?: ReadOptions;
}

export interface ReadLayer<Detail> extends CollectingSink {
  layer: InspectedLayer<Detail>;
}

/** Every layer of a file by name, with what all of its blocks gave, one after the other. */
export async function readLayers<Detail>(
  format: FeatureFormat<Detail>,
  content: Uint8Array | string,
  { blockBytes = 2 ** 30, read }: ReadLayersOptions = {},
): Promise<Map<string, ReadLayer<Detail>>> {
  const { signal } = new AbortController();
  const file = memoryReader(typeof content === 'string' ? Buffer.from(content) : content);
  const options = { blockBytes, name: 'file', signal, ...(read === undefined ? {} : { read }) };
  const layers = new Map<string, ReadLayer<Detail>>();
  for (const inspected of await format.inspect({ file }, options)) {
    // As the plan stores it.
    const layer = JSON.parse(JSON.stringify(inspected)) as InspectedLayer<Detail>;
    const sink = Object.assign(new CollectingSink(), { layer });
    for (let block = 0; block < layer.blocks; block++) await format.readBlock({ file }, layer, block, sink, signal);
    layers.set(layer.name, sink);
  }
  return layers;
}

/** The only layer of a file. */
export async function readLayer<Detail>(
  format: FeatureFormat<Detail>,
  content: Uint8Array | string,
  options?: ReadLayersOptions,
): Promise<ReadLayer<Detail>> {
  const [layer, ...others] = (await readLayers(format, content, options)).values();
  if (layer === undefined || others.length > 0) throw new Error(`there are ${others.length + (layer ? 1 : 0)} layers`);
  return layer;
}
