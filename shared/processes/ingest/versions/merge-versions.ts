import type { Note } from '../../../geo/features/block-summary.ts';
import type { Column, Schema } from '../../../geo/features/column.ts';
import { decideSchema } from '../../../geo/features/decide-schema.ts';
import { dropRecords } from '../../../geo/features/drop-records.ts';
import { findReplaced } from '../../../geo/features/find-replaced.ts';
import type { KeyColumn, KeyPart } from '../../../geo/features/feature-key.ts';
import { joinVersions } from '../../../geo/features/join-versions.ts';
import { mergeSummaries, type MergedBlocks } from '../../../geo/features/merge-summaries.ts';
import type { FinishedDataset } from '../../../jobs/process.ts';
import { buildsUpon, publishedBlocks, type BaseVersion } from './base-version.ts';
import { blockSources } from '../publish/block-sources.ts';
import { declaredCrs, isSameCrs } from '../crs.ts';
import type { IngestDetail } from '../detail.ts';
import type { IngestInputs } from '../inputs.ts';
import { keyParts } from './key.ts';

/** What became of the features of the published version, and of those of the source. */
export interface DatasetChanges {
  /** Job that published the version that was built upon; absent when there was none. */
  base?: string;
  /** Features of that version that are in the new one. */
  kept: number;
  /** Features of the source that are in it. */
  added: number;
  /** Features of that version in whose place others came. */
  replaced: number;
  /** Features of the source with whose key another one comes behind them. */
  superseded: number;
}

/** The blocks of a dataset, those of the published version before those of the source. */
export interface Versions {
  /** Absent where the source stands for itself. */
  published?: MergedBlocks;
  source: MergedBlocks;
}

/** What is to be written. */
export interface MergedVersions {
  merged: MergedBlocks;
  schema: Schema;
  /** In the modes `append` and `upsert`. */
  changes?: DatasetChanges;
  notes: Note[];
}

/** Opens the blocks of a dataset. @throws LonghaulError as `mergeSummaries` */
export async function openVersions(
  { plan, layers }: FinishedDataset<IngestDetail>,
  signal: AbortSignal,
): Promise<Versions> {
  const blocks = [...(await blockSources(layers))];
  const first = publishedBlocks(plan.detail);
  const sourcesOf = (isWanted: (number: number) => boolean) =>
    blocks.filter(([number]) => isWanted(number)).map(([, source]) => source);
  const source = await mergeSummaries(
    sourcesOf((number) => number >= first),
    signal,
  );
  if (plan.detail.base === undefined) return { source };
  return {
    source,
    published: await mergeSummaries(
      sourcesOf((number) => number < first),
      signal,
    ),
  };
}

/**
 * Puts the features of the source to those of the published version, or in their places.
 * @throws LonghaulError as `joinVersions`, `findReplaced`, `dropRecords`
 */
export async function mergeVersions(
  { source, published }: Versions,
  { layer, base }: IngestDetail,
  inputs: IngestInputs,
  signal: AbortSignal,
): Promise<MergedVersions> {
  const joined = published === undefined ? unjoined(source) : joinVersions(published, source);
  const declared = [...(base?.layer.fields ?? []), ...(layer.fields ?? [])];
  const before = decideSchema(joined.merged, declared);
  const key = keyParts(inputs.key ?? [], source.fields, joined.columns, before.columns);
  const { dropped, replaced, superseded } =
    inputs.key === undefined
      ? { dropped: new Map(), replaced: 0, superseded: 0 }
      : await findReplaced(joined.merged, {
          key,
          published: published?.blocks.length ?? 0,
          added: source.features,
          signal,
        });
  const merged = await dropRecords(joined.merged, dropped, signal);
  const schema = merged === joined.merged ? before : decideSchema(merged, declared);
  if (!buildsUpon(inputs)) return { merged, schema, notes: [] };
  const kept = (published?.features ?? 0) - replaced;
  const added = source.features - superseded;
  return {
    merged,
    schema: published === undefined ? schema : tellChangedTypes(schema, published, base?.layer.fields),
    changes: { ...(base === undefined ? {} : { base: base.jobId }), kept, added, replaced, superseded },
    notes: published === undefined ? [] : [...transformed(base, inputs, published), ...unkeyed(inputs, key, published)],
  };
}

const unjoined = (source: MergedBlocks) => ({ merged: source, columns: source.fields.map((_, index) => index) });

/** Names the columns whose type is another one than in the published version. */
function tellChangedTypes(
  { columns }: Schema,
  published: MergedBlocks,
  declared: IngestDetail['layer']['fields'],
): Schema {
  const before = decideSchema(published, declared).columns;
  return {
    columns: columns.map((column, index): Column => {
      const type = before[index]?.type;
      if (type === undefined || type === column.type) return column;
      return { ...column, reasons: [...column.reasons, `In the published version it is of the type ${type}.`] };
    }),
  };
}

function transformed(base: BaseVersion | undefined, { targetCrs }: IngestInputs, { features }: MergedBlocks): Note[] {
  const crs = base?.crs;
  if (crs === undefined || features === 0 || isSameCrs(crs.declared, declaredCrs(targetCrs))) return [];
  const reason = `The published version is in another CRS, and was brought to ${targetCrs}.`;
  return [{ code: 'published-version-transformed', reason, count: features }];
}

/** Columns of the key of which the published version has no value, so that nothing of it could be replaced. */
function unkeyed({ key = [] }: IngestInputs, parts: readonly KeyPart[], { features, fields }: MergedBlocks): Note[] {
  // The fields of the published version are the first of the merged ones.
  const hasValues = ({ column }: KeyColumn): boolean =>
    fields[column]?.statistics.counts.some((count) => count > 0) ?? false;
  return key.flatMap((name, index): Note[] => {
    if (features === 0 || parts[index]!.some(hasValues)) return [];
    const reason = `The published version has no value of «${name}», so that nothing of it was replaced.`;
    return [{ code: 'key-not-published', reason, count: features }];
  });
}
