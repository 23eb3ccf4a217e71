import type { cancelJob } from '../../shared/jobs/cancel-job.ts';
import { canonical } from './calls.ts';
import { checkState, type Broken, type Invariant } from './checks.ts';
import { describeCall } from './describe-call.ts';
import { Effects, isEffect } from './effects.ts';
import { dependenceOf, isSettled, type Dependence } from './facts.ts';
import type { Tamper } from './invocation.ts';
import { Programs, type Point } from './programs.ts';
import { JOB, SMALL_PROCESS } from './small-job.ts';
import type { World } from './world.ts';

/** A world, and what was broken on the way to it. */
export interface Step {
  world: World;
  broken: readonly Broken[];
}

/** Who makes the next call: one of the workers by its position, the consumer of the stream, or the sweeper. */
export type Place = number | 'consumer' | 'sweeper';

/** Who is at work in a world, and what comes of it when they go on. */
export class Model {
  readonly programs: Programs;
  readonly effects: Effects;
  readonly #unavailable: number;
  readonly #received = new Map<string, Point>();
  readonly #checks = new Map<string, readonly Invariant[]>();
  readonly #dependences: Dependence[] = [];
  readonly #tokens: string[] = [];
  #sweeper: Point | undefined;
  #canceller: Point | undefined;

  constructor(tamper: Tamper) {
    this.programs = new Programs(SMALL_PROCESS, tamper);
    this.effects = new Effects(this.programs);
    this.#unavailable = this.programs.answers.number('unavailable');
  }

  /** Point at which someone stands who is at work. */
  pointAt(world: World, place: Place): Point {
    if (place === 'consumer') return this.programs.point(world.consumer);
    if (place === 'sweeper') return this.programs.point(world.sweeper);
    return this.programs.point(world.workers[place]!);
  }

  /** Starts a worker on a message, which is with it from now on; its first call is still to be made. */
  receive(world: World, message: number): World {
    const { body, kind, redelivered } = this.effects.message(message);
    const leaseToken = kind === 'plan' ? this.#freshToken(world) : 'none';
    const key = `${message} ${leaseToken}`;
    let point = this.#received.get(key);
    if (point === undefined) {
      point = this.programs.start({ actor: 'worker', body, receiveCount: redelivered ? 2 : 1, leaseToken });
      this.#received.set(key, point);
    }
    return { ...world, workers: [...world.workers, point.number] };
  }

  /** Starts the sweeper. */
  sweep(world: World): World {
    this.#sweeper ??= this.programs.start({ actor: 'sweeper' });
    return { ...world, sweeper: this.#sweeper.number };
  }

  /** Makes the next call of someone. */
  call(world: World, place: Place): Step {
    const point = this.pointAt(world, place);
    const { answer, world: after, broken } = this.effects.apply(world, point.waitsFor!);
    return { world: moved(after, place, this.programs.advance(point, answer)), broken };
  }

  /** Someone gets an error for an answer, which does not say whether the call took effect. */
  fail(world: World, place: Place): World {
    return moved(world, place, this.programs.advance(this.pointAt(world, place), this.#unavailable));
  }

  /** The user cancels: the answer that is given must be what is stored. */
  cancel(world: World): Step {
    const start = (this.#canceller ??= this.programs.start({ actor: 'canceller', key: JOB }));
    const { answer, world: after, broken } = this.effects.apply(world, start.waitsFor!);
    const { progress } = this.programs.advance(start, answer);
    const told = 'returned' in progress ? (progress.returned as Awaited<ReturnType<typeof cancelJob>>) : undefined;
    const states = [told?.outcome, told?.job.state, this.effects.facts(after.table).state];
    const isTrue = states.every((state) => state === 'cancelled');
    return { world: after, broken: isTrue ? broken : [...broken, { invariant: 'cancel-answers-what-is-stored' }] };
  }

  /** What is broken in a world as it stands. */
  check({ table, objects }: World): readonly Invariant[] {
    const key = `${table} ${objects}`;
    let broken = this.#checks.get(key);
    if (broken === undefined) {
      const texts = [...this.effects.storage.objects.value(objects)].map(
        ([url, { bytes }]) => [url, new TextDecoder().decode(bytes)] as const,
      );
      broken = checkState(this.effects.storage.tables.value(table), new Map(texts));
      this.#checks.set(key, broken);
    }
    return broken;
  }

  /** True for a call that may be answered at once: see the reasons at the top of `explore.ts`. */
  isSettled(world: World, call: number): boolean {
    const dependence = (this.#dependences[call] ??= dependenceOf(this.programs.calls.value(call)));
    return isSettled(dependence, this.effects.facts(world.table));
  }

  isEffect(call: number): boolean {
    return isEffect(this.programs.calls.value(call));
  }

  writesObject(call: number): boolean {
    return ['putIfAbsent', 'upload'].includes(this.programs.calls.value(call).operation);
  }

  describe(call: number): string {
    return describeCall(this.programs.calls.value(call));
  }

  /** The first name of a lease that nobody knows: neither the row, nor a worker, nor a write that may still land. */
  #freshToken(world: World): string {
    const known = new Set<unknown>([this.effects.facts(world.table).leaseToken]);
    for (const point of world.workers) {
      const { input } = this.programs.point(point);
      if (input.actor === 'worker') known.add(input.leaseToken);
    }
    for (const call of world.late) known.add(this.#tokenOf(call));
    for (let number = 1; ; number++) if (!known.has(`lease-${number}`)) return `lease-${number}`;
  }

  #tokenOf(call: number): string {
    return (this.#tokens[call] ??= /lease-\d+/.exec(canonical(this.programs.calls.value(call)))?.[0] ?? 'none');
  }
}

/** The world in which someone stands at another point. */
function moved(world: World, place: Place, { number }: Point): World {
  if (typeof place === 'string') return { ...world, [place]: number };
  return { ...world, workers: world.workers.map((other, index) => (index === place ? number : other)) };
}
