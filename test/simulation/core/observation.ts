import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { CLEAN_UP_PREFIX } from '../../../shared/jobs/items/keys.ts';
import { isTerminal, type Job, type JobKey } from '../../../shared/jobs/job.ts';
import { parseMessage } from '../../../shared/jobs/messages.ts';
import { NOTIFICATION_QUEUE } from '../../../shared/jobs/notifications.ts';
import type { Condition, UpdateWrite, Write, WriteOutcome } from '../../../shared/jobs/ports/job-store.ts';
import type { OutgoingMessage } from '../../../shared/jobs/ports/queue.ts';
import type { Invocation, PortCall } from './port-call.ts';

/** A change of a job row, in the order in which the table accepted them. */
export interface JobChange {
  before: Job | undefined;
  after: Job;
}

/** A 2xx answer to a submission. */
export interface Submission {
  tenant: string;
  jobId: string;
  processId: string;
  /** What the caller sent as Idempotency-Key. */
  key: string;
}

/** An answer to a cancellation. */
export interface Cancellation {
  outcome: 'cancelled' | 'already-terminal';
  job: Job;
}

/** Stands in the query of a subscriber's address, where only the call itself may bear it. */
export const PLANTED_SECRET = 'planted-secret';

/** What stands between the parts of keys and addresses. */
const PARTS = /[/#]/;

/** The state that must be durable before a message is sent. */
const CALLED_FOR_BY = { plan: 'accepted', chunk: 'running', finish: 'finishing' } as const;

/** Everything that the invariants are checked against, as it is seen on the way. */
export class Observation {
  readonly changes: JobChange[] = [];
  readonly submissions: Submission[] = [];
  readonly cancellations: Cancellation[] = [];
  /** Calls of subscribers by the key that their receivers tell repetitions by. */
  readonly posts = new Map<string, number>();
  /** Errors that the process itself raised, by tenant, job, dataset and first unit. */
  readonly failedRuns = new Map<string, number>();
  readonly queue = { sent: 0, deleted: 0, purged: 0, dead: 0 };
  /** Distinct dead letters that were received. */
  readonly deadLetters = new Map<string, { processId: string; body: string }>();
  /** What held or did not of each kind of condition, by its shape. */
  readonly conditions = new Map<string, { accepted: number; rejected: number }>();
  /** What is to be cleaned up. */
  readonly cleanUps = new Set<string>();
  /** Jobs that have not ended. */
  readonly active = new Set<string>();
  /** States that jobs were in, by tenant, job and state. */
  readonly #entered = new Set<string>();
  #writers = new WeakMap<Write, Invocation>();
  /** Who claimed the planning of a job last. */
  readonly #planners = new Map<string, Invocation | undefined>();
  /** Breaches that can be seen in one call. */
  readonly breaches: string[] = [];
  /** How the last invocations ended, latest last. */
  readonly outcomes: ('done' | 'failed' | 'crashed')[] = [];

  /** Takes on all that another has seen. */
  copyFrom(other: Observation): void {
    this.changes.push(...other.changes);
    this.submissions.push(...other.submissions);
    this.cancellations.push(...other.cancellations);
    this.breaches.push(...other.breaches);
    this.outcomes.push(...other.outcomes);
    for (const [key, times] of other.posts) this.posts.set(key, times);
    for (const [job, times] of other.failedRuns) this.failedRuns.set(job, times);
    for (const [messageId, letter] of other.deadLetters) this.deadLetters.set(messageId, letter);
    for (const [shape, seen] of other.conditions) this.conditions.set(shape, { ...seen });
    for (const key of other.cleanUps) this.cleanUps.add(key);
    for (const job of other.active) this.active.add(job);
    for (const entered of other.#entered) this.#entered.add(entered);
    for (const [job, planner] of other.#planners) this.#planners.set(job, planner);
    Object.assign(this.queue, other.queue);
    this.#writers = other.#writers;
  }

  changed(change: JobChange): void {
    const { tenant, jobId, state } = change.after;
    this.changes.push(change);
    this.#entered.add(`${tenant}/${jobId}/${state}`);
    if (isTerminal(state)) this.active.delete(`${tenant}/${jobId}`);
    else this.active.add(`${tenant}/${jobId}`);
  }

  /** S14, S15: what each call must show by itself. */
  call({ name, invocation, parameters }: PortCall): void {
    const { tenant } = invocation;
    if (tenant !== undefined) {
      for (const place of placesOf(parameters)) {
        if (isOf(tenant, place)) continue;
        this.breaches.push(`S14 ${name} for tenant ${tenant} reaches ${place}`);
      }
    }
    for (const write of writesOf(name, parameters)) {
      this.#writers.set(write, invocation);
      if (shapeOf(write.condition) === '') this.breaches.push(`S15 ${name} of ${write.key.sk} has no condition`);
    }
  }

  written(write: Write, { accepted }: Pick<WriteOutcome, 'accepted'>): void {
    if (accepted && write.kind === 'update') this.#planned(write);
    if (accepted && write.key.sk.startsWith(CLEAN_UP_PREFIX)) {
      if (write.kind === 'put') this.cleanUps.add(write.key.sk);
      else this.cleanUps.delete(write.key.sk);
    }
    const shape = shapeOf(write.condition);
    const seen = this.conditions.get(shape) ?? { accepted: 0, rejected: 0 };
    seen[accepted ? 'accepted' : 'rejected']++;
    this.conditions.set(shape, seen);
  }

  /** S6, S14, L3: what each message must show by itself. */
  sent(queueId: string, messages: readonly OutgoingMessage[], attempts: number): void {
    this.queue.sent += messages.length;
    for (const { body, group, delaySeconds } of messages) {
      if (queueId === NOTIFICATION_QUEUE) continue;
      const message = parseMessage(body);
      if (group !== message.tenant) this.breaches.push(`S14 a message of ${message.tenant} is in the group ${group}`);
      const calledFor = CALLED_FOR_BY[message.kind];
      const isCalledFor = this.#entered.has(`${message.tenant}/${message.jobId}/${calledFor}`);
      if (!isCalledFor) this.breaches.push(`S10 a ${message.kind} message was sent before its job was ${calledFor}`);
      if (message.attempt > attempts) this.breaches.push(`S6 attempt ${message.attempt} of ${attempts} was sent`);
      const bound = Math.min(30 * 2 ** Math.max(0, message.attempt - 2), 900);
      if (delaySeconds < 0 || delaySeconds > bound) {
        this.breaches.push(`L3 attempt ${message.attempt} is sent after ${delaySeconds} s; the bound is ${bound} s`);
      }
      if (message.kind !== 'chunk' || message.attempt === 1) continue;
      const failed = this.failedRuns.get(`${message.tenant}/${message.jobId}`) ?? 0;
      if (failed < message.attempt - 1) {
        this.breaches.push(`S6 attempt ${message.attempt} of a chunk was sent after ${failed} failed runs of its job`);
      }
    }
  }

  /** S4: whoever stores a plan is the one who claimed the planning last. */
  #planned(write: UpdateWrite): void {
    const job = `${write.key.pk}/${write.key.sk}`;
    const writer = this.#writers.get(write);
    if (write.set?.['leaseToken'] !== undefined) this.#planners.set(job, writer);
    if (write.set?.['datasets'] === undefined || this.#planners.get(job) === writer) return;
    this.breaches.push(`S4 ${job} was planned by one whom another had taken over from`);
  }

  logged(event: string, fields: Record<string, unknown> | undefined): void {
    if (fields !== undefined && Object.values(fields).some(holdsSecret)) {
      this.breaches.push(`S17 the log line ${event} holds a subscriber's query`);
    }
  }

  failedRun(key: JobKey): void {
    const id = `${key.tenant}/${key.jobId}`;
    this.failedRuns.set(id, (this.failedRuns.get(id) ?? 0) + 1);
  }

  /** S11: a delivery dies only of what a later one may mend. */
  failed(role: string, error: unknown): void {
    if (error instanceof LonghaulError && (error.retryable || error.code.endsWith('-denied'))) return;
    this.breaches.push(`S11 ${role} died of ${String(error)}`);
  }
}

function holdsSecret(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(PLANTED_SECRET);
  return typeof value === 'object' && JSON.stringify(value).includes(PLANTED_SECRET);
}

/** Operators and attributes of a condition; empty for one that holds always. */
function shapeOf(condition: Condition): string {
  switch (condition.operator) {
    case 'all':
    case 'any':
      return condition.conditions
        .map(shapeOf)
        .filter(Boolean)
        .join(condition.operator === 'all' ? ' & ' : ' | ');
    case 'equals':
      return `${condition.attribute} = ${typeof condition.value === 'string' ? 'text' : 'number'}`;
    default:
      return `${condition.operator} ${condition.attribute}`;
  }
}

function writesOf(name: string, parameters: readonly unknown[]): Write[] {
  if (name === 'store.write') return [parameters[0] as Write];
  return name === 'store.transact' ? [...(parameters[0] as Write[])] : [];
}

/** The partition keys and addresses that a call names; what is not there yet, or is an index, names none. */
function placesOf(parameters: readonly unknown[], places: string[] = []): string[] {
  for (const parameter of parameters) {
    if (typeof parameter !== 'object' || parameter === null) continue;
    if (parameter instanceof URL) places.push(parameter.pathname);
    else if (Array.isArray(parameter)) placesOf(parameter, places);
    else if ('key' in parameter) placesOf([parameter.key], places);
    else if ('pk' in parameter) places.push(String(parameter.pk));
  }
  return places;
}

/** True when a part of a key or an address is the tenant's name. */
function isOf(tenant: string, place: string): boolean {
  return place.split(PARTS).includes(tenant);
}
