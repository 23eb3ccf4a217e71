import { OGC_RELATIONS } from '../../../shared/http/link.ts';
import type { Link } from '../../../shared/http/link.ts';
import { addCounts, isTerminal, NO_COUNTS } from '../../../shared/jobs/job.ts';
import type { Counts, ErrorRecord, Job, JobState } from '../../../shared/jobs/job.ts';
import { totalUnits } from '../../../shared/jobs/numbering.ts';

/** Status codes of OGC 18-062r2 `statusCode.yaml`, and the states behind each. */
export const STATUS_STATES = {
  accepted: ['accepted'],
  running: ['planning', 'running', 'finishing'],
  successful: ['succeeded', 'partial'],
  failed: ['failed'],
  dismissed: ['cancelled'],
} as const satisfies Record<string, readonly JobState[]>;
export type StatusCode = keyof typeof STATUS_STATES;

const STATUS_OF: Readonly<Record<JobState, StatusCode>> = {
  accepted: 'accepted',
  planning: 'running',
  running: 'running',
  finishing: 'running',
  succeeded: 'successful',
  partial: 'successful',
  failed: 'failed',
  cancelled: 'dismissed',
};

/** OGC 18-062r2 `statusInfo.yaml`, and what we add to it. */
export interface StatusInfo {
  processID: string;
  type: 'process';
  jobID: string;
  status: StatusCode;
  message: string;
  created: string;
  started?: string;
  finished?: string;
  updated: string;
  /** 0–100; 100 only when the results are published. */
  progress: number;
  links: Link[];
  /** Our own state, finer than `status`. */
  state: JobState;
  /** True when some units failed and the rest is published. */
  partial?: boolean;
  counts: Counts;
  /** Units planned; absent before the plan. */
  units?: number;
  /** `state` is the job's own until the job has been finished. */
  datasets?: ({ id: string; units: number; state: JobState } & Counts)[];
  failure?: ErrorRecord;
  /** Some of the errors; the link with relation `exceptions` has all. */
  errors?: ErrorRecord[];
  retryOf?: string;
  tags?: string[];
}

/** @param counts one entry for each dataset of the job */
export function statusInfo(root: string, job: Job, counts: readonly Counts[] = job.counts): StatusInfo {
  const all = counts.reduce<Counts>(addCounts, NO_COUNTS);
  const units = job.datasets === undefined ? undefined : totalUnits(job.datasets);
  return {
    processID: job.processId,
    type: 'process',
    jobID: job.jobId,
    status: STATUS_OF[job.state],
    message: messageOf(job, all, units),
    created: iso(job.createdAt),
    ...(job.startedAt === undefined ? {} : { started: iso(job.startedAt) }),
    ...(job.finishedAt === undefined ? {} : { finished: iso(job.finishedAt) }),
    updated: iso(job.updatedAt),
    progress: progressOf(job.state, all, units),
    links: jobLinks(root, job),
    state: job.state,
    ...(job.state === 'partial' ? { partial: true } : {}),
    counts: all,
    ...(units === undefined ? {} : { units }),
    ...(job.datasets === undefined ? {} : { datasets: datasetCounts(job, job.datasets, counts) }),
    ...(job.failure === undefined ? {} : { failure: job.failure }),
    ...(job.errors === undefined ? {} : { errors: job.errors }),
    ...(job.retryOf === undefined ? {} : { retryOf: job.retryOf }),
    ...(job.tags === undefined ? {} : { tags: job.tags }),
  };
}

export const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const datasetCounts = (job: Job, datasets: NonNullable<Job['datasets']>, counts: readonly Counts[]) =>
  datasets.map(({ id, units }, index) => {
    const state: JobState = job.datasetStates?.[index] ?? job.state;
    return { id, units, state, ...(counts[index] ?? NO_COUNTS) };
  });

/** Whole percent of the units that are settled; below 100 until the job has ended well. */
function progressOf(state: JobState, counts: Counts, units: number | undefined): number {
  if (state === 'succeeded' || state === 'partial') return 100;
  if (units === undefined || units === 0) return 0;
  const settled = counts.done + counts.failed + counts.skipped;
  return Math.min(99, Math.floor((settled / units) * 100));
}

function messageOf(job: Job, counts: Counts, units: number | undefined): string {
  if (job.failure !== undefined) return job.failure.detail;
  const settled = counts.done + counts.failed + counts.skipped;
  const failed = counts.failed === 0 ? '' : `, ${counts.failed} failed`;
  return units === undefined ? `The job is ${job.state}.` : `${settled} of ${units} units settled${failed}.`;
}

function jobLinks(root: string, job: Job): Link[] {
  const path = `${root}/jobs/${job.jobId}`;
  const type = 'application/json';
  const links: Link[] = [
    { href: path, rel: 'self', type, title: 'Status' },
    { href: `${path}?f=html`, rel: 'alternate', type: 'text/html', title: 'Status as HTML' },
    { href: path, rel: 'monitor', type, title: 'Status, for polling' },
    { href: `${root}/jobs`, rel: 'up', type, title: 'All jobs' },
    { href: `${root}/processes/${job.processId}`, rel: 'related', type, title: 'Process' },
    { href: `${path}/events`, rel: 'related', type, title: 'Events' },
    { href: `${path}/errors`, rel: OGC_RELATIONS.exceptions, type, title: 'Errors' },
  ];
  if (isTerminal(job.state) && STATUS_OF[job.state] === 'successful') {
    links.push({ href: `${path}/results`, rel: OGC_RELATIONS.results, type, title: 'Results' });
  }
  return links;
}
