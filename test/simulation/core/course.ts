import type { Context } from './contexts.ts';
import { Drive } from './drive.ts';
import { World, type Deployment, type WorldOptions } from './world.ts';

/** A place in a course at which others can branch off. */
export interface Branch {
  /** Calls that were made up to there: the next one has this number. */
  calls: number;
  /** A course that goes its own way from there, in a world with these options. */
  branchOff: (options: WorldOptions, branching?: boolean) => Course;
}

/**
 * One run of a scenario, act by act: a request, a step of the system, a look. A course that branched off has the acts of
 * the other one behind it, which give what they gave there, and do nothing: so cases that differ from some call on only
 * share what comes before it.
 */
export class Course {
  readonly world: World;
  readonly drive: Drive;
  /** Where others can branch off, in their order; none unless it was asked for. */
  readonly branches: Branch[] = [];
  readonly #context: Context;
  readonly #deployment: Deployment;
  readonly #isBranching: boolean;
  /** What each act gave. */
  readonly #given: unknown[];
  #acts = 0;

  constructor(context: Context, options: WorldOptions, { branching = false, from }: CourseOptions = {}) {
    const { processes, sources } = options;
    this.#context = context;
    this.#deployment = { ...(processes && { processes }), ...(sources && { sources }) };
    this.#isBranching = branching;
    this.#given = from === undefined ? [] : [...from.#given];
    this.world = new World(options, from?.world);
    this.drive = new Drive(this.world, context, from?.drive);
  }

  /** Does one thing to the world: whatever a scenario does or looks at goes through here. */
  async act<T>(action: (world: World, drive: Drive) => T | Promise<T>): Promise<T> {
    const act = this.#acts++;
    if (act < this.#given.length) return this.#given[act] as T;
    this.#branch();
    const given = await action(this.world, this.drive);
    this.#given.push(given);
    return given;
  }

  async rest(): Promise<void> {
    const until = await this.act((world) => world.restsUntil());
    while (await this.act((_, drive) => drive.comeToRest(until)));
  }

  #branch(): void {
    if (!this.#isBranching || !this.world.canBeCopied()) return;
    const context = this.#context;
    const here = new Course(context, this.#deployment, { from: this });
    this.branches.push({
      calls: here.world.ports.calls,
      branchOff: (options, branching = false) => new Course(context, options, { from: here, branching }),
    });
  }
}

export interface CourseOptions {
  /** Keeps places at which others can branch off. */
  branching?: boolean;
  from?: Course;
}
