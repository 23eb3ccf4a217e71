import { notify } from '../../../functions/notifications/notify.ts';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import type { Outbound } from '../../../shared/http/outbound/create-outbound.ts';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { handleDeadLetter } from '../../../shared/jobs/handlers/handle-dead-letter.ts';
import { handleMessage } from '../../../shared/jobs/handlers/handle-message.ts';
import { handleStreamRecord } from '../../../shared/jobs/handlers/handle-stream-record.ts';
import { sweep } from '../../../shared/jobs/handlers/sweep.ts';
import { readJobItem } from '../../../shared/jobs/items/job-item.ts';
import { JOB_PREFIX, jobItemKey, jobKeyOf } from '../../../shared/jobs/items/keys.ts';
import type { Job, JobKey } from '../../../shared/jobs/job.ts';
import { parseMessage } from '../../../shared/jobs/messages.ts';
import { NOTIFICATION_QUEUE, parseNotification } from '../../../shared/jobs/notifications.ts';
import type { Platform } from '../../../shared/jobs/platform.ts';
import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import type { ChangeRecord } from '../../../shared/local/change-stream.ts';
import type { ReceivedMessage } from '../../../shared/local/memory-lane.ts';
import { MemoryJobStore } from '../../../shared/local/memory-job-store.ts';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store.ts';
import { MemoryQueue } from '../../../shared/local/memory-queue.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { numbersProcess, type NumbersHooks } from '../../helpers/numbers-process.ts';
import { memorySources } from '../../helpers/memory-sources.ts';
import { countingIdentifiers, LOCATIONS } from '../../helpers/test-engine.ts';
import type { Fault } from './faults.ts';
import { Observation } from './observation.ts';
import type { Invocation, PortCall } from './port-call.ts';
import { Ports } from './ports.ts';
import { watchEffects } from './watch-effects.ts';

// Worlds raise thousands of errors whose stacks nobody reads; `npm run replay` tells where one came from.
Error.stackTraceLimit = 0;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
/** How long a received message is hidden, and the longest that a process may run. */
export const VISIBILITY = MINUTE;
const MAX_RECEIVES = 5;
/** Beyond a lease and a visibility: whoever waits for the worker has given it up. */
const SLOW = 3 * MINUTE;
/** How far the others come while one call is slow. */
const STEPS_MEANWHILE = 6;
/** B of L1: after so many minutes of virtual time everything must have come to rest. */
const MINUTES_TO_REST = 180;
/** A caller that is not answered asks again, for longer than any refusal lasts. */
const CALLER_REQUESTS = 20;

/** The processes of every world: the same work under two names, so that each has a queue of its own. */
export const PROCESS_IDS = ['numbers', 'letters'] as const;

/** What is deployed in a world besides the processes of every world. */
export interface Deployment {
  processes?: readonly ProcessDefinition[];
  /** What the sources hold, by URL. */
  sources?: ReadonlyMap<string, Uint8Array>;
}

export interface WorldOptions extends Deployment {
  hooks?: NumbersHooks;
  /** Uniform in [0, 1): back-off. */
  random?: () => number;
  decide?: (call: PortCall) => Fault | undefined;
  turn?: (call: PortCall) => Promise<void>;
  afterwards?: (call: PortCall) => Promise<void>;
  /** Asked at each read that may be stale. */
  stale?: () => boolean;
  /** Keeps a line for each thing that happens. */
  traced?: boolean;
}

/** How an invocation ended. One that crashed says nothing, ever. */
export type Outcome<T> = { how: 'done'; value: T } | { how: 'failed'; error: unknown } | { how: 'crashed' };

/** The deployed system in memory: the real handlers, any call of which may go wrong. */
export class World {
  readonly clock: ManualClock;
  readonly observation = new Observation();
  readonly store: MemoryJobStore;
  readonly objects = new MemoryObjectStore();
  readonly queue: MemoryQueue;
  readonly platform: Platform;
  readonly ports: Ports;
  /** Queues that workers receive from. */
  readonly processIds: readonly string[];
  readonly trace: string[] = [];
  /** Faults that fired, with the calls that they happened to. */
  readonly fired: { fault: Fault; call: PortCall }[] = [];
  /** Invocations that run. */
  readonly running = new Set<Invocation>();
  /** Records of the stream that were not handled yet, in their order. */
  records: ChangeRecord[] = [];
  /** What others do while a call is slow; set by whoever drives the world. */
  stepMeanwhile: () => Promise<boolean> = () => Promise.resolve(false);
  readonly #identifiers: { count: number; next: (now: number) => string };
  #invocations = 0;
  #isSlow = false;
  readonly #traced: boolean;
  readonly #began: number;

