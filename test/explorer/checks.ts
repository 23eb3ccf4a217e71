import { DATASET_PREFIX } from '../../shared/jobs/items/keys.ts';
import { shardOfSortKey } from '../../shared/jobs/items/shard-item.ts';
import { isTerminal } from '../../shared/jobs/job.ts';
import type { Item } from '../../shared/jobs/ports/job-store.ts';
import { TRANSITIONS } from '../../shared/jobs/state-machine.ts';
import { isShard, isFull, rowOf, stateOf, type Entry } from './time-classes.ts';
import { JOB, PUBLISHED, TRUTH, WHOLE_END } from './small-job.ts';

/** The names of what must always hold; each is a sentence in the report. */
export const INVARIANTS = [
  'nothing-after-terminal',
  'version-without-gap',
  'legal-step',
  'published-once',
  'published-only-when-whole',
  'counts-are-truth',
  'settled-has-output',
  'full-shard-stays',
  'same-object-same-bytes',
  'nothing-given-up',
  'cancel-answers-what-is-stored',
  'an-end-can-be-reached',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

/** A promise that was broken, and by which call; none when it is the state itself that is wrong. */
export interface Broken {
  invariant: Invariant;
  call?: number;
}

const KINDS = ['done', 'failed', 'skipped', 'bytes'] as const;

/** What one accepted change of the table breaks. */
export function checkChange(before: readonly Entry[], after: readonly Entry[]): Invariant[] {
  const broken: Invariant[] = [];
  const [old, row] = [rowOf(before), rowOf(after)];
  if (old !== row) broken.push(...checkRowChange(old, row));
  const earlier = new Map(before.map((entry) => [entry.key.sk, entry]));
  for (const entry of after) {
    const previous = earlier.get(entry.key.sk);
    if (previous === undefined || previous.item === entry.item) continue;
    if (entry.key.sk.startsWith(DATASET_PREFIX)) broken.push('published-once');
    if (isShard(entry) && isFull(previous)) broken.push('full-shard-stays');
  }
  return broken;
}

function checkRowChange(old: Item, row: Item): Invariant[] {
  const broken: Invariant[] = [];
  if (isTerminal(stateOf(old))) broken.push('nothing-after-terminal');
  if (row['version'] !== Number(old['version']) + 1) broken.push('version-without-gap');
  const isLegal =
    stateOf(old) === stateOf(row) ||
    TRANSITIONS.some(({ from, to }) => from === stateOf(old) && to.includes(stateOf(row)));
  if (!isLegal) broken.push('legal-step');
  return broken;
}

/** What the table and the objects break as they stand. */
export function checkState(table: readonly Entry[], objects: ReadonlyMap<string, string>): Invariant[] {
  const broken = new Set<Invariant>();
  const row = rowOf(table);
  const settledShards = [...((row['settledShards'] as ReadonlySet<number> | undefined) ?? [])];
  for (const [shard, chunks] of TRUTH.entries()) {
    const counted = settledShards.includes(shard) ? sum(chunks) : sum([]);
    if (KINDS.some((kind) => Number(row[`${kind}:${shard}`] ?? 0) !== counted[kind])) broken.add('counts-are-truth');
  }
  for (const { key, item } of table.filter(isShard)) {
    const shard = shardOfSortKey(key.sk);
    const settled = [...((item['settled'] as ReadonlySet<number> | undefined) ?? [])];
    const counted = sum(settled.map((chunk) => TRUTH[shard]?.[chunk] ?? sum([])));
    if (KINDS.some((kind) => Number(item[kind] ?? 0) !== counted[kind])) broken.add('counts-are-truth');
    if (!settled.every((chunk) => objects.has(chunkUrl(shard, chunk)))) broken.add('settled-has-output');
  }
  const pointers = table.filter(({ key }) => key.sk.startsWith(DATASET_PREFIX));
  const isWhole =
    settledShards.length === TRUTH.length &&
    Object.entries(PUBLISHED).every(([id, text]) => objects.get(`${OUTPUTS}${id}.txt`) === text);
  const published = Object.keys(PUBLISHED).every((id) => pointers.some(({ key }) => key.sk === DATASET_PREFIX + id));
  if (pointers.length > 0 && !published) broken.add('published-only-when-whole');
  if ((stateOf(row) === WHOLE_END) !== published || (published && !isWhole)) broken.add('published-only-when-whole');
  return [...broken];
}

const OUTPUTS = `s3://data/outputs/${JOB.tenant}/${JOB.jobId}/`;

function chunkUrl(shard: number, chunk: number): string {
  return `s3://data/work/${JOB.tenant}/${JOB.jobId}/chunks/0000${shard}/00${chunk}`;
}

function sum(chunks: readonly Record<(typeof KINDS)[number], number>[]): Record<(typeof KINDS)[number], number> {
  const total = { done: 0, failed: 0, skipped: 0, bytes: 0 };
  for (const chunk of chunks) for (const kind of KINDS) total[kind] += chunk[kind];
  return total;
}
