import { describeMessage } from './describe-call.ts';
import { isSweepersClaim } from './in-vain.ts';
import type { Model, Place, Step } from './model.ts';
import { leave, placesOf, toRest, type Rest } from './rest.ts';
import { minus, NOBODY, plus, WORKERS, type World } from './world.ts';

/**
 * What can go wrong. A call whose caller died or was not answered takes effect later, which may be at once, or never:
 * so `crash` is also a crash before the call and after it, and `unanswered` is a throttle and a lost acknowledgement.
 */
export const FAULTS = ['crash', 'unanswered', 'duplicate', 'lost-message', 'lost-record', 'pause'] as const;
export type Fault = (typeof FAULTS)[number];

/** One thing that can happen next. */
export interface Move extends Step {
  name: () => string;
  /** A path has at most so many of these. */
  fault?: Fault;
  /** True for what an engine left to itself does: an end must be reachable by these alone. */
  isHealing: boolean;
}

/** Everything that can happen next in a world. */
export function movesFrom(model: Model, world: World, withFaults: boolean): Move[] {
  const moves: Move[] = [];
  for (const place of placesOf(world)) moves.push(...callMoves(model, world, place, withFaults));
  if (world.workers.length < WORKERS) moves.push(...deliveries(model, world, withFaults));
  moves.push(...landings(model, world), ...sweeps(model, world), ...cancels(model, world));
  moves.push(...losses(model, world, withFaults), ...pauses(model, world, withFaults));
  return moves;
}

/** Someone makes the next call; or dies at it, or is not answered: then it may still take effect later, or never. */
function callMoves(model: Model, world: World, place: Place, withFaults: boolean): Move[] {
  const { waitsFor } = model.pointAt(world, place);
  const who = nameOf(model, world, place);
  const what = (): string => model.describe(waitsFor!);
  const crashes: World[] = [];
  const beforeObject = withFaults
    ? (at: World, worker: number) => crashes.push(leave(model, at, worker, false))
    : undefined;
  const moves = [healing(model, model.call(world, place), () => `${who()} ${what()}`, beforeObject)];
  if (!withFaults) return moves;
  for (const crashed of crashes) {
    moves.push(fault(model, 'crash', crashed, () => `${who()} ${what()}, then dies before it has written an object`));
  }
  const late = model.isEffect(waitsFor!) ? plus(world.late, waitsFor!) : world.late;
  const died = { ...leave(model, world, place, false), late };
  moves.push(fault(model, 'crash', died, () => `${who()} dies when it ${what()}`));
  if (typeof place === 'number') {
    const unanswered = model.fail({ ...world, late }, place);
    moves.push(fault(model, 'unanswered', unanswered, () => `${who()} ${what()} and is not answered`));
  }
  return moves;
}

/** A worker takes a message and makes its first call, which reads the row; as a fault, the message stays as well. */
function deliveries(model: Model, world: World, withFaults: boolean): Move[] {
  const moves: Move[] = [];
  for (const message of new Set(world.queue)) {
    const name = (): string => `a worker takes ${describeMessage(model.effects.message(message).body)}`;
    const taken = model.receive({ ...world, queue: minus(world.queue, message) }, message);
    const crashes: World[] = [];
    const beforeObject = (at: World, worker: number) => crashes.push(leave(model, at, worker, false));
    const first = model.call(taken, taken.workers.length - 1);
    moves.push(healing(model, first, name, withFaults ? beforeObject : undefined));
    if (!withFaults) continue;
    for (const crashed of crashes) moves.push(fault(model, 'crash', crashed, () => `${name()} and dies`));
    const again = model.call({ ...taken, queue: world.queue }, taken.workers.length - 1);
    moves.push(fault(model, 'duplicate', again.world, () => `${name()}, which is delivered twice`));
  }
  return moves;
}

/** A call whose caller no longer waits takes effect. */
function landings(model: Model, world: World): Move[] {
  const moves: Move[] = [];
  for (const call of new Set(world.late)) {
    const landed = model.effects.apply({ ...world, late: minus(world.late, call) }, call);
    const name = (): string => `late: someone ${model.describe(call)}`;
    moves.push({ ...healing(model, landed, name), isHealing: false });
  }
  return moves;
}

/** The sweeper finds the job due, and reads its row. It does nothing else to a job that is not due. */
function sweeps(model: Model, world: World): Move[] {
  if (world.sweeper !== NOBODY || !model.effects.facts(world.table).isDue) return [];
  const { world: listed } = toRest(model, model.sweep(world));
  return [healing(model, model.call(listed, 'sweeper'), () => 'the sweeper begins')];
}

function cancels(model: Model, world: World): Move[] {
  if (world.cancelAsked || model.effects.facts(world.table).isOver) return [];
  const { world: after, broken } = model.cancel({ ...world, cancelAsked: true });
  return [{ ...healing(model, { world: after, broken }, () => 'the user cancels'), isHealing: false }];
}

/** A message or a record is lost. */
function losses(model: Model, world: World, withFaults: boolean): Move[] {
  if (!withFaults) return [];
  const moves: Move[] = [];
  for (const message of new Set(world.queue)) {
    const name = (): string => `${describeMessage(model.effects.message(message).body)} is lost`;
    moves.push(fault(model, 'lost-message', { ...world, queue: minus(world.queue, message) }, name));
  }
  if (world.stream.length > 0) {
    const without = { ...world, stream: world.stream.slice(1), consumer: NOBODY };
    moves.push(fault(model, 'lost-record', without, () => 'the first record of the stream is lost'));
  }
  return moves;
}

/**
 * Two minutes pass without a sign, or the deadline comes. That is no fault when nobody has anything to do; otherwise
 * all of them are slow. The sweeper is never: its function may not run so long.
 */
function pauses(model: Model, world: World, withFaults: boolean): Move[] {
  const isBusy = world.workers.length > 0 || world.queue.length > 0 || world.stream.length > 0;
  if (world.sweeper !== NOBODY || model.effects.facts(world.table).isOver || (isBusy && !withFaults)) return [];
  const late = world.late.filter((call) => !isSweepersClaim(model, call));
  const moves: Move[] = [];
  for (const atDeadline of [false, true]) {
    const table = model.effects.tableAfterPause(world.table, atDeadline);
    if (table === world.table) continue;
    const name = (): string => (atDeadline ? 'the deadline passes' : 'two minutes pass');
    const rest = toRest(model, { ...world, table, late });
    moves.push({ ...rest, name, isHealing: !isBusy && !atDeadline, ...(isBusy ? { fault: 'pause' as const } : {}) });
  }
  return moves;
}

function healing(
  model: Model,
  step: Step,
  name: () => string,
  beforeObject?: (world: World, worker: number) => void,
): Move {
  const rest = toRest(model, step.world, beforeObject);
  const broken = [...step.broken, ...rest.broken];
  return { world: rest.world, broken, name: withEffects(model, name, rest), isHealing: true };
}

function fault(model: Model, kind: Fault, world: World, name: () => string): Move {
  const rest = toRest(model, world);
  return { ...rest, name: withEffects(model, name, rest), fault: kind, isHealing: false };
}

function withEffects(model: Model, name: () => string, { effects }: Rest): () => string {
  if (effects.length === 0) return name;
  return () => `${name()}; then someone ${effects.map((call) => model.describe(call)).join(', ')}`;
}

function nameOf(model: Model, world: World, place: Place): () => string {
  const { input } = model.pointAt(world, place);
  return () => (input.actor === 'worker' ? `the worker of ${describeMessage(input.body)}` : `the ${input.actor}`);
}
