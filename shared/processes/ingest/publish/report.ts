import type { Note } from '../../../geo/features/block-summary.ts';
import type { ColumnType, Schema } from '../../../geo/features/column.ts';
import { datasetStatistics, type DatasetStatistics } from '../../../geo/features/dataset-statistics.ts';
import type { FeatureWriterSummary } from '../../../geo/features/feature-writer.ts';
import type { MergedBlocks } from '../../../geo/features/merge-summaries.ts';
import { featureTransform } from '../../../geo/projections/feature-transform.ts';
import type { PlannedDataset } from '../../../jobs/process.ts';
import { computableCrs, declaredCrs } from '../crs.ts';
import type { IngestDetail } from '../detail.ts';
import type { IngestInputs, OutputFormat } from '../inputs.ts';
import type { DatasetChanges } from '../versions/merge-versions.ts';

export interface ReportedFile {
  format: OutputFormat | 'png' | 'stac';
  /** What it is to the dataset, in the words of STAC. */
  role: 'data' | 'thumbnail' | 'metadata';
  href: URL;
  type: string;
  bytes: number;
}

/** What became of one field of the source. */
export interface ReportedField {
  source: string;
  name: string;
  type: ColumnType;
  /** Why the name or the type is another than that of the source. */
  reasons: string[];
}

export interface ReportedCrs {
  source: string;
  /** Who says so: the source itself, or the caller. */
  by: 'source' | 'caller';
  target: string;
  /** What is known about the error of the transformation, when that is more than a metre. */
  accuracy?: string;
}

/** One entry of the output `datasets`: what was read, what was made of it, and what was not. */
export interface DatasetReport {
  dataset: string;
  layer: string;
  format: string;
  files: ReportedFile[];
  /** The list of features that were left out, one JSON object a line. */
  rejects?: URL;
  crs?: ReportedCrs;
  /** In the modes `append` and `upsert`. */
  changes?: DatasetChanges;
  fields: ReportedField[];
  statistics: DatasetStatistics;
  notes: Note[];
}

export interface Reported {
  plan: PlannedDataset<IngestDetail>;
  inputs: IngestInputs;
  merged: MergedBlocks;
  schema: Schema;
  files: ReportedFile[];
  written: readonly FeatureWriterSummary[];
  errorsUrl: URL;
  changes: DatasetChanges | undefined;
  /** What else is to be noted. */
  notes: readonly Note[];
}

export function datasetReport(reported: Reported): DatasetReport {
  const { plan, inputs, merged, schema, files, written, errorsUrl, changes } = reported;
  const { located, layer, notes } = plan.detail;
  const crs = reportCrs(plan.detail, inputs);
  const ofSource = [...notes, ...(layer.notes ?? [])].map((reason) => ({ code: 'source', reason, count: 1 }));
  return {
    dataset: plan.id,
    layer: layer.name,
    format: located.format,
    files,
    ...(merged.rejected === 0 ? {} : { rejects: errorsUrl }),
    ...(crs === undefined ? {} : { crs }),
    ...(changes === undefined ? {} : { changes }),
    fields: schema.columns.map(({ source, name, type, reasons }) => ({ source, name, type, reasons })),
    statistics: datasetStatistics(merged, schema),
    notes: [...ofSource, ...reported.notes, ...merged.notes, ...written.flatMap((summary) => summary.notes)],
  };
}

export function reportCrs({ crs }: Pick<IngestDetail, 'crs'>, { targetCrs }: IngestInputs): ReportedCrs | undefined {
  if (crs === undefined) return undefined;
  const source = computableCrs(crs.declared);
  const { accuracy } = featureTransform(source, computableCrs(declaredCrs(targetCrs)));
  return {
    source: source.epsg === undefined ? source.name : `EPSG:${source.epsg} (${source.name})`,
    by: crs.by,
    target: targetCrs,
    ...(accuracy === undefined ? {} : { accuracy }),
  };
}
