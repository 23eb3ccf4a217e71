/** A message as it lies in a queue. */
export interface QueuedMessage {
  /** Given by the queue; a message that is moved to the dead letters has a new one. */
  messageId: string;
  body: string;
  group: string;
  attributes: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; a dead letter keeps the time of the original. */
  sentAt: number;
}

/** A message as it is received. */
export interface ReceivedMessage extends QueuedMessage {
  /** Names this receive: a later receive of the same message has another. */
  receipt: string;
  /** How often it was received, with this time. */
  receiveCount: number;
  firstReceivedAt: number;
}

interface Entry {
  message: QueuedMessage;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  receipt: string | undefined;
}

export interface LaneOptions {
  /** How long a received message is hidden, in milliseconds. */
  visibilityMs: number;
  /** Receives after which a message is moved on instead of being received again; never when absent. */
  maxReceiveCount?: number;
  /** Told of each message that is moved on. */
  onDead?: (message: QueuedMessage, receiveCount: number) => void;
  /** True: the message stays visible although it was received, as at-least-once delivery allows. */
  deliverTwice?: (message: QueuedMessage) => boolean;
}

/** One SQS standard queue in memory: at least once, delay, visibility, receive count, redrive. Time is a parameter. */
export class MemoryLane {
  readonly #options: LaneOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #receipts = new Map<string, string>();
  #receives = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  add(message: QueuedMessage, visibleAt: number): void {
    const entry = { message, visibleAt, receiveCount: 0, firstReceivedAt: undefined, receipt: undefined };
    this.#entries.set(message.messageId, entry);
  }

  /** Takes on all that another lane holds, with its receipts. */
  copyFrom(other: MemoryLane): void {
    for (const [messageId, entry] of other.#entries) this.#entries.set(messageId, { ...entry });
    for (const [receipt, messageId] of other.#receipts) this.#receipts.set(receipt, messageId);
    this.#receives = other.#receives;
  }

  receive(now: number, max: number): ReceivedMessage[] {
    const received: ReceivedMessage[] = [];
    for (const entry of this.#entries.values()) {
      if (received.length >= max) break;
      if (entry.visibleAt > now) continue;
      if (entry.receiveCount >= (this.#options.maxReceiveCount ?? Number.POSITIVE_INFINITY)) {
        this.#forget(entry);
        this.#options.onDead?.(entry.message, entry.receiveCount);
        continue;
      }
      received.push(this.#receiveEntry(entry, now));
    }
    return received;
  }

  /** A receipt of an earlier receive deletes nothing, and says nothing: SQS answers so on a standard queue. */
  delete(receipt: string): void {
    const entry = this.#entries.get(this.#receipts.get(receipt) ?? '');
    if (entry?.receipt === receipt) this.#forget(entry);
  }

  /** Hides a received message for so long from now on; 0 makes it visible at once. */
  changeVisibility(receipt: string, visibleAt: number): void {
    const entry = this.#entries.get(this.#receipts.get(receipt) ?? '');
    if (entry?.receipt === receipt) entry.visibleAt = visibleAt;
  }

  purge(): void {
    this.#entries.clear();
    this.#receipts.clear();
  }

  /** When the next message can be received, perhaps in the past; undefined when there is none. */
  nextVisibleAt(): number | undefined {
    let next: number | undefined;
    for (const { visibleAt } of this.#entries.values()) next = Math.min(next ?? visibleAt, visibleAt);
    return next;
  }

  #receiveEntry(entry: Entry, now: number): ReceivedMessage {
    this.#receives += 1;
    const receipt = `${entry.message.messageId}-${this.#receives}`;
    if (entry.receipt !== undefined) this.#receipts.delete(entry.receipt);
    this.#receipts.set(receipt, entry.message.messageId);
    entry.receipt = receipt;
    entry.receiveCount += 1;
    entry.firstReceivedAt ??= now;
    if (this.#options.deliverTwice?.(entry.message) !== true) entry.visibleAt = now + this.#options.visibilityMs;
    const { receiveCount, firstReceivedAt } = entry;
    return { ...entry.message, receipt, receiveCount, firstReceivedAt };
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.message.messageId);
    if (entry.receipt !== undefined) this.#receipts.delete(entry.receipt);
  }
}
