import { decideSchema } from '../../../shared/geo/features/decide-schema.ts';
import { FeatureBlockWriter } from '../../../shared/geo/features/feature-block-writer.ts';
import {
  writeFeatures,
  type FeatureWriter,
  type FeatureWriterOptions,
  type FeatureWriterSummary,
} from '../../../shared/geo/features/feature-writer.ts';
import type { MergeOptions } from '../../../shared/geo/features/feature-merge.ts';
import { DEGREES_DOMAIN } from '../../../shared/geo/features/hilbert-keys.ts';
import { mergeSummaries } from '../../../shared/geo/features/merge-summaries.ts';
import type { BlockSource } from '../../../shared/geo/features/open-feature-block.ts';
import { CRS84 } from '../../../shared/geo/features/output-crs.ts';
import { MemorySink } from '../memory-sink.ts';
import { addFeature, type TestFeature } from './test-feature.ts';

/** A block of features. */
export function makeBlock(features: readonly TestFeature[]): Uint8Array {
  const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
  for (const [index, feature] of features.entries()) addFeature(writer, feature, 10 * index);
  return writer.finish();
}

/** A block in memory that counts what is read of it. */
export interface MemoryBlock extends BlockSource {
  readonly reads: { offset: number; length: number }[];
}

export function memoryBlock(bytes: Uint8Array): MemoryBlock {
  const reads: { offset: number; length: number }[] = [];
  return {
    size: bytes.length,
    reads,
    read: async (offset, length) => {
      reads.push({ offset, length });
      return bytes.slice(offset, offset + length);
    },
  };
}

export interface WrittenDataset {
  bytes: Uint8Array;
  summary: FeatureWriterSummary;
}

/** Takes blocks to the bytes of a file. */
export async function writeDataset(
  blocks: readonly Uint8Array[],
  createWriter: (options: FeatureWriterOptions) => FeatureWriter,
  options: Partial<FeatureWriterOptions> & { merge?: MergeOptions } = {},
): Promise<WrittenDataset> {
  const merged = await mergeSummaries(blocks.map(memoryBlock));
  const sink = new MemorySink();
  const writer = createWriter({ sink, name: 'test', crs: CRS84, merged, schema: decideSchema(merged), ...options });
  const [summary] = await writeFeatures(merged, [writer], options.merge);
  return { bytes: sink.bytes, summary: summary! };
}

/** Features cut into blocks of at most so many. */
export function inBlocks(features: readonly TestFeature[], size: number): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let start = 0; start < features.length; start += size)
    blocks.push(makeBlock(features.slice(start, start + size)));
  return blocks.length === 0 ? [makeBlock([])] : blocks;
}
