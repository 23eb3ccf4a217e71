import { INVARIANTS, type Invariant } from './checks.ts';
import type { Tamper } from './invocation.ts';
import { knowing } from './knowledge.ts';
import { Model } from './model.ts';
import { movesFrom, type Move } from './moves.ts';
import { acceptedWorld } from './start.ts';
import { keyOf, NOBODY, type World } from './world.ts';

/**
 * The explorer: every state that a small job (3 chunks in 2 shards of 2 datasets) can come to, with 2 workers, the
 * stream's consumer, the sweeper and a user who may cancel, while things go wrong.
 *
 * Nothing is modelled twice. A handler is a deterministic function of the answers of its ports, so what a worker
 * remembers is the list of the answers that it has had, and its next step is the real handler, run again with them
 * (`programs.ts`). What a call does is what the real adapters in memory do to the table and the objects
 * (`storage.ts`). A state is what is stored, sent, waiting in the stream, at work, and still under way (`world.ts`).
 *
 * Interleaving   Each call of a worker, the consumer or the sweeper is a step of its own, in every order.
 * Faults         At each call its caller may die, or get an error for an answer, and the call take effect at once,
 *                later, after others have acted, or never. Messages are lost or delivered twice, records lost. Time
 *                passes while everybody is slow. A path has at most `faults` of these: states are visited in the
 *                order of how many it takes to get there, so each is met with all that may still go wrong.
 * Time           stands still; what is stored ages by one class instead (`time-classes.ts`). A stamp that was read
 *                before a pause and written after it counts as of the write, as with a clock that is ahead.
 *
 * What is taken together, and why that hides nothing:
 * - A delivery and its first read are one step, as are the last call and the acknowledgement: what happens between
 *   them can as well happen before, or is the crash at that call.
 * - Objects are written and read without a choice. They are written once, whoever writes one writes the same (this is
 *   checked), and nothing is decided by which of two did; but a worker may die before each of its writes.
 * - So are full shards read, which change no more (checked).
 * - A job that is over takes one order of what is left: whoever begins reads the row and stops, and what others write
 *   to the row must be refused in any order. A message or late call whose time is over is dropped once it was tried
 *   and changed nothing.
 * - The two workers are alike, and histories that no longer differ are one (`programs.ts`, checked as it goes).
 *
 * What is not explored, and is left to the other tiers: more than one sweeper; attempts of chunks that run out, and
 * dead letters; the half hour after which the sweeper no longer minds a backlog; the clean-up after the end; other
 * than the newest answer of what is eventually consistent (`listDue`, `depth`, reads that do not ask for more).
 *
 * In each state and on each step the promises of `checks.ts` must hold; and from each state an end must be reachable
 * by what the engine does by itself, without the deadline, a cancel or a late call to help.
 */
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
  /** How often each kind of fault was made to happen. */
  faults: Record<string, number>;
  /** Changes of state that happened, such as `running → finishing`. */
  steps: string[];
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
  const { stackTraceLimit } = Error;
  // Each run of a handler ends in errors of its own, such as that of the stopped watch, whose stacks nobody reads.
  Error.stackTraceLimit = 0;
  try {
    const walk = new Walk(new Model(options.tamper ?? ((platform) => platform)));
    await walk.run(options);
    return await walk.report();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
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
  readonly #faults: Record<string, number> = {};
  readonly #steps = new Set<string>();
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
      const state = this.#model.effects.facts(world.table).state;
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
      faults: this.#faults,
      steps: [...this.#steps].sort(),
      violations,
      runs: this.#model.programs.runs,
    };
  }

  async #expand(at: number, withFaults: boolean): Promise<void> {
    for (const move of await this.#moves(at, withFaults)) {
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
      this.#note(this.#visited[at]!.world, move);
      if (move.fault !== undefined) {
        if (known === undefined && !this.#beyond.has(key)) this.#beyond.set(key, { world: move.world, from: at });
        continue;
      }
      const to = known ?? this.#visit(move.world, key, at);
      if (move.isHealing) this.#healing.push(at, to);
    }
  }

  #note({ table }: World, { world, fault }: Move): void {
    const [from, to] = [this.#model.effects.facts(table).state, this.#model.effects.facts(world.table).state];
    if (from !== to) this.#steps.add(`${from} → ${to}`);
    if (fault !== undefined) this.#faults[fault] = (this.#faults[fault] ?? 0) + 1;
  }

  #moves(at: number, withFaults: boolean): Promise<Move[]> {
    return knowing(() => movesFrom(this.#model, this.#visited[at]!.world, withFaults));
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
    return {
      at,
      steps: [`nothing leads on: the job stays ${this.#model.effects.facts(this.#visited[at]!.world.table).state}`],
    };
  }

  #isEnd(world: World): boolean {
    return hasNothingToDo(world) && this.#model.effects.facts(world.table).isOver;
  }

  async #trace({ at, steps }: Finding): Promise<string[]> {
    const lines = steps.toReversed();
    for (let to = at; this.#visited[to]!.from !== START; to = this.#visited[to]!.from) {
      const key = keyOf(this.#visited[to]!.world);
      const moves = await this.#moves(this.#visited[to]!.from, true);
      lines.push(moves.find(({ world }) => keyOf(world) === key)!.name());
    }
    return lines.reverse();
  }
}

function hasNothingToDo({ workers, queue, consumer, sweeper }: World): boolean {
  return workers.length === 0 && queue.length === 0 && consumer === NOBODY && sweeper === NOBODY;
}
