import { isTerminal, type Job } from '../../../shared/jobs/job.ts';
import { NOTIFICATION_QUEUE } from '../../../shared/jobs/notifications.ts';
import type { ChangeRecord } from '../../../shared/local/change-stream.ts';
import { finalError, retryableError, type NumbersHooks } from '../../helpers/numbers-process.ts';
import { canHappen, FAULTS, type Fault } from '../core/faults.ts';
import type { Invocation, PortCall } from '../core/port-call.ts';
import { seededRandom } from '../core/random.ts';
import { retry, submit } from '../core/scenarios.ts';
import { isInShare, type Share } from '../core/share.ts';
import { checkAll } from '../invariants/invariants.ts';
import type { Totals } from '../core/totals.ts';
import { MINUTE, PROCESS_IDS, SECOND, World } from '../core/world.ts';

/** Longer than this no function runs: Lambda ends it. */
const TIMEOUT = MINUTE;
/** Jobs of one seed: with more, the later ones would only wait. */
const MAX_JOBS = 60;
const TENANTS = ['acme', 'bolt', 'crux', 'dune', 'echo'] as const;
/** Steps of the world after it was healed, before it is said never to come to rest. */
const MAX_STEPS_TO_REST = 200_000;

/** What one seed draws before it begins. */
interface Weather {
  tenants: readonly string[];
  /** Functions of one kind at once. */
  concurrency: number;
  /** Chance of each fault at each call. */
  faults: readonly { fault: Fault; chance: number }[];
  staleness: number;
  /** Chance of a duplicate of each record and message. */
  duplicates: number;
  /** Chances at each step. */
  crash: number;
  purge: number;
  /** Chances at each chunk. */
  retryable: number;
  final: number;
  slow: number;
}

/** A submission that was answered. */
interface Known {
  job: Job;
  key: string;
  inputs: Record<string, unknown>;
  tenant: string;
  processId: string;
}

/** A world in which nobody decides but the seed: who is delivered what, whose call is next, and what goes wrong. */
class RandomWorld {
  readonly world: World;
  readonly #random: () => number;
  readonly #weather: Weather;
  readonly #waiting: { call: PortCall; go: () => void }[] = [];
  readonly #startedAt = new Map<Invocation, number>();
  readonly #underWay = new Set<ChangeRecord>();
  readonly #unexpected: unknown[] = [];
  readonly #jobs: Known[] = [];
  readonly #retries: Job[] = [];
  #nextSweep = 0;
  #healed = false;

  constructor(seed: number, traced: boolean) {
    this.#random = seededRandom(seed);
    this.#weather = this.#draw();
    this.world = new World({
      traced,
      random: this.#random,
      hooks: this.#hooks(),
      stale: () => !this.#healed && this.#chance(this.#weather.staleness),
      decide: (call) => this.#decide(call),
      turn: (call) =>
        new Promise((go) => {
          this.#startedAt.set(call.invocation, this.#startedAt.get(call.invocation) ?? this.world.clock.now());
          this.#waiting.push({ call, go });
        }),
    });
  }

  async run(steps: number): Promise<string[]> {
    for (let step = 0; step < steps; step++) await this.#step();
    this.#healed = true;
    this.world.ports.heal();
    await this.world.ports.land();
    let left = MAX_STEPS_TO_REST;
    while (left > 0 && !this.#isAtRest()) {
      await this.#step();
      left--;
    }
    if (left === 0) return [`L1 not at rest ${MAX_STEPS_TO_REST} steps after the faults stopped`];
    const last = this.world.observation.outcomes.slice(-5);
    return [
      ...this.#unexpected.map((error) => `a caller met ${String(error)}`),
      ...(last.every((how) => how === 'done') ? [] : [`L1 the last invocations ended ${last.join(', ')}`]),
      ...(await this.#publishedText()),
      ...(await checkAll(this.world)),
    ];
  }

  /** What is published is exactly what is counted as done. */
  async #publishedText(): Promise<string[]> {
    const breaches: string[] = [];
    for (const { job } of this.#jobs) {
      const now = await this.world.job(job);
      if (now === undefined || !['succeeded', 'partial'].includes(now.state)) continue;
      for (const [index, { id }] of (now.datasets ?? []).entries()) {
        if (now.datasetStates?.[index] === 'failed') continue;
        const words = (this.world.text(now, id) ?? '').split(' ').filter(Boolean);
        const { done } = now.counts[index]!;
        if (words.length !== done || new Set(words).size !== done) {
          breaches.push(`S8 ${now.jobId} published ${words.length} units of ${id} and counts ${done}`);
        }
      }
    }
    return breaches;
  }

