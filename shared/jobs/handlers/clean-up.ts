import { errorsUrl, outputFolder } from '../folders.ts';
import { numberOf } from '../items/attributes.ts';
import { CLEAN_UP_PREFIX, cleanUpItemKey, tenantPartition } from '../items/keys.ts';
import { isPublished, type Job, type JobKey } from '../job.ts';
import { loadJob } from '../load-job.ts';
import type { Platform } from '../platform.ts';
import type { ItemKey } from '../ports/job-store.ts';
import { timeToLive } from '../retention.ts';
import { endCleanUpWrite, planCleanUpWrite } from '../writes/clean-up.ts';

/** Longer than any worker runs: a finisher that did not see the end of its job writes nothing after it. */
export const CLEAN_UP_MILLISECONDS = 20 * 60 * 1000;

/** More files than a job has: a dataset has one or a few. */
const MAX_FILES = 1_000;

/** Notes that what a finisher may have written of a job is to be removed: it ended without being published. */
export async function planCleanUp(platform: Platform, job: Job): Promise<void> {
  const ttl = timeToLive(job.updatedAt, platform.retentionDays);
  await platform.store.write(planCleanUpWrite(job, { dueAt: job.updatedAt + CLEAN_UP_MILLISECONDS, ttl }));
}

/** The job of an item that is due, when the item is a clean-up and no job. */
export function cleanUpOf({ pk, sk }: ItemKey): JobKey | undefined {
  if (!sk.startsWith(CLEAN_UP_PREFIX)) return undefined;
  return { tenant: pk.slice(tenantPartition('').length), jobId: sk.slice(CLEAN_UP_PREFIX.length) };
}

/** Removes what a job wrote and did not publish; the list of its errors stays. May be repeated, and run twice at once. */
export async function cleanUp(platform: Platform, key: JobKey): Promise<void> {
  const item = await platform.store.read(cleanUpItemKey(key), { consistent: true });
  const dueAt = numberOf(item, 'dueAt');
  if (dueAt === 0 || dueAt > platform.clock.now()) return;
  const job = await loadJob(platform.store, key, { consistent: true });
  if (job === undefined || !isPublished(job.state)) {
    const kept = errorsUrl(platform.locations, key).href;
    const files = await platform.objects.list(outputFolder(platform.locations, key), MAX_FILES);
    const unpublished = files.filter(({ href }) => href !== kept);
    for (const file of unpublished) await platform.objects.delete(file);
    platform.logger.info('job.cleaned', { tenant: key.tenant, job: key.jobId, files: unpublished.length });
  }
  await platform.store.write(endCleanUpWrite(key, dueAt));
}
