import { readJobItem } from './items/job-item.ts';
import type { Job, JobKey } from './job.ts';
import type { Platform } from './platform.ts';
import { cancelWrite } from './writes/cancel.ts';

/** Cancels a job at once; undefined when the tenant has no such job. The job that is returned is what is stored. */
export async function cancelJob(
  platform: Platform,
  key: JobKey,
  actor: string,
): Promise<{ outcome: 'cancelled' | 'already-terminal'; job: Job } | undefined> {
  const now = platform.clock.now();
  const written = await platform.store.write(cancelWrite(key, { actor, now, retentionDays: platform.retentionDays }));
  if (written.item === undefined) return undefined;
  const job = readJobItem(key.tenant, key.jobId, written.item);
  if (written.accepted) platform.logger.info('job.cancelled', { tenant: key.tenant, job: key.jobId, actor });
  return { outcome: written.accepted ? 'cancelled' : 'already-terminal', job };
}
