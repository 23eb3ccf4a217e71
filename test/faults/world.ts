import { expect } from 'vitest';
import { handleDeadLetter } from '../../shared/jobs/handlers/handle-dead-letter.ts';
import { handleMessage } from '../../shared/jobs/handlers/handle-message.ts';
import { handleStreamRecord } from '../../shared/jobs/handlers/handle-stream-record.ts';
import { sweep } from '../../shared/jobs/handlers/sweep.ts';
import { readJobItem } from '../../shared/jobs/items/job-item.ts';
import { JOB_PREFIX, jobItemKey, jobKeyOf } from '../../shared/jobs/items/keys.ts';
import { isTerminal, type Job, type JobKey } from '../../shared/jobs/job.ts';
import { NOTIFICATION_QUEUE } from '../../shared/jobs/notifications.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import type { ProcessDefinition } from '../../shared/jobs/process.ts';
import type { ChangeRecord } from '../../shared/local/change-stream.ts';
import { MemoryJobStore } from '../../shared/local/memory-job-store.ts';
import { MemoryObjectStore } from '../../shared/local/memory-object-store.ts';
import { MemoryQueue } from '../../shared/local/memory-queue.ts';
import { ManualClock } from '../helpers/manual-clock.ts';
import { numbersProcess, type NumbersHooks } from '../helpers/numbers-process.ts';
import { countingIdentifiers, silent } from '../helpers/test-engine.ts';
import { FaultInjector, type Fault } from './faults.ts';

/**
 * How often, and by how many workers at once, each message and record is handled. A message whose text was seen before
 * is handled once: else the duplicates of attempts would make duplicates of their own, without end.
 */
export const DELIVERIES = ['once', 'redelivered-twice', 'two-workers'] as const;
export type DeliveryMode = (typeof DELIVERIES)[number];

const SECOND = 1_000;
const VISIBILITY_MILLISECONDS = 60 * SECOND;
/** After so many minutes of virtual time everything must have come to rest. */
const MINUTES_TO_REST = 180;

/** The deployed system in memory: the real handlers, each invocation of which may die at any call of a port. */
export class World {
  readonly clock = new ManualClock();
  readonly store = new MemoryJobStore({ clock: this.clock });
  readonly objects = new MemoryObjectStore();
  readonly queue: MemoryQueue;
  readonly platform: Platform;
  readonly process: ProcessDefinition;
  readonly faults: FaultInjector;
  /** Every change of a job row that was accepted, in order. */
  readonly changes: { before: Job | undefined; after: Job }[] = [];
  readonly #mode: DeliveryMode;
  readonly #seen = new Set<string>();
  #records: ChangeRecord[] = [];

  constructor(options: { mode?: DeliveryMode; at?: number; fault?: Fault; hooks?: NumbersHooks } = {}) {
    this.#mode = options.mode ?? 'once';
    this.faults = new FaultInjector(options.at, options.fault);
    this.process = numbersProcess(options.hooks);
    this.queue = new MemoryQueue({
      clock: this.clock,
      processIds: ['numbers', NOTIFICATION_QUEUE],
      visibilityMs: VISIBILITY_MILLISECONDS,
      maxReceiveCount: 5,
    });
    this.platform = {
      store: this.store,
      queue: this.queue,
      objects: this.objects,
      sourcesOf: () => ({ open: () => Promise.reject(new Error('no sources here')) }),
      clock: this.clock,
      identifiers: countingIdentifiers(),
      random: () => 0.5,
      logger: silent,
      processes: new Map([['numbers', this.process]]),
      locations: {
        work: new URL('s3://data/work/'),
        outputs: new URL('s3://data/outputs/'),
        deadLetters: new URL('s3://data/dead-letters/'),
      },
      limits: () => ({ maxUnits: 1e12, maxOutputBytes: 1e15 }),
      retentionDays: 30,
    };
  }

