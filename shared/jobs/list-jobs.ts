import { readJobItem } from './items/job-item.ts';
import { JOB_PREFIX, jobKeyOf, tenantPartition } from './items/keys.ts';
import type { Job, JobKey, JobState } from './job.ts';
import type { Platform } from './platform.ts';
import type { Item } from './ports/job-store.ts';

export interface JobFilter {
  limit: number;
  /** Job id that the page before ended with. */
  after?: string;
  processId?: string;
  states?: readonly JobState[];
  /** Submitted at or after, and at or before, in milliseconds since the epoch. */
  from?: number;
  to?: number;
  tag?: string;
  dataset?: string;
  /** Any further condition on a job, such as its duration. */
  matches?: (job: Job) => boolean;
}

/** Rows that one call reads at most: a filter that few jobs pass gives a short page and a cursor, not a long wait. */
const MAX_ROWS_READ = 2_000;

/** Rows in one read: about 1 MB at most. */
const ROWS_PER_READ = 200;

/** Jobs of a tenant, the newest first. A page may be short and still have a `next`. */
export async function listJobs(
  platform: Platform,
  tenant: string,
  filter: JobFilter,
): Promise<{ jobs: Job[]; next?: string }> {
  const jobs: Job[] = [];
  let after = filter.after === undefined ? undefined : JOB_PREFIX + filter.after;
  for (let read = 0; ;) {
    const page = await platform.store.list({
      pk: tenantPartition(tenant),
      prefix: JOB_PREFIX,
      descending: true,
      limit: Math.min(ROWS_PER_READ, Math.max(filter.limit + 1, 20)),
      ...(after === undefined ? {} : { after }),
    });
    for (const [index, { key, item }] of page.items.entries()) {
      const job = readOrReport(platform, jobKeyOf(key), item);
      if (job === undefined) continue;
      if (job.createdAt < (filter.from ?? 0)) return { jobs };
      if (passes(job, filter)) jobs.push(job);
      if (jobs.length === filter.limit) {
        const isLast = index === page.items.length - 1 && page.next === undefined;
        return isLast ? { jobs } : { jobs, next: job.jobId };
      }
    }
    if (page.next === undefined) return { jobs };
    read += page.items.length;
    if (read >= MAX_ROWS_READ) return { jobs, next: page.next.slice(JOB_PREFIX.length) };
    after = page.next;
  }
}

/** One row that cannot be read must not keep a tenant from all its other jobs. */
function readOrReport(platform: Platform, { tenant, jobId }: JobKey, item: Item): Job | undefined {
  try {
    return readJobItem(tenant, jobId, item);
  } catch (error) {
    platform.logger.error('job.row.unreadable', { tenant, job: jobId, error: String(error) });
    return undefined;
  }
}

function passes(job: Job, filter: JobFilter): boolean {
  return (
    (filter.processId === undefined || job.processId === filter.processId) &&
    (filter.states === undefined || filter.states.includes(job.state)) &&
    (filter.to === undefined || job.createdAt <= filter.to) &&
    (filter.tag === undefined || (job.tags ?? []).includes(filter.tag)) &&
    (filter.dataset === undefined || (job.datasets ?? []).some(({ id }) => id === filter.dataset)) &&
    (filter.matches === undefined || filter.matches(job))
  );
}
