import { shardPartition } from '../../shared/jobs/items/keys.ts';
import { shardOfSortKey } from '../../shared/jobs/items/shard-item.ts';
import { isTerminal, type JobState } from '../../shared/jobs/job.ts';
import type { JobMessage } from '../../shared/jobs/messages.ts';
import type { Call } from './calls.ts';
import { JOB, NOW, TRUTH } from './small-job.ts';
import { isFull, isShard, rowOf, stateOf, type Entry } from './time-classes.ts';

/** What of a table is asked for again and again. */
export interface TableFacts {
  state: JobState;
  isOver: boolean;
  /** True when the sweeper would look at the job. */
  isDue: boolean;
  fullShards: ReadonlySet<number>;
  leaseToken: unknown;
}

export function factsOf(table: readonly Entry[]): TableFacts {
  const row = rowOf(table);
  const full = table.filter((entry) => isShard(entry) && isFull(entry));
  return {
    state: stateOf(row),
    isOver: isTerminal(stateOf(row)),
    isDue: Number(row['dueAt'] ?? Infinity) <= NOW,
    fullShards: new Set(full.map(({ key }) => shardOfSortKey(key.sk))),
    leaseToken: row['leaseToken'],
  };
}

/** What the answer of a call depends on; one shard is told by its number. */
export type Dependence = 'nothing-that-changes' | 'what-changes' | 'all-shards' | number;

const SHARDS = shardPartition(JOB);

export function dependenceOf(call: Call): Dependence {
  if (call.port === 'objects') return 'nothing-that-changes';
  switch (call.operation) {
    // Both are eventually consistent, as is a read that does not ask for more: they may be answered as of before.
    case 'listDue':
    case 'depth':
      return 'nothing-that-changes';
    case 'list':
      return call.parameters[0].pk === SHARDS ? 'all-shards' : 'what-changes';
    case 'read': {
      const [{ pk, sk }, options] = call.parameters;
      if (pk === SHARDS) return shardOfSortKey(sk);
      return options?.consistent === true ? 'what-changes' : 'nothing-that-changes';
    }
    default:
      return 'what-changes';
  }
}

/** True when the call's answer is the same from now on, whenever it is made. A full shard and a terminal row are final. */
export function isSettled(dependence: Dependence, { isOver, fullShards }: TableFacts): boolean {
  if (isOver || dependence === 'nothing-that-changes') return true;
  if (dependence === 'what-changes') return false;
  return dependence === 'all-shards' ? fullShards.size === TRUTH.length : fullShards.has(dependence);
}

const OVER: readonly JobState[] = ['succeeded', 'partial', 'failed', 'cancelled'];

/** States in which a message of a kind has nothing to do any more: a job never goes back. */
export const STATES_AFTER: Readonly<Record<JobMessage['kind'], readonly JobState[]>> = {
  plan: ['running', 'finishing', ...OVER],
  chunk: ['finishing', ...OVER],
  finish: OVER,
};
