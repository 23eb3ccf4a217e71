import type { Item, ItemKey } from '../jobs/ports/job-store.ts';

/** One accepted change, with the item before and after it; an item that was removed has no `after`. */
export interface ChangeRecord {
  /** Ascends with each change of the store. */
  sequence: number;
  /** Milliseconds since the epoch. */
  at: number;
  key: ItemKey;
  before: Item | undefined;
  after: Item | undefined;
}

/** Changes that nobody has taken yet, in their order: DynamoDB's stream of new and old images. */
export class ChangeStream {
  #waiting: ChangeRecord[] = [];
  #sequence = 0;

  get length(): number {
    return this.#waiting.length;
  }

  /** Takes on the records of another stream, and its numbering. */
  copyFrom(other: ChangeStream): void {
    this.#waiting = [...other.#waiting];
    this.#sequence = other.#sequence;
  }

  push(change: Omit<ChangeRecord, 'sequence'>): void {
    this.#sequence += 1;
    this.#waiting.push({ ...change, sequence: this.#sequence });
  }

  /** Takes the oldest records, at most `max`: whoever wants a record twice keeps it. */
  take(max = Number.POSITIVE_INFINITY): ChangeRecord[] {
    const taken = this.#waiting.slice(0, max);
    this.#waiting = this.#waiting.slice(taken.length);
    return taken;
  }
}
