import { Presets, SingleBar } from 'cli-progress';
import type { JobStatus } from './local/api-client.ts';

/** Without a terminal a line is printed this often, in milliseconds. */
const LINE_INTERVAL_MS = 5_000;

/** What a bar or line shows, out of a job's status. */
interface Figures {
  done: number;
  total: number;
  failed: number;
  /** Settled units per second since the first was seen. */
  rate: number;
  /** Seconds to the end at this rate; undefined while there is none. */
  eta: number | undefined;
}

/** Shows how far a job is: a bar on a terminal, lines elsewhere. */
export class JobProgress {
  readonly #stream: NodeJS.WriteStream;
  readonly #bar: SingleBar | undefined;
  #firstAt: number | undefined;
  #firstDone = 0;
  #lastLineAt = Number.NEGATIVE_INFINITY;

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#stream = stream;
    if (!stream.isTTY) return;
    const format = '  {bar} {value}/{total} tiles · {rate} tiles/s · {failed} failed · {remaining}';
    this.#bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true }, Presets.shades_classic);
  }

  /** @param now milliseconds of a clock that does not jump */
  show(job: JobStatus, now: number): void {
    if (job.units === undefined) return;
    const figures = this.#figures(job, job.units, now);
    const rate = figures.rate.toFixed(0);
    const remaining = figures.eta === undefined ? 'no estimate yet' : `${figures.eta.toFixed(0)} s left`;
    if (this.#bar !== undefined) {
      const payload = { rate, failed: figures.failed, remaining };
      if (this.#bar.isActive) this.#bar.update(figures.done, payload);
      else this.#bar.start(figures.total, figures.done, payload);
    } else if (now - this.#lastLineAt >= LINE_INTERVAL_MS) {
      this.#lastLineAt = now;
      const parts = [
        `${figures.done}/${figures.total} tiles`,
        `${rate} tiles/s`,
        `${figures.failed} failed`,
        remaining,
      ];
      this.#stream.write(`  ${job.state}: ${parts.join(' · ')}\n`);
    }
  }

  stop(): void {
    this.#bar?.stop();
  }

  #figures({ counts }: JobStatus, total: number, now: number): Figures {
    const done = counts.done + counts.failed + counts.skipped;
    if (this.#firstAt === undefined) {
      this.#firstAt = now;
      this.#firstDone = done;
    }
    const seconds = (now - this.#firstAt) / 1000;
    const rate = seconds === 0 ? 0 : (done - this.#firstDone) / seconds;
    return { done, total, failed: counts.failed, rate, eta: rate === 0 ? undefined : (total - done) / rate };
  }
}
