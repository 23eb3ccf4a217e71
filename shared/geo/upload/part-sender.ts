import type { PartLimits, PartSink } from './part-sink.ts';

/** Sends parts, some at once, and holds on to the first failure until it is asked for. */
export class PartSender {
  readonly #sink: PartSink;
  readonly #signal: AbortSignal | undefined;
  readonly #limits: PartLimits;
  readonly #inFlight = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;

  constructor(sink: PartSink, signal: AbortSignal | undefined, limits: PartLimits) {
    this.#sink = sink;
    this.#signal = signal;
    this.#limits = limits;
  }

  /**
   * Sends a part as soon as few enough are in flight; it has then been handed on, not stored.
   * @throws what the sink rejected an earlier part with; the signal's reason
   */
  async send(partNumber: number, bytes: Uint8Array): Promise<void> {
    const { concurrency, maxBytesInFlight } = this.#limits;
    const atOnce = Math.max(1, Math.min(concurrency, Math.floor(maxBytesInFlight / bytes.length)));
    while (this.#inFlight.size >= atOnce) await Promise.race(this.#inFlight);
    this.check();
    const sent: Promise<void> = this.#put(partNumber, bytes).finally(() => this.#inFlight.delete(sent));
    this.#inFlight.add(sent);
  }

  /** Waits until every part is stored, and completes the file. */
  async complete(): Promise<void> {
    await this.settle();
    this.check();
    await this.#sink.complete();
  }

  /** Waits until no part is in flight, whatever became of it. */
  async settle(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  /** @throws what the sink rejected a part with; the signal's reason */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#signal?.throwIfAborted();
  }

  /** Never rejects: the first failure is kept for the next call. */
  async #put(partNumber: number, bytes: Uint8Array): Promise<void> {
    try {
      await this.#sink.putPart(partNumber, bytes);
    } catch (error) {
      this.#failure ??= { error };
    }
  }
}
