import { explain, type Progress, type Steps } from '../steps.ts';
import type { Tally } from './run-tier.ts';

/** Lines of a tier's output that begin with it are shown although all went well: figures of a run. */
export const FIGURE_MARK = '» ';

/** Adds up the steps of a test run: a step that fails does not keep the next from running. */
export class TestRun {
  readonly #steps: Steps;
  readonly #signal: AbortSignal;
  #passed = 0;
  #failed = 0;

  constructor(steps: Steps, signal: AbortSignal) {
    this.#steps = steps;
    this.#signal = signal;
  }

  /** Runs one step, prints its counts, and its output when it failed. @throws the signal's reason once it is aborted */
  async step(title: string, work: (progress: Progress) => Promise<Tally>): Promise<void> {
    this.#signal.throwIfAborted();
    let output = '';
    const failed = new Error(title);
    try {
      await this.#steps.run(title, async (note, progress) => {
        const tally = await work(progress);
        this.#passed += tally.passed;
        this.#failed += tally.failed;
        note(describe(tally));
        output = tally.output;
        if (tally.failed > 0) throw failed;
      });
      for (const line of output.split('\n')) if (line.startsWith(FIGURE_MARK)) this.#steps.say(`  ${line}`);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (error === failed) this.#steps.say(output);
      else this.fail(error);
    }
  }

  /** Counts something that could not even be run as one failure. */
  fail(error: unknown): void {
    this.#failed += 1;
    this.#steps.say(explain(error));
  }

  get exitCode(): number {
    return this.#failed === 0 ? 0 : 1;
  }

  /** The last line of the run. */
  get summary(): string {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }
}

function describe({ passed, failed, skipped }: Tally): string {
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return passed + failed + skipped === 0 ? 'no tests' : parts.join(', ');
}
