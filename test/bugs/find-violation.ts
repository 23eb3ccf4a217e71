import { parentPort, workerData } from 'node:worker_threads';
import { Totals, type Violation } from '../simulation/core/totals.ts';
import type { World } from '../simulation/core/world.ts';

export interface Search {
  /** Beginning of the names of what is run. */
  where: string;
  /** Ends after so many cases. */
  maxCases: number;
}

export interface Finding {
  /** Cases that were run, the last one included. */
  cases: number;
  /** Those of the first case that had any; none when there was none in all of these. */
  violations: Violation[];
}

/** Ends a tier. */
class Enough extends Error {}

/** Totals of a tier that is ended at its first violation, or when it has run long enough. */
class Until extends Totals {
  readonly #maxCases: number;

  constructor(maxCases: number) {
    super();
    this.#maxCases = maxCases;
  }

  override async add(path: string, world: World, more: readonly string[] = []): Promise<void> {
    await super.add(path, world, more);
    this.#endWhenEnough();
  }

  override count(...parameters: Parameters<Totals['count']>): void {
    super.count(...parameters);
    this.#endWhenEnough();
  }

  #endWhenEnough(): void {
    if (this.violations.length > 0 || this.cases >= this.#maxCases) throw new Enough();
  }
}

/** Runs a tier of the simulation up to its first violation. */
export async function untilViolation(maxCases: number, run: (totals: Totals) => Promise<unknown>): Promise<Finding> {
  const totals = new Until(maxCases);
  try {
    await run(totals);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return { cases: totals.cases, violations: totals.violations };
}

/** Answers, as the thread that it is, what it was started with. */
export async function answer(find: (search: Search) => Promise<Finding>): Promise<void> {
  parentPort?.postMessage(await find(workerData as Search));
}
