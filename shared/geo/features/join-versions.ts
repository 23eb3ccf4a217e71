import { columnNames } from './column-names.ts';
import { tooManyBlocks, tooManyFields } from './errors.ts';
import { FEATURE_ID } from './feature-sink.ts';
import { FieldStatistics } from './field-statistics.ts';
import { GeometryStatistics } from './geometry-statistics.ts';
import { MAX_BLOCKS, MAX_FIELDS } from './limits.ts';
import { addNotes, tellTags, type MergedBlock, type MergedBlocks, type MergedField } from './merge-summaries.ts';

export interface JoinedVersions {
  merged: MergedBlocks;
  /** Number of the merged field by that of the field of what was added. */
  columns: readonly number[];
}

/**
 * Puts the blocks of a source behind those of the version that is published. A field of the source is the one that is published
 * under its name or, where its name was another one in the outputs, under that: the identifier of features is `id`.
 * @throws LonghaulError `feature-blocks-too-many`, `feature-fields-too-many` (final)
 */
export function joinVersions(published: MergedBlocks, added: MergedBlocks): JoinedVersions {
  const count = published.blocks.length + added.blocks.length;
  if (count > MAX_BLOCKS) throw tooManyBlocks(count, MAX_BLOCKS);
  const fields = published.fields.map(({ name, statistics }) => ({ name, statistics: copyOf(statistics) }));
  const matches = matchFields(published.fields, added.fields);
  const columns = added.fields.map(({ name, statistics }, index) => {
    const match = matches[index];
    const column = match ?? fields.push({ name, statistics: new FieldStatistics() }) - 1;
    fields[column]!.statistics.merge(statistics);
    if (name === FEATURE_ID) fields[column]!.name = FEATURE_ID;
    return column;
  });
  if (fields.length > MAX_FIELDS) throw tooManyFields(MAX_FIELDS);
  const geometry = new GeometryStatistics();
  geometry.merge(published.geometry);
  geometry.merge(added.geometry);
  const merged: MergedBlocks = {
    blocks: [
      ...published.blocks.map((block) => withColumns(block, block.columns)),
      ...added.blocks.map((block) =>
        withColumns(
          block,
          block.columns.map((field) => columns[field]!),
        ),
      ),
    ],
    features: published.features + added.features,
    rejected: published.rejected + added.rejected,
    fields,
    geometry,
    notes: [],
    bytes: published.bytes + added.bytes,
  };
  addNotes(merged.notes, published.notes);
  addNotes(merged.notes, added.notes);
  tellTags(merged);
  return { merged, columns };
}

/** The published field that each field of the source is: by its own name first, then by the one that it gets in outputs. */
function matchFields(published: readonly MergedField[], added: readonly MergedField[]): (number | undefined)[] {
  const numbers = new Map(published.map(({ name }, index) => [name, index]));
  const matches = added.map(({ name }) => numbers.get(name));
  const taken = new Set(matches);
  const inOutputs = (fields: readonly MergedField[]): string[] =>
    columnNames(fields.map(({ name }) => name)).map(({ name }) => name.toLowerCase());
  const byOutput = new Map(inOutputs(published).map((name, index) => [name, index]));
  for (const [index, name] of inOutputs(added).entries()) {
    const match = byOutput.get(name);
    if (matches[index] !== undefined || match === undefined || taken.has(match)) continue;
    matches[index] = match;
    taken.add(match);
  }
  return matches;
}

function copyOf(statistics: FieldStatistics): FieldStatistics {
  const copy = new FieldStatistics();
  copy.merge(statistics);
  return copy;
}

const withColumns = (block: MergedBlock, columns: Uint16Array): MergedBlock => ({
  ...block,
  columns,
  tags: new Uint32Array(columns.length),
});
