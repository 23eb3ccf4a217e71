import { Presets, SingleBar } from 'cli-progress';
import type { Counts, JobState } from '../../shared/jobs/job.ts';
import type { TextStream } from '../context.ts';
import { formatCount, formatSeconds, plain, writeLine } from './text.ts';

/** Without a terminal a line is printed this often, in milliseconds. */
const LINE_INTERVAL = 5_000;

/** How far a job is. */
export interface JobFigures {
  state: JobState;
  counts: Counts;
  /** Units planned; absent before the plan. */
  units: number | undefined;
}

const STATE_TEXTS: Readonly<Record<JobState, string>> = {
  accepted: 'waiting to be planned',
  planning: 'planning',
  running: '',
  finishing: 'assembling the outputs',
  succeeded: '',
  partial: '',
  failed: '',
  cancelled: '',
};

/** Shows how far a job is: a bar on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #stream: TextStream;
  readonly #bar: SingleBar | undefined;
  #begin: { at: number; settled: number } | undefined;
  #lastLineAt = Number.NEGATIVE_INFINITY;
  #settled = 0;
  #note = '';

  constructor(stream: TextStream) {
    this.#stream = stream;
    if (stream.isTTY !== true) return;
    const format = '{bar} {settled}/{units} units · {rate} units/s · {failed} failed · {rest}';
    this.#bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true }, Presets.shades_classic);
  }

  /** @param now milliseconds */
  show(figures: JobFigures, now: number): void {
    const total = figures.units ?? 1;
    const settled = settledOf(figures.counts);
    if (settled !== this.#settled) this.#note = '';
    this.#settled = settled;
    const payload = this.#payload(figures, now);
    if (this.#bar === undefined) this.#showLine(figures, payload, now);
    else if (this.#bar.isActive) {
      this.#bar.setTotal(total);
      this.#bar.update(settled, payload);
    } else this.#bar.start(total, settled, payload);
  }

  /** Says why nothing moves; the next change of the figures takes it back. */
  note(text: string): void {
    if (this.#bar === undefined && text !== this.#note) writeLine(this.#stream, text);
    this.#note = plain(text);
  }

  stop(): void {
    this.#bar?.stop();
  }

  #showLine({ state, units: planned }: JobFigures, payload: Record<string, string>, now: number): void {
    if (planned === undefined || now - this.#lastLineAt < LINE_INTERVAL) return;
    this.#lastLineAt = now;
    const { settled, units, rate, failed, rest } = payload;
    writeLine(this.#stream, `${state}: ${settled}/${units} units · ${rate} units/s · ${failed} failed · ${rest}`);
  }

  #payload({ state, counts, units }: JobFigures, now: number): Record<string, string> {
    const settled = settledOf(counts);
    if (units !== undefined) this.#begin ??= { at: now, settled };
    const rate = this.#begin === undefined || now === this.#begin.at ? 0 : this.#rateSince(this.#begin, settled, now);
    const left =
      rate === 0 || units === undefined ? 'no estimate yet' : `${formatSeconds((units - settled) / rate)} left`;
    return {
      settled: formatCount(settled),
      units: units === undefined ? '?' : formatCount(units),
      rate: rate.toFixed(rate < 10 ? 1 : 0),
      failed: formatCount(counts.failed),
      rest: this.#note || STATE_TEXTS[state] || left,
    };
  }

  #rateSince(begin: { at: number; settled: number }, settled: number, now: number): number {
    return ((settled - begin.settled) / (now - begin.at)) * 1000;
  }
}

const settledOf = ({ done, failed, skipped }: Counts): number => done + failed + skipped;
