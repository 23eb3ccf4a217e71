import type { BlockSummary, Note } from './block-summary.ts';
import { tooManyBlocks, tooManyFields } from './errors.ts';
import type { FieldStatistics } from './field-statistics.ts';
import { GeometryStatistics } from './geometry-statistics.ts';
import { MAX_BLOCKS, MAX_FIELDS } from './limits.ts';
import { openFeatureBlock, type BlockSource, type OpenBlock } from './open-feature-block.ts';
import type { RecordSet } from './record-set.ts';

/** Blocks whose summaries are read at once. */
const CONCURRENCY = 16;

/** A field of a dataset, as all blocks saw it. */
export interface MergedField {
  /** As its source names it. */
  name: string;
  statistics: FieldStatistics;
}

/** A block and what becomes of its fields. */
export interface MergedBlock extends OpenBlock {
  /** Number of the merged field, which is that of its column, by the number of the field in the block. */
  readonly columns: Uint16Array;
  /** By the same number the tags that values of the merged field have: bit n for tag n. */
  readonly tags: Uint32Array;
  /** Records that are passed over: what the others say together does not count them. */
  readonly dropped?: RecordSet;
}

/** All blocks of a dataset, opened, and what they say together. */
export interface MergedBlocks {
  /** In the order of their sources. */
  blocks: MergedBlock[];
  features: number;
  rejected: number;
  /** In the order in which they turn up first. */
  fields: MergedField[];
  geometry: GeometryStatistics;
  /** By code, in the order in which they turn up first. */
  notes: Note[];
  /** Bytes of all records. */
  bytes: number;
}

/**
 * Opens the blocks of a dataset and adds their summaries up. The same blocks give the same result, whatever is read first.
 * @throws LonghaulError `feature-block-corrupt`, `feature-blocks-too-many`, `feature-fields-too-many` (final); whatever a
 *   source throws
 */
export async function mergeSummaries(sources: readonly BlockSource[], signal?: AbortSignal): Promise<MergedBlocks> {
  if (sources.length > MAX_BLOCKS) throw tooManyBlocks(sources.length, MAX_BLOCKS);
  const merger = new SummaryMerger();
  for (let start = 0; start < sources.length; start += CONCURRENCY) {
    const batch = sources.slice(start, start + CONCURRENCY);
    for (const opened of await Promise.all(batch.map((source) => openFeatureBlock(source, signal)))) {
      merger.add(opened, opened.summary);
    }
  }
  return merger.finish();
}

class SummaryMerger {
  readonly merged: MergedBlocks = {
    blocks: [],
    features: 0,
    rejected: 0,
    fields: [],
    geometry: new GeometryStatistics(),
    notes: [],
    bytes: 0,
  };
  readonly #fieldNumbers = new Map<string, number>();

  add({ source, preamble }: OpenBlock, summary: BlockSummary): void {
    const { merged } = this;
    const columns = Uint16Array.from(summary.fields, (field) => this.#addField(field));
    merged.blocks.push({ source, preamble, columns, tags: new Uint32Array(columns.length) });
    merged.features += summary.features;
    merged.rejected += summary.rejected;
    merged.bytes += preamble.records.bytes;
    merged.geometry.merge(summary.geometry);
    addNotes(merged.notes, summary.notes);
  }

  finish(): MergedBlocks {
    const { merged } = this;
    tellTags(merged);
    return merged;
  }

  #addField({ name, statistics }: MergedField): number {
    const { fields } = this.merged;
    const known = this.#fieldNumbers.get(name);
    if (known !== undefined) {
      fields[known]!.statistics.merge(statistics);
      return known;
    }
    if (fields.length === MAX_FIELDS) throw tooManyFields(MAX_FIELDS);
    this.#fieldNumbers.set(name, fields.length);
    return fields.push({ name, statistics }) - 1;
  }
}

/** Tells each block which tags the values of its fields have, by what all blocks saw. */
export function tellTags({ blocks, fields }: Pick<MergedBlocks, 'blocks' | 'fields'>): void {
  const masks = fields.map(({ statistics: { counts } }) =>
    counts.reduce((mask, count, tag) => (count > 0 ? mask | (1 << tag) : mask), 0),
  );
  for (const { columns, tags } of blocks) {
    for (const [field, column] of columns.entries()) tags[field] = masks[column]!;
  }
}

/** Adds notes up by their codes; a block has a bounded number of kinds. */
export function addNotes(notes: Note[], more: readonly Note[]): void {
  const byCode = new Map(notes.map((note) => [note.code, note]));
  for (const note of more) {
    const known = byCode.get(note.code);
    if (known !== undefined) {
      known.count += note.count;
      continue;
    }
    const first = { ...note };
    byCode.set(note.code, first);
    notes.push(first);
  }
}
