import { absent, any, atMost, exists } from '../conditions.ts';
import { HELD_JOB_PREFIX } from '../items/quota-item.ts';
import { quotaItemKey } from '../items/keys.ts';
import type { JobKey } from '../job.ts';
import type { UpdateWrite } from '../ports/job-store.ts';

/**
 * Counts a job among the active ones of its tenant, in the transaction that accepts it. The item names each job that it
 * counts, so that the count can be taken back once and no more.
 * @param limit at least 1
 */
export function holdJobWrite({ tenant, jobId }: JobKey, limit: number): UpdateWrite {
  const nothingIsCounted = absent('activeJobs');
  const oneMoreFits = atMost('activeJobs', limit - 1);
  return {
    kind: 'update',
    key: quotaItemKey(tenant),
    condition: any(nothingIsCounted, oneMoreFits),
    set: { [HELD_JOB_PREFIX + jobId]: true },
    add: { activeJobs: 1 },
  };
}

/** Takes a job that has ended out of the count: a second time changes nothing. */
export function releaseJobWrite({ tenant, jobId }: JobKey): UpdateWrite {
  const isCounted = exists(HELD_JOB_PREFIX + jobId);
  return {
    kind: 'update',
    key: quotaItemKey(tenant),
    condition: isCounted,
    add: { activeJobs: -1 },
    remove: [HELD_JOB_PREFIX + jobId],
  };
}
