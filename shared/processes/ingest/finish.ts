import { writeFeatures } from '../../geo/features/feature-writer.ts';
import type {
  Artifact,
  DatasetFile,
  DatasetVerdict,
  FinishedDataset,
  FinishResult,
  FinishWork,
  OutputUpload,
  ProcessContext,
  RelatedFile,
} from '../../jobs/process.ts';
import { buildsUpon } from './versions/base-version.ts';
import { datasetView, describeDataset } from './publish/describe-dataset.ts';
import type { IngestDetail } from './detail.ts';
import type { IngestInputs, OutputFormat } from './inputs.ts';
import { outputCrs } from './publish/output-crs.ts';
import { OUTPUTS } from './publish/output-formats.ts';
import { datasetReport, type DatasetReport, type ReportedFile } from './publish/report.ts';
import { judgeRejects } from './publish/judge-rejects.ts';
import { mergeVersions, openVersions, type MergedVersions } from './versions/merge-versions.ts';

type Work = FinishWork<IngestInputs, IngestDetail>;

/** Merges the blocks of each dataset into its files, and reports what was read. */
export async function finishIngest({ signal }: ProcessContext, work: Work): Promise<FinishResult> {
  const reports: DatasetReport[] = [];
  const verdicts: Record<string, DatasetVerdict> = {};
  for (const dataset of work.datasets) {
    const versions = await openVersions(dataset, signal);
    const verdict = judgeRejects(versions, work.inputs.toleratedRejects, dataset.plan.id);
    if (verdict !== undefined) verdicts[dataset.plan.id] = verdict;
    const merged = await mergeVersions(versions, dataset.plan.detail, work.inputs, signal);
    reports.push(await publish(work, dataset, merged, verdict?.state !== 'failed', signal));
  }
  return { results: { datasets: reports }, artifacts: reports.flatMap((report) => artifactOf(report, work)), verdicts };
}

/** Writes the files of a dataset, unless too much was left out of it. */
async function publish(
  work: Work,
  { plan }: FinishedDataset<IngestDetail>,
  { merged, schema, changes, notes }: MergedVersions,
  isWanted: boolean,
  signal: AbortSignal,
): Promise<DatasetReport> {
  const { inputs, errorsUrl, createOutput } = work;
  const formats = isWanted ? inputs.outputs : [];
  const uploads: { format: OutputFormat; upload: OutputUpload }[] = [];
  for (const format of formats) {
    const { extension, mediaType } = OUTPUTS[format];
    uploads.push({ format, upload: await createOutput(`${plan.id}.${extension}`, mediaType) });
  }
  const crs = outputCrs(inputs.targetCrs);
  const writers = await Promise.all(
    uploads.map(({ format, upload }) =>
      OUTPUTS[format].createWriter({ sink: upload, name: plan.id, crs, merged, schema, signal }),
    ),
  );
  const view = isWanted ? datasetView(merged, inputs) : undefined;
  const observers = view?.observers ?? [];
  const written = writers.length === 0 ? [] : await writeFeatures(merged, writers, { signal, observers });
  const files = uploads.map(({ format, upload }, index): ReportedFile => {
    const { mediaType } = OUTPUTS[format];
    return { format, role: 'data', href: upload.url, type: mediaType, bytes: written[index]!.bytes };
  });
  if (isWanted) files.push(...(await describeDataset(work, { plan, merged, schema, view, files })));
  return datasetReport({ plan, inputs, merged, schema, files, written, errorsUrl, changes, notes });
}

/** What the pointer of a dataset is moved to: the first of its files. */
function artifactOf({ dataset, files, changes }: DatasetReport, { inputs }: Work): Artifact[] {
  const of = (role: ReportedFile['role']): DatasetFile[] =>
    files.filter((file) => file.role === role).map(({ href, type, bytes }) => ({ url: href, mediaType: type, bytes }));
  const [first, ...others] = of('data');
  if (first === undefined) return [];
  return [
    {
      dataset,
      ...first,
      ...(others.length === 0 ? {} : { alternates: others }),
      related: [
        ...of('metadata').map((file): RelatedFile => ({ ...file, rel: 'describedby' })),
        ...of('thumbnail').map((file): RelatedFile => ({ ...file, rel: 'preview' })),
      ],
      ...expectationOf(inputs, changes?.base),
    },
  ];
}

/** What the pointer must be while it is moved: whoever builds upon a version demands that it is still the published one. */
function expectationOf(inputs: IngestInputs, base: string | undefined): Pick<Artifact, 'expects'> {
  if (inputs.mode === 'create') return { expects: { kind: 'new' } };
  if (!buildsUpon(inputs)) return {};
  return { expects: { kind: 'unchanged', ...(base === undefined ? {} : { jobId: base }) } };
}
