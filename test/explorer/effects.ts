import { parseMessage, type JobMessage } from '../../shared/jobs/messages.ts';
import { Interner, type Call, type ObjectCall, type QueueCall, type StoreCall } from './calls.ts';
import type { Broken, Invariant } from './checks.ts';
import { factsOf, type TableFacts } from './facts.ts';
import { knowing, NotYetKnown } from './knowledge.ts';
import type { Point, Programs } from './programs.ts';
import { Storage } from './storage.ts';
import { grownOld } from './time-classes.ts';
import { plus, type World } from './world.ts';

/** A message as it waits: after a delivery that was not acknowledged, its receive count is above 1. */
export interface Message {
  body: string;
  kind: JobMessage['kind'];
  redelivered: boolean;
}

/** What a call gives, by the number of the answer, and what it makes of the world. */
export interface Applied {
  answer: number;
  world: World;
  broken: readonly Broken[];
}

interface Effect {
  answer: number;
  /** Number of the table or of the objects afterwards. */
  after: number;
  records: readonly number[];
  broken: readonly Broken[];
}

/** More tables, objects or calls than any exploration meets: makes one number of two. */
const STRIDE = 2 ** 24;

/** What calls do to a world, whoever makes them and whenever: looked up when it was worked out before. */
export class Effects {
  readonly storage = new Storage();
  readonly #programs: Programs;
  readonly #messages = new Interner<Message>();
  readonly #onTable = new Map<number, Effect>();
  readonly #onObjects = new Map<number, Effect>();
  readonly #facts: TableFacts[] = [];
  readonly #afterPause: number[] = [];
  readonly #consumers: Point[] = [];
  readonly #depths: number[] = [];
  readonly #sent: number;

  constructor(programs: Programs) {
    this.#programs = programs;
    this.#sent = programs.answers.number({ value: [] });
  }

  facts(table: number): TableFacts {
    return (this.#facts[table] ??= factsOf(this.storage.tables.value(table)));
  }

  message(number: number): Message {
    return this.#messages.value(number);
  }

  messageOf(body: string, redelivered: boolean): number {
    const key = `${redelivered} ${body}`;
    const known = this.#messages.numberOf(key);
    return known ?? this.#messages.number({ body, redelivered, kind: parseMessage(body).kind }, key);
  }

  apply(world: World, number: number): Applied {
    const call = this.#programs.calls.value(number);
    if (call.port === 'queue') return this.#applyToQueue(world, call, number);
    if (call.port === 'objects') {
      const key = world.objects * STRIDE + number;
      const effect = this.#onObjects.get(key);
      if (effect === undefined) throw new NotYetKnown(() => this.#learnOnObjects(key, world.objects, call, number));
      return { answer: effect.answer, world: { ...world, objects: effect.after }, broken: effect.broken };
    }
    const key = world.table * STRIDE + number;
    const effect = this.#onTable.get(key);
    if (effect === undefined) throw new NotYetKnown(() => this.#learnOnTable(key, world.table, call, number));
    const { answer, after, records, broken } = effect;
    const stream = records.length === 0 ? world.stream : [...world.stream, ...records];
    return { answer, world: { ...world, table: after, stream }, broken };
  }

  /** The table after a time in which nobody gave a sign. */
  tableAfterPause(table: number, atDeadline: boolean): number {
    const key = table * 2 + Number(atDeadline);
    return (this.#afterPause[key] ??= this.storage.number(grownOld(this.storage.tables.value(table), atDeadline)));
  }

  /** The beginning of the handling of a record of the stream. */
  consumerOf(record: number): Point {
    const input = { actor: 'consumer', record: this.storage.records.value(record) } as const;
    return (this.#consumers[record] ??= this.#programs.start(input));
  }

  /** Keeps only records that call for something: the others are handled without a trace, whenever that is. */
  withoutSilent(records: readonly number[]): number[] {
    return records.filter((record) => this.consumerOf(record).waitsFor !== undefined);
  }

  #applyToQueue(world: World, call: QueueCall, number: number): Applied {
    switch (call.operation) {
      case 'send': {
        const sent = call.parameters[1].map(({ body }) => this.messageOf(body, false));
        return { answer: this.#sent, world: { ...world, queue: plus(world.queue, ...sent) }, broken: [] };
      }
      case 'depth': {
        // What is with a worker counts: it is in flight.
        const depth = world.queue.length + world.workers.length;
        return { answer: (this.#depths[depth] ??= this.#programs.answers.number({ value: depth })), world, broken: [] };
      }
      case 'sendToDeadLetters': {
        const answer = this.#programs.answers.number({ value: undefined });
        return { answer, world, broken: by(number, ['nothing-given-up']) };
      }
    }
  }

  async #learnOnTable(key: number, table: number, call: StoreCall, number: number): Promise<void> {
    const { answer, table: after, records, broken } = await this.storage.applyToTable(table, call);
    this.#onTable.set(key, {
      answer: this.#programs.answers.number(answer),
      after,
      records: await knowing(() => this.withoutSilent(records)),
      broken: by(number, broken),
    });
  }

  async #learnOnObjects(key: number, objects: number, call: ObjectCall, number: number): Promise<void> {
    const { answer, objects: after, broken } = await this.storage.applyToObjects(objects, call);
    const effect = { answer: this.#programs.answers.number(answer), after, records: [], broken: by(number, broken) };
    this.#onObjects.set(key, effect);
  }
}

const by = (call: number, broken: readonly Invariant[]): Broken[] => broken.map((invariant) => ({ invariant, call }));

/** True when a call can change the table or the queue. */
export function isEffect(call: Call): boolean {
  return ['write', 'transact', 'send', 'sendToDeadLetters'].includes(call.operation);
}
