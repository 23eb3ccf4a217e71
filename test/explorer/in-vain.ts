import { STATES_AFTER } from './facts.ts';
import type { Model } from './model.ts';
import type { World } from './world.ts';

/** A worker whose message is out of date makes fewer calls than this. */
const MAX_CALLS = 5;

/**
 * True for a message whose time is over: its state never comes back, and a worker that took it now would change
 * nothing. That it would not is tried, not believed.
 */
export function isPast(model: Model, world: World, message: number): boolean {
  const { effects } = model;
  if (!STATES_AFTER[effects.message(message).kind].includes(effects.facts(world.table).state)) return false;
  let alone = model.receive({ ...world, queue: [], stream: [], workers: [], late: [] }, message);
  for (let calls = 0; calls < MAX_CALLS && model.pointAt(alone, 0).waitsFor !== undefined; calls++) {
    alone = model.call(alone, 0).world;
  }
  const hasReturned = 'returned' in model.pointAt(alone, 0).progress;
  return hasReturned && alone.table === world.table && alone.objects === world.objects && alone.queue.length === 0;
}

/** True for a late call that would change nothing if it landed now, and will not later: its time is over. */
export function isInVain(model: Model, world: World, number: number): boolean {
  const call = model.programs.calls.value(number);
  if (call.operation === 'send') {
    const { queue } = model.effects.apply({ ...world, queue: [] }, number).world;
    return queue.every((message) => isPast(model, world, message));
  }
  if (call.operation !== 'write' || call.parameters[0].kind !== 'update') return false;
  const { set = {}, add = {} } = call.parameters[0];
  // What is in a set stays there; and a job that has been planned is not planned again.
  const settles = add['settled'] !== undefined || add['settledShards'] !== undefined;
  const plans = set['leaseToken'] !== undefined || set['datasets'] !== undefined;
  const isPlanned = STATES_AFTER.plan.includes(model.effects.facts(world.table).state);
  return (settles || (plans && isPlanned)) && model.effects.apply(world, number).world.table === world.table;
}

/** True for the write by which a sweeper takes a look upon itself: it lands before the next pause, or never. */
export function isSweepersClaim(model: Model, number: number): boolean {
  const call = model.programs.calls.value(number);
  if (call.operation !== 'write' || call.parameters[0].kind !== 'update') return false;
  const { set = {} } = call.parameters[0];
  return set['dueAt'] !== undefined && set['state'] === undefined;
}
