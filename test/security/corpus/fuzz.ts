import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { printFigures } from '../../helpers/print-figures.ts';

/** Cases of each corpus in a run of the tier; FUZZ_RUNS=<number> asks for more. */
export const FUZZ_RUNS = Number(process.env['FUZZ_RUNS'] ?? 10_000);

/** What one fuzz ran: also kept with the test in vitest's report. */
declare module 'vitest' {
  interface TaskMeta {
    /** Cases that were run. */
    cases?: number;
  }
}

/**
 * States a fact that holds for every case of a corpus, the same cases in each run (see `test/setup.ts`): a failure
 * shows the smallest case that it found.
 */
export function fuzz<Case>(
  fact: string,
  corpus: fc.Arbitrary<Case>,
  check: (value: Case) => void | Promise<void>,
): void {
  fuzzBatches(fact, corpus, 1, ([value]) => check(value!));
}

/** The same for what takes several cases at once, such as a batch of messages: as many cases in fewer runs. */
export function fuzzBatches<Case>(
  fact: string,
  corpus: fc.Arbitrary<Case>,
  size: number,
  check: (batch: readonly Case[]) => void | Promise<void>,
): void {
  it(fact, async ({ task }) => {
    let cases = 0;
    const batches = fc.array(corpus, { minLength: size, maxLength: size });
    const property = fc.asyncProperty(batches, async (batch) => {
      cases += batch.length;
      await check(batch);
    });
    await fc.assert(property, { numRuns: Math.ceil(FUZZ_RUNS / size) });
    task.meta.cases = cases;
    ran.push(cases);
  });
}

/** Cases of the fuzzes of this file so far. */
const ran: number[] = [];

/** Prints what the fuzzes of a file ran, once they have. */
export function printCorpora(name: string): void {
  afterAll(() => {
    const corpora = ran.splice(0);
    const cases = corpora.reduce((sum, each) => sum + each, 0);
    printFigures(`hostile ${name}: ${corpora.length} corpora, ${cases} cases`);
  });
}

/** What became of untrusted input: what was read of it, or the error that refused it. */
export type Reading<Value> = { read: Value } | { refused: LonghaulError };

/**
 * Reads untrusted input. Anything but a final LonghaulError with a stable code and a whole sentence fails the test:
 * it would be tried again, or shown as a defect of ours.
 */
export async function reading<Value>(read: () => Value | Promise<Value>): Promise<Reading<Value>> {
  try {
    return { read: await read() };
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    expect(error.retryable).toBe(false);
    expect(error.code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(error.detail.length).toBeGreaterThan(0);
    return { refused: error };
  }
}
