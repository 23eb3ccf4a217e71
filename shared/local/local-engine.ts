import { handleDeadLetter } from '../jobs/handlers/handle-dead-letter.ts';
import { handleMessage } from '../jobs/handlers/handle-message.ts';
import { handleStreamRecord } from '../jobs/handlers/handle-stream-record.ts';
import { NOTIFICATION_QUEUE } from '../jobs/notifications.ts';
import type { JobLimits, Locations, Platform, Processes } from '../jobs/platform.ts';
import type { Clock } from '../jobs/ports/clock.ts';
import type { Identifiers, Random } from '../jobs/ports/identifiers.ts';
import type { Logger } from '../jobs/ports/logger.ts';
import type { ObjectStore } from '../jobs/ports/object-store.ts';
import type { Sources } from '../sources/range-reader.ts';
import { MemoryJobStore } from './memory-job-store.ts';
import { MemoryQueue } from './memory-queue.ts';
import type { ReceivedMessage } from './memory-lane.ts';

export interface LocalEngineOptions {
  processes: Processes;
  objects: ObjectStore;
  sourcesOf: (tenant: string) => Sources;
  locations: Locations;
  clock: Clock;
  identifiers: Identifiers;
  random: Random;
  logger: Logger;
  limits: (tenant: string) => JobLimits;
  /** Messages that are worked on at once. */
  concurrency: number;
}

/** Longer than any work takes here: a message is only seen twice when a test wants it so. */
const VISIBILITY_MILLISECONDS = 6 * 60 * 60 * 1000;
const MAX_RECEIVES = 5;

/**
 * The whole engine in one process: the handlers that run in the cloud, over a table and queues in memory. It serves
 * `longhaul run`, and tests that want everything to happen in an order of their own.
 */
export class LocalEngine {
  readonly store: MemoryJobStore;
  readonly queue: MemoryQueue;
  readonly platform: Platform;
  readonly #concurrency: number;
  readonly #stop = new AbortController();

  constructor({ concurrency, ...options }: LocalEngineOptions) {
    this.#concurrency = concurrency;
    this.store = new MemoryJobStore({ clock: options.clock });
    this.queue = new MemoryQueue({
      clock: options.clock,
      processIds: [...options.processes.keys(), NOTIFICATION_QUEUE],
      visibilityMs: VISIBILITY_MILLISECONDS,
      maxReceiveCount: MAX_RECEIVES,
    });
    this.platform = { ...options, store: this.store, queue: this.queue, retentionDays: 30 };
  }

  /** Aborts the work that is under way: it is given back, as by a worker whose time ran out. */
  stop(reason: Error): void {
    this.#stop.abort(reason);
  }

  /** Follows every change that the table's stream holds. */
  async followStream(): Promise<void> {
    for (const record of this.store.stream.take()) {
      await handleStreamRecord(this.platform, { ...record, sequence: String(record.sequence) });
    }
  }

  /** Works on at most `concurrency` messages of each queue, and on every dead letter; true when there was any. */
  async workOnce(): Promise<boolean> {
    let worked = false;
    for (const process of this.platform.processes.values()) {
      const received = this.queue.receive(process.id, this.#concurrency);
      await Promise.all(received.map((message) => this.#work(process.id, message)));
      const dead = this.queue.receiveDeadLetters(process.id, 10);
      for (const { messageId, body, attributes, receipt } of dead) {
        const { reasonCode: code, reasonDetail: detail } = attributes;
        const reason = code === undefined || detail === undefined ? {} : { reason: { code, detail } };
        await handleDeadLetter(this.platform, { messageId, processId: process.id, body, attributes, ...reason });
        this.queue.delete(receipt);
      }
      worked ||= received.length + dead.length > 0;
    }
    return worked;
  }

  /** Runs until nothing is left to do at this instant of the clock. */
  async runUntilIdle(): Promise<void> {
    do await this.followStream();
    while (((await this.workOnce()) || this.store.stream.length > 0) && !this.#stop.signal.aborted);
  }

  async #work(processId: string, message: ReceivedMessage): Promise<void> {
    const process = this.platform.processes.get(processId);
    if (process === undefined) return;
    const { body, receiveCount } = message;
    await handleMessage(this.platform, process, { body, receiveCount, signal: this.#stop.signal });
    this.queue.delete(message.receipt);
  }
}