  async #step(): Promise<void> {
    const choices = this.#choices();
    const total = choices.reduce((sum, { weight }) => sum + weight, 0);
    let left = this.#random() * total;
    const chosen = choices.find(({ weight }) => (left -= weight) < 0) ?? choices.at(-1)!;
    chosen.act();
    // Everything that the choice set free runs until it waits for its next turn.
    await new Promise((resolve) => setImmediate(resolve));
  }

  #choices(): { weight: number; act: () => void }[] {
    const { world } = this;
    const choices = [{ weight: this.#waiting.length === 0 ? 4 : 0.4, act: () => this.#passTime() }];
    if (this.#waiting.length > 0) choices.push({ weight: 12, act: () => this.#resume() });
    const isFree = (role: string): boolean =>
      [...world.running].filter((invocation) => invocation.role === role).length < this.#weather.concurrency;
    if (world.records.length > this.#underWay.size && isFree('stream')) {
      choices.push({ weight: 3, act: () => this.#follow() });
    }
    if (isFree('worker')) choices.push({ weight: 3, act: () => this.#work() });
    if (isFree('dead-letters')) choices.push({ weight: 1, act: () => this.#bury() });
    if (isFree('notifications')) choices.push({ weight: 1, act: () => this.#tell() });
    if (world.clock.now() >= this.#nextSweep) choices.push({ weight: 2, act: () => this.#sweep() });
    if (this.#healed) return choices;
    if (this.#jobs.length + this.#retries.length < MAX_JOBS && isFree('api'))
      choices.push({ weight: 0.15, act: () => this.#ask() });
    if (world.running.size > 0) choices.push({ weight: this.#weather.crash, act: () => this.#crash() });
    choices.push({ weight: this.#weather.purge, act: () => void world.purge(this.#pick(PROCESS_IDS)) });
    choices.push({ weight: 0.1, act: () => void world.ports.land() });
    return choices;
  }

  #resume(): void {
    const [next] = this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1);
    next?.go();
  }

  #passTime(): void {
    const { clock, queue, running } = this.world;
    const next = queue.nextVisibleAt() ?? Infinity;
    const jump = this.#chance(0.3) && this.#waiting.length === 0 ? next - clock.now() : this.#random() * 5 * SECOND;
    clock.advance(Math.max(1, Math.ceil(Math.min(jump, MINUTE))));
    for (const invocation of running) {
      if (clock.now() - (this.#startedAt.get(invocation) ?? clock.now()) > TIMEOUT) this.#kill(invocation);
    }
  }

  #crash(): void {
    this.#kill(this.#pick([...this.world.running]));
  }

  #kill(invocation: Invocation): void {
    this.world.note(`${invocation.role}#${invocation.number}`, 'killed', '');
    invocation.die();
    const left = this.#waiting.filter(({ call }) => call.invocation !== invocation);
    this.#waiting.splice(0, this.#waiting.length, ...left);
  }

  /** The stream keeps the order of one row: its next record waits until the one before was handled. */
  #follow(): void {
    const busy = new Set([...this.#underWay].map(({ key }) => key.sk));
    const firsts = new Map<string, ChangeRecord>();
    for (const record of this.world.records) {
      if (!busy.has(record.key.sk) && !firsts.has(record.key.sk)) firsts.set(record.key.sk, record);
    }
    if (firsts.size === 0) return;
    const record = this.#pick([...firsts.values()]);
    this.#underWay.add(record);
    const times = !this.#healed && this.#chance(this.#weather.duplicates) ? 'again' : 'once';
    void this.world.follow(record, times).finally(() => this.#underWay.delete(record));
  }

  #work(): void {
    const id = this.#pick(PROCESS_IDS);
    const { queue } = this.world;
    for (const message of queue.receive(id, 1)) {
      // The queue hides it as long as a function may run; a duplicate is one that it forgot to hide.
      if (!this.#healed && this.#chance(this.#weather.duplicates)) queue.release(message.receipt);
      void this.world.work(id, message);
    }
  }

  #bury(): void {
    const id = this.#pick([...PROCESS_IDS, NOTIFICATION_QUEUE]);
    for (const message of this.world.queue.receiveDeadLetters(id, 1)) void this.world.bury(id, message);
  }

  #tell(): void {
    for (const message of this.world.queue.receive(NOTIFICATION_QUEUE, 1)) void this.world.tell(message);
  }

  #sweep(): void {
    this.#nextSweep = this.world.clock.now() + MINUTE;
    void this.world.sweep();
    if (this.#chance(0.2)) void this.world.sweep();
  }

  /** A caller submits a job, submits one again, cancels one, or retries one. */
  #ask(): void {
    const known = this.#jobs.length === 0 ? undefined : this.#pick(this.#jobs);
    const wish = this.#random();
    if (known === undefined || wish < 0.6) this.#caller(this.#submitNew());
    else if (wish < 0.7) this.#caller(this.#submitAgain(known));
    else if (wish < 0.85) this.#caller(this.world.cancel(known.job));
    else this.#caller(this.#retry(known));
  }

  #caller(request: Promise<unknown>): void {
    request.catch((error: unknown) => this.#unexpected.push(error));
  }

  async #submitNew(): Promise<void> {
    const tenant = this.#pick(this.#weather.tenants);
    const processId = this.#pick(PROCESS_IDS);
    const key = `key-${Math.floor(this.#random() * 1e9)}`;
    const names = ['a', 'b', 'c'].slice(0, 1 + Math.floor(this.#random() * 3));
    const datasets = names.map((id) => ({ id: `${id}-${tenant}`, units: Math.floor(this.#random() * 12) + 1 }));
    const unlucky = this.#chance(0.3) ? [Math.floor(this.#random() * 6)] : [];
    const empty = this.#chance(0.3) ? [Math.floor(this.#random() * 6)] : [];
    const inputs = { datasets, chunkUnits: 1 + Math.floor(this.#random() * 4), failing: unlucky, empty };
    const job = await submit(this.world, inputs, { tenant, processId, key });
    this.#jobs.push({ job, key, inputs, tenant, processId });
  }

  async #submitAgain({ inputs, tenant, processId, key }: Known): Promise<void> {
    await submit(this.world, inputs, { tenant, processId, key });
  }

  async #retry(of: Known): Promise<void> {
    const now = await this.world.job(of.job);
    const key = `retry-${Math.floor(this.#random() * 1e9)}`;
    if (now === undefined || !isTerminal(now.state) || now.state === 'succeeded') return;
    this.#retries.push(await retry(this.world, now, key));
  }

  #isAtRest(): boolean {
    const { world } = this;
    return this.#waiting.length === 0 && world.running.size === 0 && this.#underWay.size === 0 && world.isAtRest();
  }

  #decide(call: PortCall): Fault | undefined {
    if (this.#healed) return undefined;
    const drawn = this.#random();
    let sum = 0;
    for (const { fault, chance } of this.#weather.faults) {
      sum += chance;
      if (drawn < sum) return canHappen(fault, call) ? fault : undefined;
    }
    return undefined;
  }

  #hooks(): NumbersHooks {
    return {
      attempts: 3,
      beforeChunk: async (_, signal) => {
        if (this.#healed) return;
        const { retryable, final, slow } = this.#weather;
        if (this.#chance(slow)) await this.world.clock.sleep(5 * SECOND, signal);
        if (this.#chance(retryable)) throw retryableError();
        if (this.#chance(final)) throw finalError();
      },
    };
  }

  #draw(): Weather {
    const upTo = (most: number): number => (this.#chance(0.3) ? 0 : this.#random() * most);
    return {
      tenants: TENANTS.slice(0, 1 + Math.floor(this.#random() * TENANTS.length)),
      concurrency: 1 + Math.floor(this.#random() * 5),
      faults: FAULTS.map((fault) => ({
        fault,
        chance: upTo(fault === 'throttle-always' ? 0.0005 : fault === 'terminal' ? 0.002 : 0.01),
      })),
      staleness: upTo(0.3),
      duplicates: upTo(0.2),
      crash: upTo(0.15),
      purge: upTo(0.01),
      retryable: upTo(0.2),
      final: upTo(0.05),
      slow: upTo(0.2),
    };
  }

  #chance(chance: number): boolean {
    return this.#random() < chance;
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)]!;
  }
}

/** Runs one seed to its rest. @returns its world, and every breach */
export async function runSeed(
  seed: number,
  options: { steps: number; traced?: boolean },
): Promise<{ world: World; breaches: string[] }> {
  const random = new RandomWorld(seed, options.traced ?? false);
  const breaches = await random.run(options.steps);
  return { world: random.world, breaches };
}

export interface RandomOptions {
  /** 1 by default. */
  firstSeed?: number;
  seeds: number;
  steps: number;
  share?: Share;
}

/** Runs seeds one after the other. */
export async function runRandom(totals: Totals, { firstSeed = 1, seeds, steps, share }: RandomOptions): Promise<void> {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    if (share !== undefined && !isInShare(seed - firstSeed, share)) continue;
    const { world, breaches } = await runSeed(seed, { steps });
    totals.count(`random/${seed}`, world, breaches);
  }
}
