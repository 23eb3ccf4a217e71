import { absent, all, any, atMost, equals } from '../conditions.ts';
import { datasetItemKey, jobItemKey } from '../items/keys.ts';
import type { DatasetState, ErrorRecord, JobKey } from '../job.ts';
import type { Artifact } from '../process.ts';
import type { Condition, Write } from '../ports/job-store.ts';
import { terminalChange } from './terminal.ts';

export interface Publication {
  outcome: 'succeeded' | 'partial' | 'failed';
  /** What the datasets' pointers are moved to; none for a job that failed. */
  artifacts: readonly Artifact[];
  failure?: ErrorRecord;
  errors: ErrorRecord[];
  /** One entry for each dataset of the plan. */
  datasetStates: DatasetState[];
  now: number;
  retentionDays: number;
}

/**
 * finishing → succeeded, partial or failed, together with the datasets' pointers: all of it or nothing.
 * The job that finishes last is what a dataset points to; a pointer never goes back in time.
 */
export function publishWrites(key: JobKey, publication: Publication): Write[] {
  const isFinishing = equals('state', 'finishing');
  const { outcome, now, errors, failure, retentionDays } = publication;
  const change = terminalChange({
    state: outcome,
    now,
    actor: 'finisher',
    cause: outcome === 'failed' ? 'too-many-failures' : 'published',
    retentionDays,
    errors,
    ...(failure === undefined ? {} : { failure }),
  });
  const jobWrite: Write = {
    kind: 'update',
    key: jobItemKey(key),
    condition: isFinishing,
    ...change,
    set: { ...change.set, datasetStates: publication.datasetStates },
  };
  return [jobWrite, ...publication.artifacts.map((artifact) => moveDatasetPointer(key, artifact, now))];
}

function moveDatasetPointer(key: JobKey, artifact: Artifact, now: number): Write {
  const { url, mediaType, bytes, alternates = [], related = [] } = artifact;
  return {
    kind: 'put',
    key: datasetItemKey(key.tenant, artifact.dataset),
    item: {
      jobId: key.jobId,
      url: url.href,
      mediaType,
      bytes,
      publishedAt: now,
      ...(alternates.length === 0 ? {} : { alternates: alternates.map((file) => ({ ...file, url: file.url.href })) }),
      ...(related.length === 0 ? {} : { related: related.map((file) => ({ ...file, url: file.url.href })) }),
    },
    condition: pointerMayMove(artifact, now),
  };
}

/** A job publishes once, so that its id is the version of what it published: a pointer never comes back to it. */
function pointerMayMove({ expects }: Artifact, now: number): Condition {
  const datasetIsNew = absent('jobId');
  const pointerIsNotAheadOfUs = atMost('publishedAt', now);
  if (expects === undefined) return any(datasetIsNew, pointerIsNotAheadOfUs);
  if (expects.kind === 'new' || expects.jobId === undefined) return datasetIsNew;
  const versionIsTheSame = equals('jobId', expects.jobId);
  return all(versionIsTheSame, pointerIsNotAheadOfUs);
}
