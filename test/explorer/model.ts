import type { cancelJob } from '../../shared/jobs/cancel-job.ts';
import { isTerminal, type JobState } from '../../shared/jobs/job.ts';
import { shardPartition } from '../../shared/jobs/items/keys.ts';
import { shardOfSortKey } from '../../shared/jobs/items/shard-item.ts';
import { parseMessage, type JobMessage } from '../../shared/jobs/messages.ts';
import type { Call, QueueCall, StoreCall } from './calls.ts';
import { canonical, Interner, isEffect } from './calls.ts';
import { checkState, type Broken, type Invariant } from './checks.ts';
import { describeCall } from './describe-call.ts';
import type { Tamper } from './invocation.ts';
import { Programs, type Point } from './programs.ts';
import { JOB, SMALL_PROCESS, TRUTH } from './small-job.ts';
import { Storage } from './storage.ts';
import { isFull, isShard, rowOf, stateOf } from './time-classes.ts';
import { plus, type World } from './world.ts';

/** A message as it waits: after a delivery that was not acknowledged, its receive count is above 1. */
export interface Message {
  body: string;
  kind: JobMessage['kind'];
  redelivered: boolean;
}

/** A world, and what was broken on the way to it. */
export interface Step {
  world: World;
  broken: readonly Broken[];
}

/** Who makes the next call: one of the workers by its position, the consumer of the stream, or the sweeper. */
export type Place = number | 'consumer' | 'sweeper';

interface Effect {
  answer: number;
  /** Number of the table or of the objects afterwards. */
  after: number;
  records: readonly number[];
  broken: readonly Broken[];
}

interface TableFacts {
  state: JobState;
  isOver: boolean;
  isDue: boolean;
  fullShards: ReadonlySet<number>;
  leaseToken: unknown;
}

const OVER: readonly JobState[] = ['succeeded', 'partial', 'failed', 'cancelled'];

/** States in which a message of a kind has nothing to do any more. */
const LATER_THAN: Record<JobMessage['kind'], readonly JobState[]> = {
  plan: ['running', 'finishing', ...OVER],
  chunk: ['finishing', ...OVER],
  finish: OVER,
};

/** A worker whose message is out of date makes fewer calls than this. */
const LAST_CALLS = 5;

/** More tables, objects or calls than any exploration meets: makes one number of two. */
const STRIDE = 2 ** 24;

/** What the calls of the handlers do to a world. Everything is looked up that was worked out once. */
export class Model {
  readonly storage = new Storage();
  readonly programs: Programs;
  readonly #messages = new Interner<Message>();
  readonly #tableEffects = new Map<number, Effect>();
  readonly #objectEffects = new Map<number, Effect>();
  readonly #checks = new Map<number, readonly Invariant[]>();
  readonly #received = new Map<string, number>();
  readonly #consumers: Point[] = [];
  #sweeper: Point | undefined;
  #canceller: Point | undefined;
  readonly #past = new Map<number, boolean>();
  readonly #facts: TableFacts[] = [];
  readonly #sent: number;
  readonly #unavailable: number;
  readonly #depths: number[] = [];
  readonly #tokens: string[] = [];
  readonly #reads: Reads[] = [];

  constructor(tamper: Tamper) {
    this.programs = new Programs(SMALL_PROCESS, tamper);
    this.#sent = this.programs.answers.number({ value: [] });
    this.#unavailable = this.programs.answers.number('unavailable');
  }

  message(number: number): Message {
    return this.#messages.value(number);
  }

  messageOf(body: string, redelivered: boolean): number {
    const key = `${redelivered} ${body}`;
    return (
      this.#messages.numberOf(key) ?? this.#messages.number({ body, redelivered, kind: parseMessage(body).kind }, key)
    );
  }

  /** Point at which someone stands who is at work. */
  pointAt(world: World, place: Place): Point {
    if (place === 'consumer') return this.programs.point(world.consumer);
    if (place === 'sweeper') return this.programs.point(world.sweeper);
    return this.programs.point(world.workers[place]!);
  }