  /** A caller that repeats its request until it is answered, as clients with an idempotency key do. */
  async call<T>(request: (platform: Platform) => Promise<T>): Promise<T> {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        const answer = await this.faults.invoke(this.platform, request);
        if (answer !== 'crashed') return answer.value;
      } catch (error) {
        if (attempt === 2) throw error;
      }
    }
    throw new Error('the caller was never answered');
  }

  /** Moves everything on by one step: the stream, then one message, then one dead letter. False when nothing was there. */
  async step(): Promise<boolean> {
    this.#collect();
    const record = this.#records[0];
    if (record !== undefined) {
      const handled = await this.#handle((platform) =>
        handleStreamRecord(platform, { ...record, sequence: String(record.sequence) }),
      );
      if (handled) this.#records.shift();
      return true;
    }
    for (const { body, receipt, receiveCount } of this.queue.receive('numbers', 1)) {
      const signal = new AbortController().signal;
      const delivery = { body, receiveCount, signal };
      const mode = this.#seen.has(body) ? 'once' : this.#mode;
      this.#seen.add(body);
      const handled = await this.#handle((platform) => handleMessage(platform, this.process, delivery), mode);
      if (handled) this.queue.delete(receipt);
      return true;
    }
    for (const { messageId, body, attributes, receipt } of this.queue.receiveDeadLetters('numbers', 1)) {
      const { reasonCode: code = '', reasonDetail: detail = '' } = attributes;
      const letter = { messageId, processId: 'numbers', body, attributes };
      const reason = code === '' ? {} : { reason: { code, detail } };
      if (await this.#handle((platform) => handleDeadLetter(platform, { ...letter, ...reason })))
        this.queue.delete(receipt);
      return true;
    }
    return false;
  }

  /** Steps, and lets time pass with a sweep each minute, until every job is terminal and nothing is left to do. */
  async rest(): Promise<void> {
    for (let minute = 0; minute < MINUTES_TO_REST; minute++) {
      while (await this.step());
      if (this.#isAtRest()) return;
      this.clock.advance(60 * SECOND);
      await this.#handle((platform) => sweep(platform));
    }
    throw new Error(`not at rest after ${MINUTES_TO_REST} minutes`);
  }

  /** Takes every message out of the queue, as an operator's purge does. */
  purge(): void {
    this.queue.purge('numbers');
  }

  async job(key: JobKey): Promise<Job> {
    const item = await this.store.read(jobItemKey(key), { consistent: true });
    if (item === undefined) throw new Error(`no job ${key.jobId}`);
    return readJobItem(key.tenant, key.jobId, item);
  }

  text(jobId: string, dataset: string): string | undefined {
    const object = this.objects.objects.get(`s3://data/outputs/acme/${jobId}/${dataset}.txt`);
    return object && new TextDecoder().decode(object.bytes);
  }

  /** What holds for every job at rest, whatever went wrong on the way. */
  expectSound(named: string): void {
    const byJob = Map.groupBy(this.changes, ({ after }) => after.jobId);
    for (const [jobId, changes] of byJob) {
      const versions = changes.map(({ after }) => after.version);
      expect(versions, `${named}: versions of ${jobId} without a gap`).toEqual(versions.map((_, index) => index + 1));
      const ends = changes.filter(({ before, after }) => isTerminal(after.state) && before?.state !== after.state);
      expect(ends.length, `${named}: ${jobId} ends once`).toBe(1);
      expect(isTerminal(changes.at(-1)!.after.state), `${named}: nothing after the end of ${jobId}`).toBe(true);
    }
  }

  /** Handles in the world's mode; true when at least one invocation came to its end. */
  async #handle(handler: (platform: Platform) => Promise<unknown>, mode = this.#mode): Promise<boolean> {
    const invoke = async (): Promise<boolean> => {
      try {
        return (await this.faults.invoke(this.platform, handler)) !== 'crashed';
      } catch {
        // The delivery died with an error: it is not acknowledged, and comes again.
        return false;
      }
    };
    const outcomes =
      mode === 'two-workers'
        ? await Promise.all([invoke(), invoke()])
        : mode === 'once'
          ? [await invoke()]
          : [await invoke(), await invoke(), await invoke()];
    return outcomes.some(Boolean);
  }

  #collect(): void {
    for (const record of this.store.stream.take()) {
      if (!record.key.sk.startsWith(JOB_PREFIX)) continue;
      this.#records.push(record);
      const { tenant, jobId } = jobKeyOf(record.key);
      const before = record.before && readJobItem(tenant, jobId, record.before);
      this.changes.push({ before, after: readJobItem(tenant, jobId, record.after!) });
    }
  }

  #isAtRest(): boolean {
    const last = new Map(this.changes.map(({ after }) => [after.jobId, after.state]));
    return [...last.values()].every(isTerminal) && this.queue.nextVisibleAt() === undefined;
  }
}
