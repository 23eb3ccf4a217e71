import { INVARIANTS, type Invariant } from './checks.ts';
import type { Tamper } from './invocation.ts';
import { Model } from './model.ts';
import { movesFrom } from './moves.ts';
import { acceptedWorld } from './start.ts';
import { keyOf, NOBODY, type World } from './world.ts';

export interface ExploreOptions {
  /** Most things that go wrong on one path. */
  faults: number;
  /** Seeds a bug. */
  tamper?: Tamper;
  /** True to end at the first violation: a seeded bug makes states without end. */
  untilViolation?: boolean;
}

export interface Violation {
  invariant: Invariant;
  /** What happened, one line for each step: with as few faults as there can be, and with those as short as can be. */
  trace: string[];
}

export interface Exploration {
  states: number;
  transitions: number;
  /** Steps to the state that is furthest from the start. */
  deepest: number;
  /** States in which the job is over and nothing is left to do, by how it ended. */
  ends: Record<string, number>;
  /** The first of each invariant that was broken. */
  violations: Violation[];
  /** Times that a handler was run from its beginning. */
  runs: number;
}

interface Visited {
  world: World;
  /** The state that it was first reached from. */
  from: number;
  depth: number;
}

/** Where an invariant was broken: in a state, or on a step from it. */
interface Finding {
  at: number;
  steps: string[];
}

const START = -1;

/** Walks every state that can be reached from a job that was just accepted, those with the fewest faults first. */
export async function explore(options: ExploreOptions): Promise<Exploration> {
  const walk = new Walk(new Model(options.tamper ?? ((platform) => platform)));
  await walk.run(options);
  return walk.report();
}

class Walk {
  readonly #model: Model;
  readonly #visited: Visited[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #found = new Map<Invariant, Finding>();
  /** From and to, in turn: the steps of an engine that is left to itself. */
  readonly #healing: number[] = [];
  /** Worlds that one fault more leads to. */
  #beyond = new Map<string, { world: World; from: number }>();
  #transitions = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  async run({ faults, untilViolation = false }: ExploreOptions): Promise<void> {
    const first = await acceptedWorld(this.#model);
    this.#beyond.set(keyOf(first), { world: first, from: START });
    for (let left = faults; left >= 0; left--) {
      const layer = this.#beyond;
      this.#beyond = new Map();
      let at = this.#visited.length;
      for (const [key, { world, from }] of layer) if (!this.#numbers.has(key)) this.#visit(world, key, from);
      for (; at < this.#visited.length; at++) {
        if (untilViolation && this.#found.size > 0) return;
        await this.#expand(at, left > 0);
      }
    }
    const stuck = this.#standstill();
    if (stuck !== undefined) this.#find('an-end-can-be-reached', stuck);
  }

  async report(): Promise<Exploration> {
    const ends: Record<string, number> = {};
    for (const { world } of this.#visited) {
      if (!this.#isEnd(world)) continue;
      const state = this.#model.stateOf(world);
      ends[state] = (ends[state] ?? 0) + 1;
    }
    const violations: Violation[] = [];
    for (const invariant of INVARIANTS) {
      const finding = this.#found.get(invariant);
      if (finding !== undefined) violations.push({ invariant, trace: await this.#trace(finding) });
    }
    return {
      states: this.#visited.length,
      transitions: this.#transitions,
      deepest: this.#visited.reduce((most, { depth }) => Math.max(most, depth), 0),
      ends,
      violations,
      runs: this.#model.programs.runs,
    };
  }

  async #expand(at: number, withFaults: boolean): Promise<void> {
    for (const move of await movesFrom(this.#model, this.#visited[at]!.world, withFaults)) {
      this.#transitions++;
      if (move.broken.length > 0) {
        // What comes of a broken step is of no interest.
        for (const { invariant, call } of move.broken) {
          const culprit = call === undefined ? [] : [`broken when someone ${this.#model.describe(call)}`];
          this.#find(invariant, { at, steps: [move.name(), ...culprit] });
        }
        continue;
      }
      const key = keyOf(move.world);
      const known = this.#numbers.get(key);
      if (move.isFault) {
        if (known === undefined && !this.#beyond.has(key)) this.#beyond.set(key, { world: move.world, from: at });
        continue;
      }
      const to = known ?? this.#visit(move.world, key, at);
      if (move.isHealing) this.#healing.push(at, to);
    }
  }

  #visit(world: World, key: string, from: number): number {
    const depth = from === START ? 0 : this.#visited[from]!.depth + 1;
    const number = this.#visited.push({ world, from, depth }) - 1;
    this.#numbers.set(key, number);
    for (const invariant of this.#model.check(world)) this.#find(invariant, { at: number, steps: [] });
    return number;
  }

  #find(invariant: Invariant, finding: Finding): void {
    if (!this.#found.has(invariant)) this.#found.set(invariant, finding);
  }

  /**
   * A state in which nobody has anything to do and from which the engine, left to itself, comes to no end, with the
   * fewest faults. Found by walking back from the ends.
   */
  #standstill(): Finding | undefined {
    const before = this.#visited.map((): number[] => []);
    for (let edge = 0; edge < this.#healing.length; edge += 2) {
      before[this.#healing[edge + 1]!]!.push(this.#healing[edge]!);
    }
    const reaches = new Uint8Array(this.#visited.length);
    const waiting = [...this.#visited.keys()].filter((number) => this.#isEnd(this.#visited[number]!.world));
    for (const number of waiting) reaches[number] = 1;
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      for (const previous of before[number]!) {
        if (reaches[previous] === 1) continue;
        reaches[previous] = 1;
        waiting.push(previous);
      }
    }
    if (!reaches.includes(0)) return undefined;
    const isIdle = this.#visited.findIndex(({ world }, number) => reaches[number] === 0 && hasNothingToDo(world));
    const at = isIdle < 0 ? reaches.indexOf(0) : isIdle;
    return { at, steps: [`nothing leads on: the job stays ${this.#model.stateOf(this.#visited[at]!.world)}`] };
  }

  #isEnd(world: World): boolean {
    return hasNothingToDo(world) && this.#model.facts(world.table).isOver;
  }

  async #trace({ at, steps }: Finding): Promise<string[]> {
    const lines = steps.toReversed();
    for (let to = at; this.#visited[to]!.from !== START; to = this.#visited[to]!.from) {
      const key = keyOf(this.#visited[to]!.world);
      const moves = await movesFrom(this.#model, this.#visited[this.#visited[to]!.from]!.world, true);
      lines.push(moves.find(({ world }) => keyOf(world) === key)!.name());
    }
    return lines.reverse();
  }
}

function hasNothingToDo({ workers, queue, consumer, sweeper }: World): boolean {
  return workers.length === 0 && queue.length === 0 && consumer === NOBODY && sweeper === NOBODY;
}
