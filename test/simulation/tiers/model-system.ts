import { retryJob } from '../../../shared/jobs/retry-job.ts';
import { submitJob, type SubmitOutcome } from '../../../shared/jobs/submit-job.ts';
import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import { NOTIFICATION_QUEUE } from '../../../shared/jobs/notifications.ts';
import type { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { retryableError } from '../../helpers/numbers-process.ts';
import { Drive } from '../core/drive.ts';
import type { Fault } from '../core/faults.ts';
import { PLANTED_SECRET } from '../core/observation.ts';
import { PROCESS_IDS, World } from '../core/world.ts';
import type { Kind, Request } from './model-prediction.ts';

/** What happens to the n-th call of an invocation: a fault, or the call waits until it is told to go on. */
export interface Disturbance {
  call: number;
  how: Fault | 'hold';
}

const SUBSCRIBER_URI = `https://hooks.example/?token=${PLANTED_SECRET}`;
const SUBSCRIBER = { successUri: SUBSCRIBER_URI, inProgressUri: SUBSCRIBER_URI, failedUri: SUBSCRIBER_URI };
const UNLIMITED = 1e12;

const dataset = { id: 'a', units: 3 };
const INPUTS: Record<Kind, Record<string, unknown>> = {
  whole: { datasets: [dataset], failing: [], toleratedFailurePercentage: 50 },
  flawed: { datasets: [dataset], failing: [2], toleratedFailurePercentage: 50 },
  bad: { datasets: [dataset], failing: [0, 1], toleratedFailurePercentage: 10 },
  none: { datasets: [], failing: [], toleratedFailurePercentage: 50 },
};

/** The world as the commands of the model use it. */
export class System {
  readonly world: World;
  readonly limits = new Map<string, number>();
  /** True: each chunk fails for now. */
  upstreamFails = false;
  /** Receipts of messages that some worker was given. */
  readonly #inFlight: string[] = [];
  /** Invocations that wait in the middle of their work. */
  readonly #held: { go: () => void; ended: Promise<unknown> }[] = [];
  readonly #drive: Drive;
  #disturbance: Disturbance | undefined;
  #calls = 0;
  #hold: (go: () => void) => void = () => undefined;

  constructor(traced = false) {
    this.world = new World({
      traced,
      hooks: {
        attempts: 3,
        beforeChunk: () => (this.upstreamFails ? Promise.reject(retryableError()) : Promise.resolve()),
      },
      turn: () => this.#turn(),
      decide: () => {
        const { call, how } = this.#disturbance ?? { call: 0, how: 'hold' };
        return how !== 'hold' && call === this.#calls ? how : undefined;
      },
    });
    this.#drive = new Drive(this.world, 'once');
    this.world.platform.limits = (tenant) => ({
      maxUnits: this.limits.get(tenant) ?? UNLIMITED,
      maxOutputBytes: Number.MAX_SAFE_INTEGER,
    });
  }

  /** Lets something go wrong while `act` runs. @returns whether it did */
  async disturbed(disturbance: Disturbance | undefined, act: () => Promise<unknown>): Promise<boolean> {
    const fired = this.world.fired.length;
    this.#disturbance = disturbance;
    this.#calls = 0;
    try {
      await act();
    } finally {
      this.#disturbance = undefined;
    }
    return this.world.fired.length > fired;
  }

  /** @returns the answer, or the code of the refusal */
  async submit({ tenant, processId, kind, key }: Request): Promise<SubmitOutcome | string> {
    const inputs = { chunkUnits: 2, empty: [], ...INPUTS[kind] };
    const request = kind === 'whole' ? { inputs, subscriber: SUBSCRIBER } : { inputs };
    const submission = {
      tenant,
      subject: 'ann',
      processId,
      request,
      ...(key !== undefined && { idempotencyKey: key }),
    };
    return this.#ask(tenant, (platform) => submitJob(platform, submission));
  }

  async retry({ tenant, key, retryOf = '' }: Request): Promise<SubmitOutcome | string> {
    const options = { subject: 'ann', ...(key !== undefined && { idempotencyKey: key }) };
    return this.#ask(tenant, (platform) => retryJob(platform, { tenant, jobId: retryOf }, options));
  }

  /** A worker is given a message; `others` that come before it are given to workers that never begin. */
  async work(processId: string, others: number): Promise<void> {
    const received = this.world.queue.receive(processId, others + 1);
    this.#inFlight.push(...received.map(({ receipt }) => receipt));
    const message = received.at(-1);
    if (message === undefined) return;
    const held = new Promise<() => void>((resolve) => (this.#hold = resolve));
    const ended = this.world.work(processId, message);
    const go = await Promise.race([held, ended]);
    if (typeof go === 'function') this.#held.push({ go, ended });
  }

  /** A worker is given a message, and its acknowledgement is lost: the message is there again at once. */
  async workUnacknowledged(processId: string): Promise<void> {
    for (const message of this.world.queue.receive(processId, 1)) {
      await this.world.work(processId, { ...message, receipt: '' });
      this.world.queue.release(message.receipt);
    }
  }

  /** The system works by itself for a while, and nothing goes wrong. */
  async progress(steps: number): Promise<void> {
    for (let step = 0; step < steps && (await this.#drive.step()); step++);
  }

  async resume(): Promise<void> {
    const held = this.#held.shift();
    held?.go();
    await held?.ended;
  }

  expireVisibility(): void {
    const receipt = this.#inFlight.shift();
    if (receipt !== undefined) this.world.queue.release(receipt);
  }

  async pass(milliseconds: number): Promise<void> {
    this.world.clock.advance(milliseconds);
    // What wakes by that looks around before the next command.
    if (this.#held.length > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  async follow(times: 'once' | 'again'): Promise<void> {
    const [record] = this.world.records;
    if (record !== undefined) await this.world.follow(record, times);
  }

  async bury(): Promise<void> {
    for (const id of [...PROCESS_IDS, NOTIFICATION_QUEUE]) {
      for (const message of this.world.queue.receiveDeadLetters(id, 1)) await this.world.bury(id, message);
    }
  }

  async tell(): Promise<void> {
    for (const message of this.world.queue.receive(NOTIFICATION_QUEUE, 1)) await this.world.tell(message);
  }

  /** Every invocation that runs dies, and the processes have a new version. */
  redeploy(version: string): void {
    for (const invocation of this.world.running) invocation.die();
    this.#held.splice(0);
    const renewed = [...this.world.platform.processes].map(([id, process]): [string, ProcessDefinition] => [
      id,
      { ...process, version },
    ]);
    this.world.platform.processes = new Map(renewed);
  }

  /** Mends all that is wrong, and lets everything end. */
  async rest(): Promise<void> {
    this.upstreamFails = false;
    while (this.#held.length > 0) await this.resume();
    this.world.ports.heal();
    await this.#drive.rest();
  }

  async #turn(): Promise<void> {
    this.#calls++;
    const { call, how } = this.#disturbance ?? {};
    if (how === 'hold' && call === this.#calls) await new Promise<void>((go) => this.#hold(go));
  }

  async #ask(
    tenant: string,
    request: Parameters<typeof this.world.call<SubmitOutcome>>[1],
  ): Promise<SubmitOutcome | string> {
    try {
      return await this.world.call(tenant, request);
    } catch (error) {
      return (error as LonghaulError).code;
    }
  }
}
