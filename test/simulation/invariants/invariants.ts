import type { World } from '../core/world.ts';
import { checkCancelled, checkIdempotent } from './callers.ts';
import { checkPublishedOnce, checkSubscribersTold } from './effects.ts';
import { checkCounts } from './ledger.ts';
import { checkEnds, checkForgotten, checkLegal, checkNotLost, checkProgress } from './life.ts';
import { checkDeadLetters, checkMessages } from './messages.ts';
import { checkPointers } from './pointers.ts';
import { checkSweepChangesNothing } from './rest.ts';

/** What must be true of every world at rest, whatever went wrong on the way. */
export interface Invariant {
  id: string;
  /** What is promised. */
  says: string;
  /** One sentence for each breach. */
  check: (world: World) => string[] | Promise<string[]>;
}

/** Breaches of these are seen on the way, by `Observation`. */
const ON_THE_WAY: readonly [string, string][] = [
  ['S4', 'a planner that was taken over from stores nothing'],
  ['S10', 'no message is sent before the state that calls for it is durable'],
  ['S6', 'attempts stay within the limit, and only a run that failed spends one'],
  ['S11', 'a delivery that fails is one that a later one may mend'],
  ['S14', "every key and address of a call carries the caller's tenant"],
  ['S15', 'every write has a condition'],
  ['S17', "no log line holds a subscriber's query"],
  ['L1', 'when the faults have stopped, everything ends within three hours of virtual time'],
  ['L3', 'an attempt waits no longer than its bound'],
];

const onTheWay = ([id, says]: readonly [string, string]): Invariant => ({
  id,
  says,
  check: ({ observation }) => observation.breaches.filter((breach) => breach.startsWith(`${id} `)),
});

export const INVARIANTS: readonly Invariant[] = [
  { id: 'S1', says: 'a job that was accepted has a row, and ends', check: checkNotLost },
  { id: 'S2', says: 'versions go up by one, and every step is in the table', check: checkLegal },
  { id: 'S3', says: 'a job ends once, and nothing changes after it', check: checkEnds },
  { id: 'S3', says: 'what has ended leaves the index, and is forgotten one day', check: checkForgotten },
  { id: 'S5', says: 'a job publishes once, and what did not publish leaves nothing behind', check: checkPublishedOnce },
  { id: 'S5', says: 'datasets point to what was published last, and to nothing that failed', check: checkPointers },
  { id: 'S7', says: 'a cancellation says what is stored, and nothing is published after it', check: checkCancelled },
  { id: 'S8', says: 'counts are what the chunks made, in the row, the shards and the answer', check: checkCounts },
  { id: 'S10', says: 'every message is deleted, purged or dead in the end', check: checkMessages },
  { id: 'S10', says: 'every dead letter is archived, and its chunk settled', check: checkDeadLetters },
  { id: 'S12', says: 'one key gives one job', check: checkIdempotent },
  { id: 'S13', says: 'progress never goes back', check: checkProgress },
  { id: 'S16', says: 'a subscriber is told of the end', check: checkSubscribersTold },
  { id: 'L2', says: 'a sweep, or two at once, changes nothing at rest', check: checkSweepChangesNothing },
  ...ON_THE_WAY.map(onTheWay),
];

/** Every breach of every invariant. */
export async function checkAll(world: World): Promise<string[]> {
  const breaches: string[] = [];
  for (const { id, check } of INVARIANTS) {
    for (const breach of await check(world)) breaches.push(breach.startsWith(`${id} `) ? breach : `${id} ${breach}`);
  }
  return breaches;
}
