import { all, equals, setSize } from '../conditions.ts';
import { jobItemKey } from '../items/keys.ts';
import type { HistoryEntry, JobKey } from '../job.ts';
import type { UpdateWrite } from '../ports/job-store.ts';

/** running → finishing for a job whose last two shards settled at the same instant, so that neither moved it on. */
export function beginFinishingWrite(key: JobKey, shards: number, actor: string, now: number): UpdateWrite {
  const isRunning = equals('state', 'running');
  const everyShardIsSettled = setSize('settledShards', shards);
  const entry: HistoryEntry = { state: 'finishing', at: now, actor, cause: 'all-shards-settled' };
  return {
    kind: 'update',
    key: jobItemKey(key),
    condition: all(isRunning, everyShardIsSettled),
    set: { state: 'finishing', updatedAt: now },
    add: { version: 1 },
    append: { history: [{ ...entry }] },
  };
}
