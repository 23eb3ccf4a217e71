import type { Job, JobState } from '../../../shared/jobs/job.ts';
import type { JobFilter } from '../../../shared/jobs/list-jobs.ts';
import type { Platform } from '../../../shared/jobs/platform.ts';
import { STATUS_STATES } from '../documents/status-info.ts';
import type { StatusCode } from '../documents/status-info.ts';
import { invalidParameter, noSuchProcess } from '../errors.ts';
import { readList } from '../query.ts';
import { readInterval } from './datetime.ts';

/** Query parameters of the job list: those of OGC 18-062r2, clause 12, and `tag` and `dataset`. */
export const JOB_FILTERS = [
  'type',
  'processID',
  'status',
  'datetime',
  'minDuration',
  'maxDuration',
  'tag',
  'dataset',
] as const;
type FilterName = (typeof JOB_FILTERS)[number];

const SECOND = 1_000;

/** Longest value of `tag` and `dataset`, in characters. */
const MAX_WORD_CHARACTERS = 128;

/** A duration in milliseconds, both ends inclusive. */
interface Durations {
  least: number | undefined;
  most: number | undefined;
}

/**
 * What the query asks for; undefined when it asks for types of jobs that we have none of.
 * @throws LonghaulError `parameter-invalid`, `no-such-process`
 */
export function readJobFilters(
  query: Partial<Record<FilterName, string>>,
  { processes, clock }: Pick<Platform, 'processes' | 'clock'>,
): Omit<JobFilter, 'limit' | 'after'> | undefined {
  if (readList(query.type)?.includes('process') === false) return undefined;
  const ids = readList(query.processID);
  const unknown = ids?.find((id) => !processes.has(id));
  if (unknown !== undefined) throw noSuchProcess(unknown);
  const durations = {
    least: readSeconds('minDuration', query.minDuration),
    most: readSeconds('maxDuration', query.maxDuration),
  };
  const states = readStates(query.status) ?? statesWithDuration(durations);
  const tag = readWord('tag', query.tag);
  const dataset = readWord('dataset', query.dataset);
  const now = clock.now();
  return {
    ...readInterval(query.datetime),
    ...(states === undefined ? {} : { states }),
    ...(tag === undefined ? {} : { tag }),
    ...(dataset === undefined ? {} : { dataset }),
    matches: (job) => (ids === undefined || ids.includes(job.processId)) && hasDuration(job, durations, now),
  };
}

/**
 * Whether a job ran as long as the filters say (OGC 18-062r2, /req/job-list/duration-response): from its start to
 * its end, or to now; a job that has no start has no duration, and is left out.
 */
function hasDuration(job: Job, { least, most }: Durations, now: number): boolean {
  if (least === undefined && most === undefined) return true;
  if (job.startedAt === undefined) return false;
  const duration = (job.finishedAt ?? now) - job.startedAt;
  return duration >= (least ?? 0) && duration <= (most ?? Infinity);
}

function readStates(text: string | undefined): JobState[] | undefined {
  return readList(text)?.flatMap((status) => {
    if (Object.hasOwn(STATUS_STATES, status)) return [...STATUS_STATES[status as StatusCode]];
    const known = Object.keys(STATUS_STATES).join(', ');
    throw invalidParameter('status', `There is no status ${JSON.stringify(status.slice(0, 40))}.`, `Take of ${known}.`);
  });
}

/** Jobs that have not begun are not considered when a duration is asked for without a status. */
function statesWithDuration({ least, most }: Durations): JobState[] | undefined {
  if (least === undefined && most === undefined) return undefined;
  return Object.values(STATUS_STATES).flatMap((states) => states.filter((state) => state !== 'accepted'));
}

function readSeconds(name: FilterName, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND;
  throw invalidParameter(name, `${name} is ${JSON.stringify(text.slice(0, 40))}.`, 'Give whole seconds.');
}

function readWord(name: FilterName, text: string | undefined): string | undefined {
  if (text === undefined || (/^[\w.:-]+$/.test(text) && text.length <= MAX_WORD_CHARACTERS)) return text;
  throw invalidParameter(
    name,
    `${name} has characters that none has, or too many.`,
    'Give letters, digits, . : _ and -.',
  );
}
