import { STALE_MILLISECONDS } from '../../shared/jobs/handlers/sweep.ts';
import { DATASET_PREFIX, JOB_PREFIX, SHARD_PREFIX } from '../../shared/jobs/items/keys.ts';
import { shardOfSortKey } from '../../shared/jobs/items/shard-item.ts';
import { isTerminal, type JobState } from '../../shared/jobs/job.ts';
import type { Item, ItemKey, Value } from '../../shared/jobs/ports/job-store.ts';
import { NOW, TRUTH } from './small-job.ts';

export interface Entry {
  key: ItemKey;
  item: Item;
}

/**
 * Time as the engine can tell it. The clock stands still; when time passes, what is stored grows old instead, and is
 * either of now or stale, due or not due, leased or free. One age is enough: whatever is older than one period between
 * two looks of the sweeper is treated alike, but for the half hour after which it no longer minds a backlog.
 */
const STALE = NOW - STALE_MILLISECONDS;
const AHEAD = NOW + STALE_MILLISECONDS;

export const isRow = ({ key }: Entry): boolean => key.sk.startsWith(JOB_PREFIX);
export const isShard = ({ key }: Entry): boolean => key.sk.startsWith(SHARD_PREFIX);

/** Row, shards and pointers. What is noted for the time after the end (a clean-up) has no part in the way to it. */
const isOfTheJob = (entry: Entry): boolean => isRow(entry) || isShard(entry) || entry.key.sk.startsWith(DATASET_PREFIX);

export function rowOf(table: readonly Entry[]): Item {
  const row = table.find(isRow);
  if (row === undefined) throw new Error('the job has no row');
  return row.item;
}

export const stateOf = (row: Item): JobState => row['state'] as JobState;

export function isFull({ key, item }: Entry): boolean {
  return (item['settled'] as ReadonlySet<number> | undefined)?.size === TRUTH[shardOfSortKey(key.sk)]?.length;
}

/**
 * The table without what no handler decides by: history, version (checked at each change), counts of healings, times
 * that are only shown. Times that the sweeper or a claim compares are kept by class, and only where they can still be
 * compared: so tables that behave alike are equal.
 */
export function normalForm(table: readonly Entry[]): Entry[] {
  const row = rowOf(table);
  const state = stateOf(row);
  const isTimedOut = Number(row['deadlineAt']) <= NOW;
  const ageMatters = !isTimedOut && ['accepted', 'running', 'finishing'].includes(state);
  return table.filter(isOfTheJob).map((entry) => {
    if (isRow(entry)) return { key: entry.key, item: normalRow(entry.item, ageMatters) };
    if (isShard(entry)) return { key: entry.key, item: normalShard(entry, state === 'running' && !isTimedOut) };
    return entry;
  });
}

/** The table after a time in which nobody gave a sign: whatever was fresh is stale, leases are free, the job is due. */
export function grownOld(table: readonly Entry[], deadlineHasPassed: boolean): Entry[] {
  const old = table.map((entry): Entry => {
    const { key, item } = entry;
    const updated = item['updatedAt'] === undefined ? {} : { updatedAt: STALE };
    if (isShard(entry)) return { key, item: { ...item, ...updated } };
    if (!isRow(entry) || isTerminal(stateOf(item))) return entry;
    const lease = item['leaseUntil'] === undefined ? {} : { leaseUntil: NOW };
    const deadline = deadlineHasPassed ? { deadlineAt: NOW } : {};
    return { key, item: { ...item, ...updated, ...lease, ...deadline, dueAt: NOW } };
  });
  return normalForm(old);
}

function normalRow(item: Item, ageMatters: boolean): Item {
  const kept: Record<string, Value> = { ...item, history: [], version: 1 };
  for (const name of Object.keys(item)) {
    if (name.startsWith('healed:') || ['ttl', 'startedAt', 'finishedAt'].includes(name)) delete kept[name];
  }
  kept['updatedAt'] = ageMatters ? ageClass(item['updatedAt']) : NOW;
  if (item['leaseUntil'] !== undefined) kept['leaseUntil'] = dueClass(item['leaseUntil']);
  if (item['dueAt'] !== undefined) kept['dueAt'] = dueClass(item['dueAt']);
  return kept;
}

function normalShard({ key, item }: Entry, ageMatters: boolean): Item {
  const kept: Record<string, Value> = { ...item };
  delete kept['ttl'];
  if (item['updatedAt'] === undefined) return kept;
  kept['updatedAt'] = ageMatters && !isFull({ key, item }) ? ageClass(item['updatedAt']) : NOW;
  return kept;
}

const ageClass = (time: Value | undefined): number => (Number(time) <= STALE ? STALE : NOW);
const dueClass = (time: Value | undefined): number => (Number(time) <= NOW ? NOW : AHEAD);
