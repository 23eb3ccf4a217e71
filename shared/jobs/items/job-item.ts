import { JOB_STATES, type Counts, type DatasetNumbering, type HistoryEntry, type Job } from '../job.ts';
import type { Item } from '../ports/job-store.ts';
import { numberOf, textOf } from './attributes.ts';
import { activePartition } from './keys.ts';

/** Attributes of counts: one for each dataset and kind, because only top-level numbers can be added to. */
export const countAttribute = (kind: keyof Counts, dataset: number): string => `${kind}:${dataset}`;

/** Attributes that count how often the sweeper healed the job, by cause. */
export const HEALED_PREFIX = 'healed:';

/** The row of a job that was just accepted. */
export function newJobItem(job: Job): Item {
  return {
    state: job.state,
    version: job.version,
    processId: job.processId,
    processVersion: job.processVersion,
    createdAt: job.createdAt,
    updatedAt: job.updatedAt,
    deadlineAt: job.deadlineAt,
    subject: job.subject,
    nextShard: job.nextShard,
    history: job.history.map((entry) => ({ ...entry })),
    activePartition: activePartition(job.jobId),
    ...optional('dueAt', job.dueAt),
    ...optional('retryOf', job.retryOf),
    ...optional('subscribed', job.subscribed),
    ...optional('tags', job.tags),
    ...optional('inQuota', job.inQuota),
  };
}

/** Attributes that a row has from some state on, and then exactly as the job has them. */
const FROM_SOME_STATE_ON = [
  'startedAt',
  'finishedAt',
  'dueAt',
  'retryOf',
  'subscribed',
  'tags',
  'inQuota',
  'leaseToken',
  'leaseUntil',
  'planAttempt',
  'datasets',
  'datasetStates',
  'failure',
  'errors',
] as const satisfies readonly (keyof Job)[];

/** Reads a job row back; attributes that are absent take the value that they have before anything is counted. */
export function readJobItem(tenant: string, jobId: string, item: Item): Job {
  const state = JOB_STATES.find((known) => known === item['state']);
  if (state === undefined) throw new TypeError(`job ${jobId} has the unknown state ${textOf(item, 'state')}`);
  const datasets = (item['datasets'] ?? []) as unknown as DatasetNumbering[];
  const job: Job = {
    tenant,
    jobId,
    state,
    version: numberOf(item, 'version'),
    processId: textOf(item, 'processId'),
    processVersion: textOf(item, 'processVersion'),
    createdAt: numberOf(item, 'createdAt'),
    updatedAt: numberOf(item, 'updatedAt'),
    deadlineAt: numberOf(item, 'deadlineAt'),
    subject: textOf(item, 'subject'),
    nextShard: numberOf(item, 'nextShard'),
    settledShards: (item['settledShards'] as ReadonlySet<number> | undefined) ?? new Set(),
    counts: datasets.map((_, index) => readCounts(item, index)),
    healed: readHealed(item),
    history: (item['history'] ?? []) as unknown as HistoryEntry[],
  };
  const later: Partial<Record<keyof Job, unknown>> = job;
  for (const attribute of FROM_SOME_STATE_ON) {
    if (item[attribute] !== undefined) later[attribute] = item[attribute];
  }
  return job;
}

function readHealed(item: Item): Record<string, number> {
  const names = Object.keys(item).filter((name) => name.startsWith(HEALED_PREFIX));
  return Object.fromEntries(names.map((name) => [name.slice(HEALED_PREFIX.length), Number(item[name])]));
}

function readCounts(item: Item, dataset: number): Counts {
  const read = (kind: keyof Counts): number => numberOf(item, countAttribute(kind, dataset));
  return { done: read('done'), failed: read('failed'), skipped: read('skipped'), bytes: read('bytes') };
}

function optional<Key extends string, T>(key: Key, value: T | undefined): { [K in Key]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: T };
}
