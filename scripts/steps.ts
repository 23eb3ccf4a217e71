import { LonghaulError } from '../shared/errors/longhaul-error.ts';

/** Columns of a terminal that does not say how wide it is. */
const USUAL_COLUMNS = 80;

/** Adds a remark that stays behind the name of the step. */
export type Note = (text: string) => void;
/** Shows what the step does now, on a terminal only. */
export type Progress = (text: string) => void;

/** Reports what is done, one line for each step: `✓ Deploy  12.3 s`. */
export class Steps {
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#stream = stream;
  }

  /** Runs one step and prints how it ended and how long it took. */
  async run<T>(title: string, work: (note: Note, progress: Progress) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const notes: string[] = [];
    const line = (mark: string) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const remark = notes.length === 0 ? '' : `  ${notes.join(', ')}`;
      this.#clear();
      this.#stream.write(`${mark} ${title}  ${seconds} s${remark}\n`);
    };
    this.#show(`… ${title}`);
    try {
      const result = await work(
        (text) => notes.push(text),
        (text) => {
          if (text.trim() !== '') this.#show(`… ${title}  ${text.trim()}`);
        },
      );
      line('✓');
      return result;
    } catch (error) {
      line('✗');
      throw error;
    }
  }

  /** A line of its own. */
  say(text: string): void {
    this.#stream.write(`${text}\n`);
  }

  #show(text: string): void {
    if (!this.#stream.isTTY) return;
    this.#clear();
    // A line that wraps could not be cleared.
    this.#stream.write(text.slice(0, (this.#stream.columns || USUAL_COLUMNS) - 1));
  }

  #clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[2K');
  }
}

/** What failed, why, and what to do, as far as the error says. */
export function explain(error: unknown): string {
  if (!(error instanceof LonghaulError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const remedy = error.remedy === undefined ? '' : `\n  do:  ${error.remedy}`;
  return `  why: ${error.detail} (${error.code})${remedy}`;
}
