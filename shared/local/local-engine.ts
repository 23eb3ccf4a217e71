import { handleDeadLetter } from '../jobs/handlers/handle-dead-letter.ts';
import { handleMessage } from '../jobs/handlers/handle-message.ts';
import { handleStreamRecord } from '../jobs/handlers/handle-stream-record.ts';
import { NOTIFICATION_QUEUE } from '../jobs/notifications.ts';
import type { JobLimits, Locations, Platform, Processes } from '../jobs/platform.ts';
import type { Clock } from '../jobs/ports/clock.ts';
import type { Datasets } from '../jobs/process.ts';
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
  /** As of the platform. */
  datasetsOf?: (tenant: string) => Datasets;
  locations: Locations;
  clock: Clock;
  identifiers: Identifiers;
  random: Random;
  logger: Logger;
  limits: (tenant: string) => JobLimits;
  /** Messages that are worked on at once. */
  concurrency: number;
}

export interface LocalRun {
  /** Asked before each message is taken: true ends the run. */
  isOver: () => Promise<boolean>;
  /** Told when nothing is under way and the next message is delayed by so many milliseconds. */
  onWait?: (milliseconds: number) => void;
}

interface WorkUnderWay {
  /** Each takes itself out when it has ended; none rejects. */
  readonly works: Set<Promise<void>>;
  /** What the works threw. */
  readonly failures: unknown[];
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
      const dead = await this.#handleDeadLetters(process.id);
      worked ||= received.length + dead > 0;
    }
    return worked;
  }

  /** Runs until nothing is left to do at this instant of the clock. */
  async runUntilIdle(): Promise<void> {
    do await this.followStream();
    while (((await this.workOnce()) || this.store.stream.length > 0) && !this.#stop.signal.aborted);
  }

  /**
   * Runs until `isOver`, or until it is stopped: takes the next message as soon as one is done, so that a slow one
   * keeps no other waiting, and sleeps while every message is delayed. Returns early when no message is left.
   * @throws what ends a delivery: the store, a queue or the object store cannot be reached
   */
  async run({ isOver, onWait }: LocalRun): Promise<void> {
    const underWay: WorkUnderWay = { works: new Set(), failures: [] };
    try {
      for (;;) {
        await this.followStream();
        if (underWay.failures.length > 0) throw underWay.failures[0];
        if (this.#stop.signal.aborted || (await isOver())) return;
        await this.#startWork(underWay);
        const isIdle = underWay.works.size === 0;
        if (isIdle && this.store.stream.length > 0) continue;
        const next = this.queue.nextVisibleAt();
        if (isIdle && next === undefined) return;
        const milliseconds = Math.max(0, (next ?? 0) - this.platform.clock.now());
        if (isIdle) onWait?.(milliseconds);
        await this.#untilSomethingChanges(underWay, milliseconds);
      }
    } catch (error) {
      this.#stop.abort(error);
      throw error;
    } finally {
      await Promise.all(underWay.works);
    }
  }

  /** Takes what is visible now, up to `concurrency` messages in all, and deals with the dead letters. */
  async #startWork({ works, failures }: WorkUnderWay): Promise<void> {
    for (const process of this.platform.processes.values()) {
      for (const message of this.queue.receive(process.id, this.#concurrency - works.size)) {
        const work = this.#work(process.id, message)
          .catch((error: unknown) => failures.push(error))
          .then(() => void works.delete(work));
        works.add(work);
      }
      await this.#handleDeadLetters(process.id);
    }
  }

  /** Resolves when one of the works ends, the next message is due and may be taken, or the engine is stopped. */
  async #untilSomethingChanges({ works }: WorkUnderWay, milliseconds: number): Promise<void> {
    const awake = new AbortController();
    const mayTakeMore = works.size < this.#concurrency;
    const sleep = mayTakeMore ? [this.#sleep(milliseconds, awake.signal)] : [];
    try {
      await Promise.race([...works, ...sleep]);
    } finally {
      awake.abort();
      await Promise.all(sleep);
    }
  }

  async #sleep(milliseconds: number, awake: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([awake, this.#stop.signal]);
    try {
      await this.platform.clock.sleep(milliseconds, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** @returns how many there were */
  async #handleDeadLetters(processId: string): Promise<number> {
    const dead = this.queue.receiveDeadLetters(processId, 10);
    for (const { messageId, body, attributes, receipt } of dead) {
      const { reasonCode: code, reasonDetail: detail } = attributes;
      const reason = code === undefined || detail === undefined ? {} : { reason: { code, detail } };
      await handleDeadLetter(this.platform, { messageId, processId, body, attributes, ...reason });
      this.queue.delete(receipt);
    }
    return dead.length;
  }

  async #work(processId: string, message: ReceivedMessage): Promise<void> {
    const process = this.platform.processes.get(processId);
    if (process === undefined) return;
    const { body, receiveCount } = message;
    await handleMessage(this.platform, process, { body, receiveCount, signal: this.#stop.signal });
    this.queue.delete(message.receipt);
  }
}
