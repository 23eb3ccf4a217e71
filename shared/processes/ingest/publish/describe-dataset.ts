import { createHash } from 'node:crypto';
import type { Schema } from '../../../geo/features/column.ts';
import type { FeatureObserver } from '../../../geo/features/feature-writer.ts';
import { LongitudeGap } from '../../../geo/features/longitude-gap.ts';
import type { MergedBlocks } from '../../../geo/features/merge-summaries.ts';
import { PNG_MEDIA_TYPE, Thumbnail } from '../../../geo/thumbnail/thumbnail.ts';
import type { FinishWork, PlannedDataset } from '../../../jobs/process.ts';
import { computableCrs, declaredCrs } from '../crs.ts';
import { datasetBox } from './dataset-box.ts';
import type { IngestDetail } from '../detail.ts';
import type { IngestInputs } from '../inputs.ts';
import { outputCrs } from './output-crs.ts';
import type { ReportedFile } from './report.ts';
import { STAC_MEDIA_TYPE, stacItem, type ItemFile } from './stac-item.ts';

type Work = FinishWork<IngestInputs, IngestDetail>;

/** What is looked at while the features of a dataset are written. */
export interface DatasetView {
  thumbnail: Thumbnail;
  gap: LongitudeGap;
  observers: readonly FeatureObserver[];
}

/** @returns undefined for a dataset that has no position: there is nothing to see */
export function datasetView(
  { geometry, features }: MergedBlocks,
  { targetCrs }: IngestInputs,
): DatasetView | undefined {
  if (!geometry.hasExtent) return undefined;
  const { geographic } = computableCrs(declaredCrs(targetCrs));
  const thumbnail = new Thumbnail({ extent: geometry.extent, features, geographic });
  const gap = new LongitudeGap();
  return { thumbnail, gap, observers: geographic ? [thumbnail, gap] : [thumbnail] };
}

export interface DescribedDataset {
  plan: PlannedDataset<IngestDetail>;
  merged: MergedBlocks;
  schema: Schema;
  /** Of its features, all of which were shown to it. */
  view: DatasetView | undefined;
  /** The files that hold its features. */
  files: readonly ReportedFile[];
}

/** Stores the thumbnail of a dataset and its STAC item, each by one request: both are small. */
export async function describeDataset(
  { inputs, acceptedAt, putOutput }: Work,
  { plan, merged, schema, view, files }: DescribedDataset,
): Promise<ReportedFile[]> {
  const { extent } = merged.geometry;
  const itemFiles = files.map((file): ItemFile => ({ ...file, name: nameOf(file.href), role: 'data' }));
  const described: ReportedFile[] = [];
  const put = async (name: string, file: Pick<ReportedFile, 'format' | 'role' | 'type'>, bytes: Uint8Array) => {
    described.push({ ...file, href: await putOutput(name, file.type, bytes), bytes: bytes.length });
  };
  if (view !== undefined) {
    const bytes = view.thumbnail.encode();
    const name = `${plan.id}.png`;
    const file = { format: 'png', role: 'thumbnail', type: PNG_MEDIA_TYPE } as const;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await put(name, file, bytes);
    itemFiles.push({ ...file, format: 'thumbnail', name, bytes: bytes.length, sha256 });
  }
  const item = stacItem({
    plan,
    acceptedAt,
    place:
      view === undefined
        ? undefined
        : { box: datasetBox(extent, view.gap, inputs.targetCrs), extent, crs: outputCrs(inputs.targetCrs) },
    features: merged.features,
    schema,
    files: itemFiles,
  });
  const text = `${JSON.stringify(item, undefined, 2)}\n`;
  const file = { format: 'stac', role: 'metadata', type: STAC_MEDIA_TYPE } as const;
  await put(`${plan.id}.stac.json`, file, new TextEncoder().encode(text));
  return described;
}

const nameOf = (href: URL): string => decodeURIComponent(href.pathname.slice(href.pathname.lastIndexOf('/') + 1));