  /** @param from the world that this one branches off from: all is in it as it is there, and can be copied */
  constructor(options: WorldOptions = {}, from?: World) {
    const { observation } = this;
    const clock = (this.clock = new ManualClock(from?.clock.now()));
    this.#identifiers = countingIdentifiers(from === undefined ? 0 : from.#identifiers.count);
    this.#traced = options.traced ?? false;
    this.#began = clock.now();
    this.store = new MemoryJobStore({ clock, ...(options.stale && { stale: options.stale }) });
    const processes = [...PROCESS_IDS.map((id) => processOf(id, options.hooks)), ...(options.processes ?? [])];
    this.processIds = processes.map(({ id }) => id);
    const processIds = [...this.processIds, NOTIFICATION_QUEUE];
    this.queue = new MemoryQueue({ clock, processIds, visibilityMs: VISIBILITY, maxReceiveCount: MAX_RECEIVES });
    const log = (event: string, fields?: Record<string, unknown>) => observation.logged(event, fields);
    this.platform = {
      store: this.store,
      queue: this.queue,
      objects: this.objects,
      sourcesOf: () => memorySources((url) => options.sources?.get(url.href)),
      clock,
      identifiers: this.#identifiers,
      random: options.random ?? (() => 0.5),
      logger: { info: log, warn: log, error: log },
      processes: new Map(processes.map((process) => [process.id, process])),
      locations: LOCATIONS,
      limits: () => ({ maxUnits: 1e12, maxOutputBytes: 1e15 }),
      retentionDays: 30,
    };
    this.ports = new Ports({
      now: () => clock.now(),
      decide: options.decide ?? (() => undefined),
      observe: (call) => observation.call(call),
      fired: (fault, call) => void this.fired.push({ fault, call }),
      sendSome: (...parameters) => this.platform.queue.send(...parameters),
      meanwhile: () => this.#meanwhile(),
      ...(options.turn && { turn: options.turn }),
      ...(options.afterwards && { afterwards: options.afterwards }),
      ...(this.#traced && {
        ended: (call, how) => this.note(`${call.invocation.role}#${call.invocation.number}`, describeCall(call), how),
      }),
    });
    watchEffects(this, (record) => this.records.push(record));
    if (from !== undefined) this.#copyFrom(from);
  }

  /** True between two invocations, when nothing is on its way that only this world could bring to its end. */
  canBeCopied(): boolean {
    return this.running.size === 0 && this.ports.canBeCopied();
  }

  #copyFrom(other: World): void {
    this.observation.copyFrom(other.observation);
    this.store.copyFrom(other.store);
    this.objects.copyFrom(other.objects);
    this.queue.copyFrom(other.queue);
    this.ports.copyFrom(other.ports, this.platform);
    this.fired.push(...other.fired);
    this.records = [...other.records];
    this.#invocations = other.#invocations;
  }

  /** Keeps one line of what happens. */
  note(who: string, what: string, how: string): void {
    if (!this.#traced) return;
    const seconds = ((this.clock.now() - this.#began) / SECOND).toFixed(3);
    this.trace.push(`${seconds.padStart(9)} ${who.padEnd(14)} ${what} → ${how}`);
  }

  /** Runs a function once. */
  async invoke<T>(
    role: string,
    tenant: string | undefined,
    handler: (platform: Platform, invocation: Invocation) => Promise<T>,
  ): Promise<Outcome<T>> {
    let crash: (outcome: Outcome<T>) => void = () => undefined;
    const crashed = new Promise<Outcome<T>>((resolve) => (crash = resolve));
    const invocation: Invocation = {
      number: ++this.#invocations,
      role,
      tenant,
      dead: false,
      die: () => {
        invocation.dead = true;
        crash({ how: 'crashed' });
      },
    };
    this.running.add(invocation);
    const running = handler(this.ports.of(invocation, this.platform), invocation).then(
      (value): Outcome<T> => ({ how: 'done', value }),
      (error: unknown): Outcome<T> => ({ how: 'failed', error }),
    );
    const outcome = await Promise.race([running, crashed]);
    this.running.delete(invocation);
    if (this.#traced) {
      const named = outcome.how === 'failed' ? `failed: ${String(outcome.error)}` : outcome.how;
      this.note(`${role}#${invocation.number}`, 'ends', named);
    }
    return outcome;
  }

  /** A caller, who asks again until it is answered, as clients with an Idempotency-Key do. @throws a final refusal */
  async call<T>(tenant: string, request: (platform: Platform) => Promise<T>): Promise<T> {
    for (let attempt = 0; attempt < CALLER_REQUESTS; attempt++) {
      const outcome = await this.invoke('api', tenant, request);
      if (outcome.how === 'done') return outcome.value;
      if (outcome.how === 'failed' && !isServersFault(outcome.error)) throw outcome.error;
      if (attempt > 0) this.clock.advance(2 * MINUTE);
    }
    throw new TypeError('the caller was never answered');
  }

  /** Cancels a job for a caller, and keeps the answer. */
  async cancel(key: JobKey): Promise<void> {
    const answer = await this.call(key.tenant, (platform) => cancelJob(platform, key, 'user:ann'));
    if (answer !== undefined) this.observation.cancellations.push(answer);
  }

  /** Handles the oldest record of the stream that `choose` picks; it goes once it was handled. */
  async follow(record: ChangeRecord, times: 'once' | 'again' = 'once'): Promise<boolean> {
    const outcome = await this.consume('stream', undefined, (platform) =>
      handleStreamRecord(platform, { ...record, sequence: String(record.sequence) }),
    );
    if (outcome.how === 'done' && times === 'once') this.records = this.records.filter((each) => each !== record);
    return outcome.how === 'done';
  }

  /** Runs a worker over a message, which is deleted when it was handled. */
  async work(processId: string, message: ReceivedMessage): Promise<boolean> {
    const { body, receiveCount, receipt } = message;
    const process = this.#counted(processId, body);
    const { signal } = new AbortController();
    const outcome = await this.consume('worker', keyOf(body)?.tenant, (platform) =>
      handleMessage(platform, process, { body, receiveCount, signal }),
    );
    if (outcome.how === 'done') this.remove(receipt);
    return outcome.how === 'done';
  }

  async bury(processId: string, message: ReceivedMessage): Promise<void> {
    const { messageId, body, attributes, receipt } = message;
    this.observation.deadLetters.set(messageId, { processId, body });
    const { reasonCode: code, reasonDetail: detail } = attributes;
    const reason = code === undefined || detail === undefined ? {} : { reason: { code, detail } };
    const outcome = await this.consume('dead-letters', undefined, (platform) =>
      handleDeadLetter(platform, { messageId, processId, body, attributes, ...reason }),
    );
    if (outcome.how === 'done') this.remove(receipt, 'dead');
  }

  async tell(message: ReceivedMessage): Promise<void> {
    const { tenant } = parseNotification(message.body);
    const outcome = await this.consume('notifications', tenant, (platform, invocation) =>
      notify(
        {
          platform,
          outbound: this.#outbound(invocation),
          presign: (url) => Promise.resolve(url.href),
          root: 'https://api.example/',
          signal: new AbortController().signal,
        },
        message.body,
      ),
    );
    if (outcome.how === 'done') this.remove(message.receipt);
  }

  async sweep(): Promise<void> {
    await this.consume('sweeper', undefined, (platform) => sweep(platform));
  }

  /** One invocation of a consumer; errors that no later delivery mends are breaches. */
  async consume<T>(
    role: string,
    tenant: string | undefined,
    handler: (platform: Platform, invocation: Invocation) => Promise<T>,
  ): Promise<Outcome<T>> {
    const outcome = await this.invoke(role, tenant, handler);
    this.observation.outcomes.push(outcome.how);
    if (outcome.how === 'failed') this.observation.failed(role, outcome.error);
    return outcome;
  }

  /** Takes every message out of a queue, as an operator's purge does. */
  async purge(processId: string): Promise<void> {
    this.observation.queue.purged += await this.queue.depth(processId);
    this.queue.purge(processId);
    this.note('operator', `purge ${processId}`, 'done');
  }

  remove(receipt: string, kind: 'deleted' | 'dead' = 'deleted'): void {
    const before = this.queue.size;
    this.queue.delete(receipt);
    this.observation.queue[kind] += before - this.queue.size;
  }

  async job(key: JobKey): Promise<Job | undefined> {
    const item = await this.store.read(jobItemKey(key), { consistent: true });
    return item && readJobItem(key.tenant, key.jobId, item);
  }

  jobs(): Job[] {
    const rows = this.store.items().filter(({ key }) => key.sk.startsWith(JOB_PREFIX));
    return rows.map(({ key, item }) => {
      const { tenant, jobId } = jobKeyOf(key);
      return readJobItem(tenant, jobId, item);
    });
  }

  text({ tenant, jobId }: JobKey, dataset: string): string | undefined {
    const object = this.objects.objects.get(`s3://data/outputs/${tenant}/${jobId}/${dataset}.txt`);
    return object && new TextDecoder().decode(object.bytes);
  }

  /** True when every job has ended and no message, record or call is on its way. */
  isAtRest(): boolean {
    return (
      this.observation.active.size === 0 &&
      this.queue.nextVisibleAt() === undefined &&
      this.records.length === 0 &&
      this.observation.cleanUps.size === 0
    );
  }

  /** Until when all must have come to rest, if nothing goes wrong from now on. */
  restsUntil(): number {
    return this.clock.now() + MINUTES_TO_REST * MINUTE;
  }

  /**
   * One step; or, when there is nothing to do now, a minute and a sweep.
   * @returns false once every job has ended and nothing is left to do, and when that has not come about by `until`
   */
  async comeToRest(step: () => Promise<boolean>, until: number): Promise<boolean> {
    if (await step()) return true;
    await this.ports.land();
    if (this.isAtRest()) return false;
    // Sweeps that find nothing due are left out.
    const next = Math.min(this.queue.nextVisibleAt() ?? Infinity, this.#nextDueAt());
    this.clock.advance(
      this.records.length > 0 || next === Infinity ? MINUTE : Math.max(MINUTE, next - this.clock.now()),
    );
    await this.sweep();
    if (this.clock.now() < until) return true;
    this.observation.breaches.push(`L1 not at rest after ${MINUTES_TO_REST} minutes`);
    return false;
  }

  #nextDueAt(): number {
    return Math.min(...this.store.items().map(({ item: { dueAt } }) => (typeof dueAt === 'number' ? dueAt : Infinity)));
  }

  async #meanwhile(): Promise<void> {
    if (this.#isSlow) {
      this.clock.advance(SLOW);
      return;
    }
    this.#isSlow = true;
    this.clock.advance(SLOW);
    for (let step = 0; step < STEPS_MEANWHILE && (await this.stepMeanwhile()); step++);
    this.#isSlow = false;
  }

  /** The process as it works on one message, with the errors counted that it raises by itself. */
  #counted(processId: string, body: string): ProcessDefinition {
    const process = this.platform.processes.get(processId);
    if (process === undefined) throw new TypeError(`no process ${processId}`);
    return {
      ...process,
      runChunk: async (context, work) => {
        try {
          return await process.runChunk(context, work);
        } catch (error) {
          this.observation.failedRun(keyOf(body)!);
          throw error;
        }
      },
    };
  }

  #outbound(invocation: Invocation): Outbound {
    return {
      fetch: (url, { headers }) =>
        this.ports.call(invocation, 'subscriber.fetch', [], () => {
          const key = headers?.['idempotency-key'] ?? '';
          this.observation.posts.set(key, (this.observation.posts.get(key) ?? 0) + 1);
          return Promise.resolve({ status: 204, headers: {}, body: new Uint8Array(), url: new URL(url) });
        }),
      close: () => Promise.resolve(),
    };
  }
}

/** The work that all processes of the world do. */
function processOf(id: string, hooks?: NumbersHooks): ProcessDefinition {
  return { ...(numbersProcess(hooks) as unknown as ProcessDefinition), id };
}

/** The job of a message; a message that cannot be read has none. */
function keyOf(body: string): JobKey | undefined {
  try {
    return parseMessage(body);
  } catch {
    return undefined;
  }
}

function isServersFault(error: unknown): boolean {
  return error instanceof LonghaulError && (error.retryable || error.code.endsWith('-denied'));
}

function describeCall({ number, name, parameters }: PortCall): string {
  const [first] = parameters;
  const target =
    first instanceof URL
      ? first.pathname
      : typeof first === 'object' && first !== null && 'key' in first
        ? JSON.stringify(first.key)
        : JSON.stringify(first);
  return `${number} ${name} ${target?.slice(0, 120) ?? ''}`;
}
