import { readJobItem } from './items/job-item.ts';
import { jobItemKey } from './items/keys.ts';
import type { Job, JobKey } from './job.ts';
import type { JobStore } from './ports/job-store.ts';

/** Reads one job row, or nothing when the tenant has no such job. */
export async function loadJob(
  store: JobStore,
  key: JobKey,
  options: { consistent?: boolean } = {},
): Promise<Job | undefined> {
  const item = await store.read(jobItemKey(key), options);
  return item === undefined ? undefined : readJobItem(key.tenant, key.jobId, item);
}
