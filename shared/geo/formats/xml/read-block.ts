import type { FeatureSource, InspectedLayer } from '../../features/feature-format.ts';
import type { XmlDetail } from './block-cutter.ts';
import type { NameTable } from './name-table.ts';
import { OutlineScanner, type OutlineHandler } from './outline-scanner.ts';
import { scanSource, type OffsetOf } from './scan-source.ts';

/**
 * Reads one block of a layer.
 * @param handle makes what takes its records; `first` is the number of the layer's first feature in the block
 * @throws LonghaulError (final) as `scanSource`
 */
export async function readXmlBlock(
  { file }: FeatureSource,
  { blocks, detail }: InspectedLayer<XmlDetail>,
  block: number,
  signal: AbortSignal,
  names: NameTable,
  handle: (offsetOf: OffsetOf, first: number) => OutlineHandler,
): Promise<void> {
  const part = detail.blocks[block];
  if (part === undefined) throw new RangeError(`the layer has ${blocks} blocks, none of number ${block}`);
  const { start, end, first, context } = part;
  const encoding = { name: detail.encoding, bomBytes: 0 };
  await scanSource(
    { file, encoding, start, blockEnd: end, end, signal },
    (offsetOf) => new OutlineScanner(handle(offsetOf, first), names, detail.contexts[context]),
    'block',
  );
}
