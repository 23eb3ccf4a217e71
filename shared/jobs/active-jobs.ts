import { QuotaError } from '../errors/quota-error.ts';
import { quotaItemKey } from './items/keys.ts';
import { readQuotaItem, type QuotaItem } from './items/quota-item.ts';
import { isTerminal, type JobKey } from './job.ts';
import { loadJob } from './load-job.ts';
import type { Platform } from './platform.ts';
import { releaseJobWrite } from './writes/active-jobs.ts';

/**
 * Takes jobs that have ended out of the count of their tenant. The stream's consumer does that for each job; what it
 * lost is made good here, when a submission finds no room.
 * @returns what is in use after that
 */
export async function releaseEndedJobs(platform: Platform, tenant: string): Promise<QuotaItem> {
  const { heldJobs } = await readQuota(platform, tenant);
  for (const jobId of heldJobs) {
    const job = await loadJob(platform.store, { tenant, jobId }, { consistent: true });
    if (job === undefined || isTerminal(job.state)) await releaseJob(platform, { tenant, jobId });
  }
  return readQuota(platform, tenant);
}

/** Takes one job that has ended out of the count of its tenant. */
export async function releaseJob(platform: Platform, key: JobKey): Promise<void> {
  await platform.store.write(releaseJobWrite({ tenant: key.tenant, jobId: key.jobId }));
}

export function tooManyActiveJobs(quota: QuotaItem, limit: number): QuotaError {
  return new QuotaError({ quota: 'activeJobs', used: 0, reserved: quota.activeJobs, limit, asked: 1 });
}

async function readQuota({ store }: Platform, tenant: string): Promise<QuotaItem> {
  return readQuotaItem(await store.read(quotaItemKey(tenant), { consistent: true }));
}