  facts(table: number): TableFacts {
    return (this.#facts[table] ??= factsOf(this.storage.tables.value(table)));
  }

  check({ table, objects }: World): readonly Invariant[] {
    const key = table * STRIDE + objects;
    let broken = this.#checks.get(key);
    if (broken === undefined) {
      const texts = [...this.storage.objects.value(objects)].map(
        ([url, { bytes }]) => [url, new TextDecoder().decode(bytes)] as const,
      );
      broken = checkState(this.storage.tables.value(table), new Map(texts));
      this.#checks.set(key, broken);
    }
    return broken;
  }

  /** Starts a worker on a message, which is with it from now on; its first call is still to be made. */
  async receive(world: World, message: number): Promise<World> {
    const { body, kind, redelivered } = this.message(message);
    const leaseToken = kind === 'plan' ? this.#freshToken(world) : 'none';
    const key = `${message} ${leaseToken}`;
    let point = this.#received.get(key);
    if (point === undefined) {
      const receiveCount = redelivered ? 2 : 1;
      point = (await this.programs.start({ actor: 'worker', body, receiveCount, leaseToken })).number;
      this.#received.set(key, point);
    }
    return { ...world, workers: [...world.workers, point] };
  }

  /** Makes the next call of someone; what it is answered may be replaced by an error that says nothing. */
  async call(world: World, place: Place, unavailable = false): Promise<Step> {
    const point = this.pointAt(world, place);
    if (unavailable) {
      return { world: moved(world, place, (await this.programs.advance(point, this.#unavailable)).number), broken: [] };
    }
    const { answer, world: after, broken } = await this.apply(world, point.waitsFor!);
    return { world: moved(after, place, (await this.programs.advance(point, answer)).number), broken };
  }

  /** The user cancels: the answer that is given must be what is stored. */
  async cancel(world: World): Promise<Step> {
    const start = (this.#canceller ??= await this.programs.start({ actor: 'canceller', key: JOB }));
    const { answer, world: after, broken } = await this.apply(world, start.waitsFor!);
    const { progress } = await this.programs.advance(start, answer);
    const told = 'returned' in progress ? (progress.returned as Awaited<ReturnType<typeof cancelJob>>) : undefined;
    const isTrue =
      told?.outcome === 'cancelled' && told.job.state === 'cancelled' && this.stateOf(after) === 'cancelled';
    return { world: after, broken: isTrue ? broken : [...broken, { invariant: 'cancel-answers-what-is-stored' }] };
  }

  stateOf({ table }: World): JobState {
    return this.facts(table).state;
  }

  /** True for the write by which a sweeper takes a look upon itself: it lands before the next one, or never. */
  isSweepersClaim(number: number): boolean {
    const call = this.programs.calls.value(number);
    if (call.operation !== 'write' || call.parameters[0].kind !== 'update') return false;
    const { set = {} } = call.parameters[0];
    return set['dueAt'] !== undefined && set['state'] === undefined;
  }

  /** What a call does, whoever makes it and whenever. */
  async apply(world: World, number: number): Promise<Step & { answer: number }> {
    const call = this.programs.calls.value(number);
    if (call.port === 'queue') return this.#applyToQueue(world, call, number);
    if (call.port === 'objects') {
      const key = world.objects * STRIDE + number;
      let effect = this.#objectEffects.get(key);
      if (effect === undefined) {
        const { answer, objects, broken } = await this.storage.applyToObjects(world.objects, call);
        effect = {
          answer: this.programs.answers.number(answer),
          after: objects,
          records: [],
          broken: by(number, broken),
        };
        this.#objectEffects.set(key, effect);
      }
      return { answer: effect.answer, world: { ...world, objects: effect.after }, broken: effect.broken };
    }
    const { answer, after, records, broken } = await this.#tableEffect(world.table, number, call);
    const stream = records.length === 0 ? world.stream : [...world.stream, ...records];
    return { answer, world: { ...world, table: after, stream }, broken };
  }

  /**
   * True for a call that may be answered at once, because its answer is the same whenever it is: what it reads can
   * change no more, or its effect can be told by nobody. See the reasons at the top of `explore.ts`.
   */
  isSettled(world: World, number: number): boolean {
    const { isOver, fullShards } = this.facts(world.table);
    const reads = (this.#reads[number] ??= whatIsRead(this.programs.calls.value(number)));
    if (isOver || reads === 'nothing-that-changes') return true;
    if (reads === 'what-changes') return false;
    return reads === 'all-shards' ? fullShards.size === TRUTH.length : fullShards.has(reads);
  }

  describe(call: number): string {
    return describeCall(this.programs.calls.value(call));
  }

  isEffect(number: number): boolean {
    return isEffect(this.programs.calls.value(number));
  }

  writesObject(number: number): boolean {
    return ['putIfAbsent', 'upload'].includes(this.programs.calls.value(number).operation);
  }

  /**
   * True for a message whose time is over: its state never comes back, and a worker that took it now would change
   * nothing. That it would not is tried, not believed.
   */
  async isPast(world: World, message: number): Promise<boolean> {
    if (!LATER_THAN[this.message(message).kind].includes(this.stateOf(world))) return false;
    const key = world.table * STRIDE + message;
    let isPast = this.#past.get(key);
    if (isPast === undefined) {
      let alone = await this.receive({ ...world, queue: [], stream: [], workers: [], late: [] }, message);
      for (let calls = 0; calls < LAST_CALLS && this.pointAt(alone, 0).waitsFor !== undefined; calls++) {
        alone = (await this.call(alone, 0)).world;
      }
      const hasEnded = 'returned' in this.pointAt(alone, 0).progress;
      isPast = hasEnded && alone.table === world.table && alone.objects === world.objects && alone.queue.length === 0;
      this.#past.set(key, isPast);
    }
    return isPast;
  }

  /** True for a call that would change nothing if it landed now, and will not later: its time is over. */
  async isInVain(world: World, number: number): Promise<boolean> {
    const call = this.programs.calls.value(number);
    if (call.operation === 'send') {
      const { world: after } = await this.apply({ ...world, queue: [] }, number);
      for (const message of after.queue) if (!(await this.isPast(world, message))) return false;
      return true;
    }
    if (call.operation !== 'write' || call.parameters[0].kind !== 'update') return false;
    const { set = {}, add = {} } = call.parameters[0];
    const settles = add['settled'] !== undefined || add['settledShards'] !== undefined;
    const plans = set['leaseToken'] !== undefined || set['datasets'] !== undefined;
    if (!settles && !(plans && LATER_THAN.plan.includes(this.stateOf(world)))) return false;
    return (await this.apply(world, number)).world.table === world.table;
  }

  /** Keeps only records that call for something: the others are handled without a trace, whenever that is. */
  async withoutSilentRecords(records: readonly number[]): Promise<number[]> {
    const kept: number[] = [];
    for (const record of records) if ((await this.consumerOf(record)).waitsFor !== undefined) kept.push(record);
    return kept;
  }

  async sweeper(): Promise<Point> {
    return (this.#sweeper ??= await this.programs.start({ actor: 'sweeper' }));
  }

  async consumerOf(record: number): Promise<Point> {
    return (this.#consumers[record] ??= await this.programs.start({
      actor: 'consumer',
      record: this.storage.records.value(record),
    }));
  }

  async #tableEffect(table: number, number: number, call: StoreCall): Promise<Effect> {
    const key = table * STRIDE + number;
    const known = this.#tableEffects.get(key);
    if (known !== undefined) return known;
    const { answer, table: after, records, broken } = await this.storage.applyToTable(table, call);
    const effect = {
      answer: this.programs.answers.number(answer),
      after,
      records: await this.withoutSilentRecords(records),
      broken: by(number, broken),
    };
    this.#tableEffects.set(key, effect);
    return effect;
  }

  #applyToQueue(world: World, call: QueueCall, number: number): Step & { answer: number } {
    switch (call.operation) {
      case 'send': {
        const sent = call.parameters[1].map(({ body }) => this.messageOf(body, false));
        return { answer: this.#sent, world: { ...world, queue: plus(world.queue, ...sent) }, broken: [] };
      }
      case 'depth': {
        // What is with a worker counts: it is in flight.
        const depth = world.queue.length + world.workers.length;
        return { answer: (this.#depths[depth] ??= this.programs.answers.number({ value: depth })), world, broken: [] };
      }
      case 'sendToDeadLetters':
        return {
          answer: this.programs.answers.number({ value: undefined }),
          world,
          broken: by(number, ['nothing-given-up']),
        };
    }
  }

  /** The first name of a lease that nobody knows: neither the row, nor a worker, nor a write that may still land. */
  #freshToken(world: World): string {
    const known = new Set<unknown>([this.facts(world.table).leaseToken]);
    for (const point of world.workers) {
      const { input } = this.programs.point(point);
      if (input.actor === 'worker') known.add(input.leaseToken);
    }
    for (const call of world.late) known.add(this.#tokenOf(call));
    for (let number = 1; ; number++) if (!known.has(`lease-${number}`)) return `lease-${number}`;
  }

  #tokenOf(call: number): string {
    return (this.#tokens[call] ??= /lease-\d+/.exec(canonical(this.programs.calls.value(call)))?.[0] ?? 'none');
  }
}

const SHARDS = shardPartition(JOB);

function factsOf(table: readonly Parameters<typeof isFull>[0][]): TableFacts {
  const row = rowOf(table);
  const full = table.filter((entry) => isShard(entry) && isFull(entry));
  return {
    state: stateOf(row),
    isOver: isTerminal(stateOf(row)),
    isDue: Number(row['dueAt'] ?? Infinity) <= Number(row['createdAt']),
    fullShards: new Set(full.map(({ key }) => shardOfSortKey(key.sk))),
    leaseToken: row['leaseToken'],
  };
}

/** What the answer of a call depends on: a shard by its number. */
type Reads = 'nothing-that-changes' | 'what-changes' | 'all-shards' | number;

function whatIsRead(call: Call): Reads {
  if (call.port === 'objects' || call.operation === 'listDue' || call.operation === 'depth')
    return 'nothing-that-changes';
  if (call.operation === 'list') return call.parameters[0].pk === SHARDS ? 'all-shards' : 'what-changes';
  if (call.operation !== 'read') return 'what-changes';
  const [{ pk, sk }, options] = call.parameters;
  if (pk === SHARDS) return shardOfSortKey(sk);
  return options?.consistent === true ? 'what-changes' : 'nothing-that-changes';
}

const by = (call: number, broken: readonly Invariant[]): Broken[] => broken.map((invariant) => ({ invariant, call }));

/** The world in which someone stands at another point. */
function moved(world: World, place: Place, point: number): World {
  if (typeof place === 'string') return { ...world, [place]: point };
  return { ...world, workers: world.workers.map((other, index) => (index === place ? point : other)) };
}
