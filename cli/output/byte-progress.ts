import { Presets, SingleBar } from 'cli-progress';
import type { Clock } from '../../shared/jobs/ports/clock.ts';
import type { TextStream } from '../context.ts';
import { formatBytes, formatSeconds, writeLine } from './text.ts';

/** Without a terminal a line is printed this often, in milliseconds. */
const LINE_INTERVAL = 5_000;
const SECOND = 1_000;

/** Shows how much of a file is sent: a bar on a terminal, a line now and then elsewhere. */
export class ByteProgress {
  readonly #stream: TextStream;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #bar: SingleBar | undefined;
  #total = 0;
  #sent = 0;
  #beganAt = 0;
  #lastLineAt = 0;

  constructor(stream: TextStream, clock: Pick<Clock, 'now'>) {
    this.#stream = stream;
    this.#clock = clock;
    if (stream.isTTY !== true) return;
    const format = '{bar} {sent} of {all} · {rate}/s · {left}';
    this.#bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true }, Presets.shades_classic);
  }

  begin(total: number, sent: number): void {
    this.#total = total;
    this.#sent = sent;
    this.#beganAt = this.#clock.now();
    this.#lastLineAt = this.#beganAt;
    this.#bar?.start(total, sent, this.#payload());
  }

  /** @param bytes that have arrived besides */
  add(bytes: number): void {
    this.#sent += bytes;
    const payload = this.#payload();
    if (this.#bar !== undefined) {
      this.#bar.update(this.#sent, payload);
      return;
    }
    const now = this.#clock.now();
    if (now - this.#lastLineAt < LINE_INTERVAL) return;
    this.#lastLineAt = now;
    const { sent, all, rate, left } = payload;
    writeLine(this.#stream, `${sent} of ${all} · ${rate}/s · ${left}`);
  }

  stop(): void {
    this.#bar?.stop();
  }

  #payload(): { sent: string; all: string; rate: string; left: string } {
    const seconds = (this.#clock.now() - this.#beganAt) / SECOND;
    const rate = seconds === 0 ? 0 : this.#sent / seconds;
    return {
      sent: formatBytes(this.#sent),
      all: formatBytes(this.#total),
      rate: formatBytes(Math.round(rate)),
      left: rate === 0 ? 'no estimate yet' : `${formatSeconds((this.#total - this.#sent) / rate)} left`,
    };
  }
}
