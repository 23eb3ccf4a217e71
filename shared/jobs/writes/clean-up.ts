import { absent, equals } from '../conditions.ts';
import { activePartition, cleanUpItemKey } from '../items/keys.ts';
import type { JobKey } from '../job.ts';
import type { PutWrite, UpdateWrite } from '../ports/job-store.ts';

/** Enters the outputs of a job that ended without publishing them among what is due to the sweeper. */
export function planCleanUpWrite(key: JobKey, { dueAt, ttl }: { dueAt: number; ttl: number }): PutWrite {
  const firstTime = absent('ttl');
  return {
    kind: 'put',
    key: cleanUpItemKey(key),
    item: { activePartition: activePartition(key.jobId), dueAt, ttl },
    condition: firstTime,
  };
}

/** Takes it out again, once nothing is left. */
export function endCleanUpWrite(key: JobKey, seenDueAt: number): UpdateWrite {
  const nobodyElseDid = equals('dueAt', seenDueAt);
  return {
    kind: 'update',
    key: cleanUpItemKey(key),
    condition: nobodyElseDid,
    remove: ['activePartition', 'dueAt'],
  };
}
