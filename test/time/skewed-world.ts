import { setImmediate as turn } from 'node:timers/promises';
import { cancelJob } from '../../shared/jobs/cancel-job.ts';
import { handleDeadLetter } from '../../shared/jobs/handlers/handle-dead-letter.ts';
import { handleMessage } from '../../shared/jobs/handlers/handle-message.ts';
import { handleStreamRecord } from '../../shared/jobs/handlers/handle-stream-record.ts';
import { sweep } from '../../shared/jobs/handlers/sweep.ts';
import { readJobItem } from '../../shared/jobs/items/job-item.ts';
import { JOB_PREFIX, jobItemKey } from '../../shared/jobs/items/keys.ts';
import { isTerminal, type Job } from '../../shared/jobs/job.ts';
import { NOTIFICATION_QUEUE } from '../../shared/jobs/notifications.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import type { Clock } from '../../shared/jobs/ports/clock.ts';
import type { ProcessDefinition } from '../../shared/jobs/process.ts';
import { submitJob, type SubmitOutcome } from '../../shared/jobs/submit-job.ts';
import { MemoryJobStore } from '../../shared/local/memory-job-store.ts';
import { MemoryObjectStore } from '../../shared/local/memory-object-store.ts';
import { MemoryQueue } from '../../shared/local/memory-queue.ts';
import { ManualClock } from '../helpers/manual-clock.ts';
import { numbersProcess } from '../helpers/numbers-process.ts';
import { countingIdentifiers, LOCATIONS, silent } from '../helpers/test-engine.ts';
import { MINUTE, SECOND } from './stories.ts';

/** By how much the clock of each function is ahead of the true time, in milliseconds; behind it when negative. */
export interface Skews {
  api: number;
  worker: number;
  sweeper: number;
}

/** One step of the true time. */
const STEP = 10 * SECOND;

/** After so many steps everything must have come to rest: four hours. */
const MAX_STEPS = 1_440;

/** The deployed system in memory, in which every function has a clock of its own; queues and table have the true one. */
export class SkewedWorld {
  readonly clock = new ManualClock();
  readonly beginning = this.clock.now();
  readonly store = new MemoryJobStore({ clock: this.clock });
  readonly objects = new MemoryObjectStore();
  readonly queue: MemoryQueue;
  readonly process: ProcessDefinition;
  /** Every state of every job row, in order. */
  readonly history: Job[] = [];
  /** Plans, chunks and finishes that a worker began. */
  begun = 0;
  /** A story may change them on the way. */
  readonly skews: Skews;
  readonly #platform: Omit<Platform, 'clock'>;
  readonly #underWay = new Set<Promise<void>>();

  constructor(skews: Skews, process: ProcessDefinition = numbersProcess()) {
    this.skews = { ...skews };
    this.process = process;
    this.queue = new MemoryQueue({
      clock: this.clock,
      processIds: [process.id, NOTIFICATION_QUEUE],
      visibilityMs: 6 * process.limits.timeoutSeconds * SECOND,
      maxReceiveCount: 5,
    });
    this.#platform = {
      store: this.store,
      queue: this.queue,
      objects: this.objects,
      sourcesOf: () => ({ open: () => Promise.reject(new Error('no sources here')) }),
      identifiers: countingIdentifiers(),
      random: () => 0.5,
      logger: silent,
      processes: new Map([[process.id, process]]),
      locations: LOCATIONS,
      limits: () => ({ maxUnits: 1e12, maxOutputBytes: 1e15 }),
      retentionDays: 30,
    };
  }

  /** True time since the beginning, in milliseconds. */
  get elapsed(): number {
    return this.clock.now() - this.beginning;
  }

  async submit(inputs: object): Promise<SubmitOutcome> {
    const request = { inputs: numbersProcess().inputs.parse(inputs) };
    return submitJob(this.#as(this.skews.api), { tenant: 'acme', subject: 'ann', processId: this.process.id, request });
  }

  async cancel(jobId: string): Promise<void> {
    await cancelJob(this.#as(this.skews.api), { tenant: 'acme', jobId }, 'user:ann');
  }

  async job(jobId: string): Promise<Job> {
    const item = await this.store.read(jobItemKey({ tenant: 'acme', jobId }), { consistent: true });
    if (item === undefined) throw new Error(`no job ${jobId}`);
    return readJobItem('acme', jobId, item);
  }

  /** What a job wrote for its dataset `a`. */
  text(jobId: string): string | undefined {
    const object = this.objects.objects.get(`s3://data/outputs/acme/${jobId}/a.txt`);
    return object && new TextDecoder().decode(object.bytes);
  }

  /** Lets ten seconds pass in which all functions do what there is to do; the sweeper looks once a minute. */
  async step(): Promise<void> {
    let before: number;
    do {
      before = this.history.length + this.begun;
      for (const record of this.store.stream.take()) {
        if (!record.key.sk.startsWith(JOB_PREFIX)) continue;
        const jobId = record.key.sk.slice(JOB_PREFIX.length);
        this.history.push(readJobItem('acme', jobId, record.after!));
        await handleStreamRecord(this.#as(0), { ...record, sequence: String(record.sequence) });
      }
      this.#receive();
      await turn();
    } while (before < this.history.length + this.begun || this.store.stream.length > 0);
    this.clock.advance(STEP);
    await turn();
    if (this.elapsed % MINUTE === 0) await sweep(this.#as(this.skews.sweeper));
  }

  /** Steps until every job has ended and nothing is left to do. */
  async rest(): Promise<void> {
    for (let step = 0; step < MAX_STEPS; step++) {
      await this.step();
      const last = new Map(this.history.map((job) => [job.jobId, job.state]));
      const isOver = [...last.values()].every(isTerminal) && this.#underWay.size === 0;
      if (isOver && this.queue.nextVisibleAt() === undefined && this.store.stream.length === 0) return;
    }
    throw new Error('not at rest after four hours');
  }

  #receive(): void {
    const platform = this.#as(this.skews.worker);
    for (const { body, receiveCount, receipt } of this.queue.receive(this.process.id, 10)) {
      this.begun++;
      const delivery = { body, receiveCount, signal: new AbortController().signal };
      const work = handleMessage(platform, this.process, delivery)
        .then(() => this.queue.delete(receipt))
        .finally(() => this.#underWay.delete(work));
      this.#underWay.add(work);
    }
    for (const { messageId, body, attributes, receipt } of this.queue.receiveDeadLetters(this.process.id, 10)) {
      this.begun++;
      const { reasonCode: code = '', reasonDetail: detail = '' } = attributes;
      const letter = { messageId, processId: this.process.id, body, attributes };
      const handling = handleDeadLetter(platform, { ...letter, ...(code === '' ? {} : { reason: { code, detail } }) })
        .then(() => this.queue.delete(receipt))
        .finally(() => this.#underWay.delete(handling));
      this.#underWay.add(handling);
    }
  }

  /** The platform as a function sees it whose clock is ahead by so much. */
  #as(skew: number): Platform {
    const clock: Clock = {
      now: () => this.clock.now() + skew,
      sleep: (milliseconds, signal) => this.clock.sleep(milliseconds, signal),
    };
    return { ...this.#platform, clock };
  }
}
