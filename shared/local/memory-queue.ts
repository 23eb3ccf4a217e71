import type { Clock } from '../jobs/ports/clock.ts';
import type { DeadLetterReason, OutgoingMessage, Queue } from '../jobs/ports/queue.ts';
import { checkBody, checkMessages } from '../adapters/check-messages.ts';
import { deadLetterAttributes } from '../adapters/dead-letter-attributes.ts';
import { queueUnknown } from '../adapters/errors.ts';
import type { QueuedMessage, ReceivedMessage } from './memory-lane.ts';
import { MemoryLane } from './memory-lane.ts';

/** Group of a message that was put on a dead-letter queue by us. */
const DEAD_LETTER_GROUP = 'dead-letters';

export interface MemoryQueueOptions {
  clock: Clock;
  /** Processes that have a queue; others are unknown. */
  processIds: readonly string[];
  /** How long a received message is hidden, in milliseconds: more than a worker may run. */
  visibilityMs: number;
  /** Receives after which a message goes to the dead letters. */
  maxReceiveCount: number;
  /** Asked at each receive of a message of a process; see `LaneOptions`. */
  deliverTwice?: (message: QueuedMessage) => boolean;
}

interface Lanes {
  messages: MemoryLane;
  deadLetters: MemoryLane;
}

/**
 * A queue and a dead-letter queue for each process in memory, with the semantics of SQS standard queues.
 * Nothing happens by itself: whoever drives it receives, and moves the clock.
 */
export class MemoryQueue implements Queue {
  readonly #clock: Clock;
  readonly #lanes: ReadonlyMap<string, Lanes>;
  readonly #all: readonly MemoryLane[];
  #messages = 0;

  constructor(options: MemoryQueueOptions) {
    this.#clock = options.clock;
    this.#lanes = new Map(options.processIds.map((id) => [id, this.#createLanes(options)]));
    this.#all = [...this.#lanes.values()].flatMap(({ messages, deadLetters }) => [messages, deadLetters]);
  }

  async send(processId: string, messages: readonly OutgoingMessage[]): Promise<number[]> {
    checkMessages(messages);
    const lane = this.#lane(processId).messages;
    const now = this.#clock.now();
    for (const { body, group, delaySeconds } of messages) {
      lane.add({ messageId: this.#nextId(), body, group, attributes: {}, sentAt: now }, now + delaySeconds * 1000);
    }
    return [];
  }

  async sendToDeadLetters(processId: string, body: string, reason: DeadLetterReason): Promise<void> {
    checkBody(body);
    const now = this.#clock.now();
    const attributes = deadLetterAttributes(body, reason);
    const message = { messageId: this.#nextId(), body, group: DEAD_LETTER_GROUP, attributes, sentAt: now };
    this.#lane(processId).deadLetters.add(message, now);
  }

  async depth(processId: string): Promise<number> {
    return this.#lane(processId).messages.size;
  }

  /** Takes on all that the queues of another hold, which has the same processes. */
  copyFrom(other: MemoryQueue): void {
    for (const [processId, { messages, deadLetters }] of other.#lanes) {
      const own = this.#lane(processId);
      own.messages.copyFrom(messages);
      own.deadLetters.copyFrom(deadLetters);
    }
    this.#messages = other.#messages;
  }

  /** Messages in all queues and dead-letter queues, whatever their visibility. */
  get size(): number {
    return this.#all.reduce((sum, lane) => sum + lane.size, 0);
  }

  /** At most `max` visible messages; each is hidden until its visibility ends or it is deleted. */
  receive(processId: string, max: number): ReceivedMessage[] {
    return this.#lane(processId).messages.receive(this.#clock.now(), max);
  }

  receiveDeadLetters(processId: string, max: number): ReceivedMessage[] {
    return this.#lane(processId).deadLetters.receive(this.#clock.now(), max);
  }

  /** Deletes what was received; one that has been received again since stays. */
  delete(receipt: string): void {
    for (const lane of this.#all) lane.delete(receipt);
  }

  /** Makes a received message visible again after so long, 0 at once. */
  release(receipt: string, delayMs = 0): void {
    for (const lane of this.#all) lane.changeVisibility(receipt, this.#clock.now() + delayMs);
  }

  /** Loses every message of a process, as an operator's purge does; dead letters stay. */
  purge(processId: string): void {
    this.#lane(processId).messages.purge();
  }

  /** When the next message of any queue can be received: where a simulation moves its clock to. */
  nextVisibleAt(): number | undefined {
    const next = Math.min(...this.#all.map((lane) => lane.nextVisibleAt() ?? Infinity));
    return next === Infinity ? undefined : next;
  }

  #createLanes({ visibilityMs, maxReceiveCount, deliverTwice }: MemoryQueueOptions): Lanes {
    const deadLetters = new MemoryLane({ visibilityMs });
    const onDead = (message: QueuedMessage): void => {
      // A redriven message is a new one, but for the time at which it was first sent.
      deadLetters.add({ ...message, messageId: this.#nextId() }, this.#clock.now());
    };
    const options = { visibilityMs, maxReceiveCount, onDead, ...(deliverTwice && { deliverTwice }) };
    return { messages: new MemoryLane(options), deadLetters };
  }

  #lane(processId: string): Lanes {
    const lanes = this.#lanes.get(processId);
    if (lanes === undefined) throw queueUnknown(processId);
    return lanes;
  }

  #nextId(): string {
    this.#messages += 1;
    return `message-${this.#messages}`;
  }
}
