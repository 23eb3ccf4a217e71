import { describeMessage } from './describe-call.ts';
import type { Model, Place, Step } from './model.ts';
import { leave, placesOf, toRest, type Rest } from './rest.ts';
import { grownOld } from './time-classes.ts';
import { minus, NOBODY, plus, WORKERS, type World } from './world.ts';

/** One thing that can happen next. */
export interface Move extends Step {
  name: () => string;
  /** True for what goes wrong: a path has at most so many of these. */
  isFault: boolean;
  /** True for what an engine left to itself does: an end must be reachable by these alone. */
  isHealing: boolean;
}

/** Everything that can happen next in a world. */
export async function movesFrom(model: Model, world: World, withFaults: boolean): Promise<Move[]> {
  const moves: Move[] = [];
  for (const place of placesOf(world)) moves.push(...(await callMoves(model, world, place, withFaults)));
  if (world.workers.length < WORKERS) moves.push(...(await deliveries(model, world, withFaults)));
  moves.push(...(await landings(model, world)), ...(await sweeps(model, world)), ...(await cancels(model, world)));
  moves.push(...(await losses(model, world, withFaults)), ...(await pauses(model, world, withFaults)));
  return moves;
}

/** Someone makes the next call; or dies at it, or is not answered: then it may still take effect later, or never. */
async function callMoves(model: Model, world: World, place: Place, withFaults: boolean): Promise<Move[]> {
  const { waitsFor } = model.pointAt(world, place);
  const who = nameOf(model, world, place);
  const what = (): string => model.describe(waitsFor!);
  const crashes: World[] = [];
  const beforeObject = withFaults
    ? (at: World, worker: number) => crashes.push(leave(model, at, worker, false))
    : undefined;
  const moves = [await healing(model, await model.call(world, place), () => `${who()} ${what()}`, beforeObject)];
  if (!withFaults) return moves;
  for (const crashed of crashes) {
    moves.push(await fault(model, crashed, () => `${who()} ${what()}, then dies before it has written an object`));
  }
  const late = model.isEffect(waitsFor!) ? plus(world.late, waitsFor!) : world.late;
  const died = { ...leave(model, world, place, false), late };
  moves.push(await fault(model, died, () => `${who()} dies when it ${what()}`));
  if (typeof place === 'number') {
    const { world: unanswered } = await model.call({ ...world, late }, place, true);
    moves.push(await fault(model, unanswered, () => `${who()} ${what()} and is not answered`));
  }
  return moves;
}

/** A worker takes a message and makes its first call, which reads the row; as a fault, the message stays as well. */
async function deliveries(model: Model, world: World, withFaults: boolean): Promise<Move[]> {
  const moves: Move[] = [];
  for (const message of new Set(world.queue)) {
    const name = (): string => `a worker takes ${describeMessage(model.message(message).body)}`;
    const taken = await model.receive({ ...world, queue: minus(world.queue, message) }, message);
    const crashes: World[] = [];
    const beforeObject = (at: World, worker: number) => crashes.push(leave(model, at, worker, false));
    const first = await model.call(taken, taken.workers.length - 1);
    moves.push(await healing(model, first, name, withFaults ? beforeObject : undefined));
    if (!withFaults) continue;
    for (const crashed of crashes) moves.push(await fault(model, crashed, () => `${name()} and dies`));
    const again = await model.call({ ...taken, queue: world.queue }, taken.workers.length - 1);
    moves.push(await fault(model, again.world, () => `${name()}, which is delivered twice`));
  }
  return moves;
}

/** A call whose caller no longer waits takes effect. */
async function landings(model: Model, world: World): Promise<Move[]> {
  const moves: Move[] = [];
  for (const call of new Set(world.late)) {
    const landed = await model.apply({ ...world, late: minus(world.late, call) }, call);
    const name = (): string => `late: someone ${model.describe(call)}`;
    moves.push({ ...(await healing(model, landed, name)), isHealing: false });
  }
  return moves;
}

/** The sweeper finds the job due, and reads its row. It does nothing else to a job that is not due. */
async function sweeps(model: Model, world: World): Promise<Move[]> {
  if (world.sweeper !== NOBODY || !model.facts(world.table).isDue) return [];
  const { world: listed } = await toRest(model, { ...world, sweeper: (await model.sweeper()).number });
  return [await healing(model, await model.call(listed, 'sweeper'), () => 'the sweeper begins')];
}

async function cancels(model: Model, world: World): Promise<Move[]> {
  if (world.cancelAsked || model.facts(world.table).isOver) return [];
  const { world: after, broken } = await model.cancel({ ...world, cancelAsked: true });
  return [{ ...(await healing(model, { world: after, broken }, () => 'the user cancels')), isHealing: false }];
}

/** A message or a record is lost. */
async function losses(model: Model, world: World, withFaults: boolean): Promise<Move[]> {
  if (!withFaults) return [];
  const moves: Move[] = [];
  for (const message of new Set(world.queue)) {
    const name = (): string => `${describeMessage(model.message(message).body)} is lost`;
    moves.push(await fault(model, { ...world, queue: minus(world.queue, message) }, name));
  }
  if (world.stream.length > 0) {
    const without = { ...world, stream: world.stream.slice(1), consumer: NOBODY };
    moves.push(await fault(model, without, () => 'the first record of the stream is lost'));
  }
  return moves;
}

/**
 * Two minutes pass without a sign, or the deadline comes. That is no fault when nobody has anything to do; otherwise
 * all of them are slow. The sweeper is never: its function may not run so long.
 */
async function pauses(model: Model, world: World, withFaults: boolean): Promise<Move[]> {
  const isBusy = world.workers.length > 0 || world.queue.length > 0 || world.stream.length > 0;
  if (world.sweeper !== NOBODY || model.facts(world.table).isOver || (isBusy && !withFaults)) return [];
  const late = world.late.filter((call) => !model.isSweepersClaim(call));
  const moves: Move[] = [];
  for (const atDeadline of [false, true]) {
    const table = model.storage.number(grownOld(model.storage.tables.value(world.table), atDeadline));
    if (table === world.table) continue;
    const name = (): string => (atDeadline ? 'the deadline passes' : 'two minutes pass');
    const rest = await toRest(model, { ...world, table, late });
    moves.push({ ...rest, name, isFault: isBusy, isHealing: !isBusy && !atDeadline });
  }
  return moves;
}

async function healing(
  model: Model,
  step: Step,
  name: () => string,
  beforeObject?: (world: World, worker: number) => void,
): Promise<Move> {
  const rest = await toRest(model, step.world, beforeObject);
  const broken = [...step.broken, ...rest.broken];
  return { world: rest.world, broken, name: withEffects(model, name, rest), isFault: false, isHealing: true };
}

async function fault(model: Model, world: World, name: () => string): Promise<Move> {
  const rest = await toRest(model, world);
  return { ...rest, name: withEffects(model, name, rest), isFault: true, isHealing: false };
}

function withEffects(model: Model, name: () => string, { effects }: Rest): () => string {
  if (effects.length === 0) return name;
  return () => `${name()}; then someone ${effects.map((call) => model.describe(call)).join(', ')}`;
}

function nameOf(model: Model, world: World, place: Place): () => string {
  const { input } = model.pointAt(world, place);
  return () => (input.actor === 'worker' ? `the worker of ${describeMessage(input.body)}` : `the ${input.actor}`);
}
