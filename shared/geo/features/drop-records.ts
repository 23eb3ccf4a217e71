import { FieldStatistics } from './field-statistics.ts';
import { Geometry, GEOMETRY_TYPES } from './geometry.ts';
import { GeometrySpan } from './geometry-span.ts';
import { GeometryStatistics } from './geometry-statistics.ts';
import { tellTags, type MergedBlock, type MergedBlocks } from './merge-summaries.ts';
import { openFeatureBlock } from './open-feature-block.ts';
import { PropertyReader } from './property-reader.ts';
import type { RecordSet } from './record-set.ts';
import type { StoredFeature } from './stored-feature.ts';
import { walkRecords } from './walk-records.ts';

/**
 * Leaves records out of blocks, and counts anew what the others say together: the blocks that lose some are read, of the
 * others the summaries. Fields stay, even if no value of them is left.
 * @param dropped by the place of their block
 * @throws LonghaulError `feature-block-corrupt` (final); whatever a source throws
 */
export async function dropRecords(
  merged: MergedBlocks,
  dropped: ReadonlyMap<number, RecordSet>,
  signal?: AbortSignal,
): Promise<MergedBlocks> {
  if (dropped.size === 0) return merged;
  const fields = merged.fields.map(({ name }) => ({ name, statistics: new FieldStatistics() }));
  const counted = { features: 0, fields, geometry: new GeometryStatistics() };
  const counter = new FeatureCounter(counted);
  const blocks: MergedBlock[] = [];
  for (const [index, block] of merged.blocks.entries()) {
    const left = dropped.get(index);
    if (left === undefined) {
      const { summary } = await openFeatureBlock(block.source, signal);
      counted.features += summary.features;
      counted.geometry.merge(summary.geometry);
      for (const [field, { statistics }] of summary.fields.entries()) {
        fields[block.columns[field]!]!.statistics.merge(statistics);
      }
      blocks.push({ ...block, tags: new Uint32Array(block.columns.length) });
    } else {
      await walkRecords({ ...block, dropped: left }, (feature) => counter.add(feature), signal);
      blocks.push({ ...block, tags: new Uint32Array(block.columns.length), dropped: left });
    }
  }
  const kept = { ...merged, ...counted, blocks };
  tellTags(kept);
  return kept;
}

/** Counts features as a block's writer does. */
class FeatureCounter {
  readonly #counted: Pick<MergedBlocks, 'features' | 'fields' | 'geometry'>;
  readonly #geometry = new Geometry();
  readonly #span = new GeometrySpan();
  readonly #reader = new PropertyReader([]);

  constructor(counted: Pick<MergedBlocks, 'features' | 'fields' | 'geometry'>) {
    this.#counted = counted;
  }

  add(feature: StoredFeature): void {
    const { fields, geometry } = this.#counted;
    this.#counted.features++;
    if (feature.geometry === undefined) this.#geometry.begin(GEOMETRY_TYPES.none);
    else feature.geometry.copyTo(this.#geometry);
    this.#span.measure(this.#geometry);
    geometry.count(this.#geometry.type, this.#span);
    const reader = this.#reader;
    reader.begin(feature);
    while (reader.next()) {
      fields[reader.column]!.statistics.add(reader.tag, feature.bytes, feature.view, reader.start, reader.end);
    }
  }
}
