import type { Note } from '../../../geo/features/block-summary.ts';
import { LonghaulError } from '../../../errors/longhaul-error.ts';
import { decideSchema } from '../../../geo/features/decide-schema.ts';
import type { InspectedLayer } from '../../../geo/features/feature-format.ts';
import { writeFeatures } from '../../../geo/features/feature-writer.ts';
import { mergeSummaries } from '../../../geo/features/merge-summaries.ts';
import { readRejects, type BlockSource } from '../../../geo/features/open-feature-block.ts';
import { parseJson } from '../../../http/json.ts';
import type { LayerCrs } from '../crs.ts';
import type { SourceFormat } from '../formats.ts';
import { MAX_LIST_BYTES, MAX_PREVIEW_BYTES, PREVIEW_FEATURES, SHOWN_REJECTS } from './front-limits.ts';
import type { IngestInputs } from '../inputs.ts';
import { PreviewWriter } from './preview-writer.ts';
import { reportCrs, type ReportedCrs, type ReportedField } from '../publish/report.ts';
import { withinBytes } from './within-bytes.ts';

/** A layer as an estimate and a dry run tell of it. Fields, notes and rejects are those of the features that were looked at. */
export interface DescribedLayer {
  dataset: string;
  layer: string;
  format: SourceFormat;
  blocks: number;
  /** As the file tells; not to be believed. */
  features?: number;
  crs?: ReportedCrs;
  fields: ReportedField[];
  /** Features that were looked at, and how many of them cannot be used. */
  looked: { features: number; rejected: number };
  preview: { type: 'FeatureCollection'; features: unknown[] };
  rejects: { number: number; code: string; reason: string }[];
  notes: Note[];
}

/** What is known of a layer besides its first features. */
export interface KnownLayer {
  dataset: string;
  format: SourceFormat;
  layer: InspectedLayer;
  crs?: LayerCrs;
  /** What is to be noted of how it was looked at, one sentence each. */
  notes?: readonly string[];
}

export interface DescribeOptions {
  inputs: IngestInputs;
  /** Layers that share what may be told. */
  layers: number;
  /** Features that are shown. */
  most?: number;
  signal: AbortSignal;
}

/**
 * Tells of a layer by a block of its first features.
 * @throws LonghaulError `feature-block-corrupt` (final)
 */
export async function describeLayer(
  { dataset, format, layer, crs, notes = [] }: KnownLayer,
  block: BlockSource,
  { inputs, layers, most = PREVIEW_FEATURES, signal }: DescribeOptions,
): Promise<DescribedLayer> {
  const merged = await mergeSummaries([block], signal);
  const schema = decideSchema(merged, layer.fields);
  const writer = new PreviewWriter(schema, most, Math.floor(MAX_PREVIEW_BYTES / layers));
  await writeFeatures(merged, [writer], { signal });
  const { features, tooLarge } = writer.preview;

  const share = Math.floor(MAX_LIST_BYTES / layers);
  const columns = schema.columns.map(({ source, name, type, reasons }) => ({ source, name, type, reasons }));
  const fields = withinBytes(columns, share);
  const rejects = withinBytes(await firstRejects(merged.blocks[0]!, signal), share);
  const ofSource = [...notes, ...(layer.notes ?? [])].map((reason) => ({ code: 'source', reason, count: 1 }));
  const shown = parseFeatures(features);
  const leftOut = [
    ...shown.problems,
    { code: 'preview-feature-too-large', reason: 'A feature is too large to be shown.', count: tooLarge },
    { code: 'preview-field-left-out', reason: 'There are more fields than are listed.', count: fields.leftOut },
  ].filter(({ count }) => count > 0);
  const described = crs === undefined ? undefined : reportCrs({ crs }, inputs);
  return {
    dataset,
    layer: layer.name,
    format,
    blocks: layer.blocks,
    ...(layer.features === undefined ? {} : { features: layer.features }),
    ...(described === undefined ? {} : { crs: described }),
    fields: fields.kept,
    looked: { features: merged.features + merged.rejected, rejected: merged.rejected },
    preview: { type: 'FeatureCollection', features: shown.features },
    rejects: rejects.kept,
    notes: [...leftOut, ...withinBytes([...ofSource, ...merged.notes], share).kept],
  };
}

/** Features as objects; what would not survive that, such as values that are nested without end, is told and not shown. */
function parseFeatures(texts: readonly string[]): { features: unknown[]; problems: Note[] } {
  const problems: Note[] = [];
  const features = texts.flatMap((text) => {
    try {
      return [parseJson(text)];
    } catch (error) {
      if (!(error instanceof LonghaulError)) throw error;
      problems.push({ code: 'preview-feature-left-out', reason: error.detail, count: 1 });
      return [];
    }
  });
  return { features, problems };
}

/** The first rejects of a block, without the features themselves. */
async function firstRejects(
  block: Parameters<typeof readRejects>[0],
  signal: AbortSignal,
): Promise<DescribedLayer['rejects']> {
  const text = new TextDecoder().decode(await readRejects(block, signal));
  const lines = text.split('\n', SHOWN_REJECTS).filter((line) => line !== '');
  return lines.map((line) => {
    const { number, code, reason } = JSON.parse(line) as DescribedLayer['rejects'][number];
    return { number, code, reason };
  });
}
