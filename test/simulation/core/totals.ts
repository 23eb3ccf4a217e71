import { TRANSITIONS } from '../../../shared/jobs/state-machine.ts';
import { checkAll, INVARIANTS } from '../invariants/invariants.ts';
import { FAULTS, type Fault } from './faults.ts';
import type { World } from './world.ts';

/** What was found wrong, and how to see it again: `npm run replay -- <path>`. */
export interface Violation {
  path: string;
  breach: string;
}

/** What a tier has run: cases, what occurred in them, and what was found wrong. */
export class Totals {
  cases = 0;
  checks = 0;
  readonly fired = new Map<Fault, number>();
  readonly transitions = new Set<string>();
  readonly conditions = new Map<string, { accepted: number; rejected: number }>();
  readonly violations: Violation[] = [];

  /** Checks one world that came to rest. @param more what else was found wrong with it */
  async add(path: string, world: World, more: readonly string[] = []): Promise<void> {
    this.count(path, world, [...more, ...(await checkAll(world))]);
  }

  /** Counts one world that was checked. @param checks invariants that were */
  count(path: string, world: World, breaches: readonly string[], checks = INVARIANTS.length): void {
    for (const { fault } of world.fired) this.fired.set(fault, (this.fired.get(fault) ?? 0) + 1);
    for (const { before, after } of world.observation.changes) {
      if (before !== undefined && before.state !== after.state)
        this.transitions.add(`${before.state} → ${after.state}`);
    }
    this.#addConditions(world.observation.conditions);
    this.cases++;
    this.checks += checks;
    this.violations.push(...breaches.map((breach) => ({ path, breach })));
  }

  /** Both as one. */
  joined(other: Totals): Totals {
    const both = new Totals();
    for (const { cases, checks, fired, transitions, conditions, violations } of [this, other]) {
      both.cases += cases;
      both.checks += checks;
      for (const [fault, times] of fired) both.fired.set(fault, (both.fired.get(fault) ?? 0) + times);
      for (const step of transitions) both.transitions.add(step);
      both.#addConditions(conditions);
      both.violations.push(...violations);
    }
    return both;
  }

  /** C1: the faults, steps and preconditions that should have occurred and did not. */
  missing(faults: readonly Fault[] = FAULTS): string[] {
    const steps = new Set(
      TRANSITIONS.flatMap(({ from, to }) => to.filter((each) => each !== from).map((each) => `${from} → ${each}`)),
    );
    return [
      ...faults.filter((fault) => !this.fired.has(fault)).map((fault) => `the fault ${fault}`),
      ...[...steps].filter((step) => !this.transitions.has(step)).map((step) => `the step ${step}`),
      ...[...this.conditions].flatMap(([shape, { accepted, rejected }]) => [
        ...(accepted > 0 ? [] : [`an acceptance by: ${shape}`]),
        ...(rejected > 0 ? [] : [`a refusal by: ${shape}`]),
      ]),
    ];
  }

  #addConditions(conditions: Totals['conditions']): void {
    for (const [shape, { accepted, rejected }] of conditions) {
      const known = this.conditions.get(shape) ?? { accepted: 0, rejected: 0 };
      this.conditions.set(shape, { accepted: known.accepted + accepted, rejected: known.rejected + rejected });
    }
  }

  /** One line for the output of a test. */
  toString(): string {
    const fired = FAULTS.filter((fault) => this.fired.has(fault)).map((fault) => `${fault} ${this.fired.get(fault)}`);
    return [
      `${this.cases} cases`,
      `faults fired: ${fired.length === 0 ? 'none' : fired.join(', ')}`,
      `${this.transitions.size} transitions hit`,
      `${this.checks} invariants checked`,
      `${this.violations.length} violations`,
    ].join('; ');
  }
}
