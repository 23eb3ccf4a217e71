import type { Broken } from './checks.ts';
import { isInVain, isPast } from './in-vain.ts';
import type { Model, Place, Step } from './model.ts';
import { minus, NOBODY, plus, type World } from './world.ts';

export interface Rest extends Step {
  /** Writes and sends that were made on the way: in a job that is over, whoever is at work comes to an end. */
  effects: readonly number[];
}

/** Told of each world in which a worker is about to write an object. */
export type BeforeObject = (world: World, worker: number) => void;

/**
 * Brings a world to its rest: everyone who can go on without a choice does so, whoever has ended leaves, and what can
 * have no more effect is forgotten. Worlds that differ only in that are one.
 */
export function toRest(model: Model, start: World, beforeObject?: BeforeObject): Rest {
  const broken: Broken[] = [];
  const effects: number[] = [];
  let world = start;
  for (;;) {
    const step = goOn(model, world, effects, beforeObject) ?? forget(model, world, effects);
    if (step === undefined) return { world: { ...world, workers: plus(world.workers) }, broken, effects };
    broken.push(...step.broken);
    world = step.world;
  }
}

/** One step that is no choice; undefined when everyone waits for something that is. */
function goOn(model: Model, world: World, effects: number[], beforeObject: BeforeObject | undefined): Step | undefined {
  if (world.consumer === NOBODY && world.stream[0] !== undefined) {
    const { number } = model.effects.consumerOf(world.stream[0]);
    return { world: { ...world, consumer: number }, broken: [] };
  }
  for (const place of placesOf(world)) {
    const { progress, waitsFor } = model.pointAt(world, place);
    if (waitsFor === undefined) return { world: leave(model, world, place, 'returned' in progress), broken: [] };
    if (!model.isSettled(world, waitsFor)) continue;
    if (typeof place === 'number' && model.writesObject(waitsFor)) beforeObject?.(world, place);
    if (model.isEffect(waitsFor)) effects.push(waitsFor);
    return model.call(world, place);
  }
  return undefined;
}

/** Everyone who is at work. */
export function placesOf(world: World): Place[] {
  const places: Place[] = world.workers.map((_, index) => index);
  if (world.consumer !== NOBODY) places.push('consumer');
  if (world.sweeper !== NOBODY) places.push('sweeper');
  return places;
}

/**
 * The world without someone who has ended. Who succeeds takes the message or record along; after an error, or the
 * death of the process, it is delivered again.
 */
export function leave(model: Model, world: World, place: Place, succeeded: boolean): World {
  if (place === 'sweeper') return { ...world, sweeper: NOBODY };
  if (place === 'consumer') {
    return { ...world, consumer: NOBODY, stream: succeeded ? world.stream.slice(1) : world.stream };
  }
  const { input } = model.pointAt(world, place);
  const left = { ...world, workers: world.workers.filter((_, index) => index !== place) };
  if (succeeded || input.actor !== 'worker') return left;
  const message = model.effects.messageOf(input.body, true);
  return { ...left, queue: plus(world.queue, message) };
}

/** Forgets one message or late call that can change nothing now, nor later; undefined when there is none. */
function forget(model: Model, world: World, effects: number[]): Step | undefined {
  for (const message of new Set(world.queue)) {
    if (!isPast(model, world, message)) continue;
    return { world: { ...world, queue: minus(world.queue, message) }, broken: [] };
  }
  for (const call of new Set(world.late)) {
    const without = { ...world, late: minus(world.late, call) };
    // In a job that is over a late call may as well land now: what it does to a shard is seen by nobody.
    if (model.effects.facts(world.table).isOver) {
      effects.push(call);
      return model.effects.apply(without, call);
    }
    if (isInVain(model, world, call)) return { world: without, broken: [] };
  }
  return undefined;
}
