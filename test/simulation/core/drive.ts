import type { ChangeRecord } from '../../../shared/local/change-stream.ts';
import type { ReceivedMessage } from '../../../shared/local/memory-lane.ts';
import { NOTIFICATION_QUEUE } from '../../../shared/jobs/notifications.ts';
import type { Context } from './contexts.ts';
import { SECOND, type World } from './world.ts';

/** Drives a world one step after the other, with nothing left to chance. */
export class Drive {
  readonly #world: World;
  readonly #context: Context;
  readonly #seen: Set<string> = new Set<string>();
  /** A record that failed is delivered again, but not in the same instant. */
  #followAgainAt = 0;

  /** @param from what drives the world that this one branched off from */
  constructor(world: World, context: Context, from?: Drive) {
    this.#world = world;
    this.#context = context;
    if (from !== undefined) {
      this.#seen = new Set(from.#seen);
      this.#followAgainAt = from.#followAgainAt;
    }
    world.stepMeanwhile = () => this.step();
  }

  /** The stream, then one message, then one dead letter, then one notification. False when nothing was there. */
  async step(): Promise<boolean> {
    const { queue, processIds } = this.#world;
    if (await this.#follow()) return true;
    for (const id of processIds) {
      const received = queue.receive(id, this.#context === 'reordered' ? 2 : 1);
      for (const message of received.reverse()) await this.#work(id, message);
      if (received.length > 0) return true;
    }
    for (const id of [...processIds, NOTIFICATION_QUEUE]) {
      for (const message of queue.receiveDeadLetters(id, 1)) {
        await this.#world.bury(id, message);
        return true;
      }
    }
    for (const message of queue.receive(NOTIFICATION_QUEUE, 1)) {
      await this.#world.tell(message);
      return true;
    }
    return false;
  }

  async rest(): Promise<void> {
    const until = this.#world.restsUntil();
    while (await this.comeToRest(until));
  }

  /** Lets time pass when there is nothing to do; see `World.comeToRest`. */
  async comeToRest(until: number): Promise<boolean> {
    return this.#world.comeToRest(() => this.step(), until);
  }

  async #follow(): Promise<boolean> {
    const world = this.#world;
    const [first, second] = world.records;
    if (first === undefined || world.clock.now() < this.#followAgainAt) return false;
    if (!(await this.#followBatch(first, second))) this.#followAgainAt = world.clock.now() + SECOND;
    return true;
  }

  /** @returns whether the first record was handled */
  async #followBatch(first: ChangeRecord, second: ChangeRecord | undefined): Promise<boolean> {
    const world = this.#world;
    switch (this.#context) {
      case 'once':
        return world.follow(first);
      case 'redelivered':
        await world.follow(first, 'again');
        await world.follow(first, 'again');
        return world.follow(first);
      case 'two-workers':
        return (await Promise.all([world.follow(first), world.follow(first)])).some(Boolean);
      case 'reordered':
        await world.follow(first, 'again');
        if (second !== undefined) await world.follow(second, 'again');
        if (!(await world.follow(first))) return false;
        if (second !== undefined) await world.follow(second);
        return true;
    }
  }

  async #work(processId: string, message: ReceivedMessage): Promise<void> {
    const world = this.#world;
    const context = this.#seen.has(message.body) ? 'once' : this.#context;
    this.#seen.add(message.body);
    if (context === 'redelivered') {
      // The receipt that counts is the last one's: what is done is not acknowledged twice.
      for (let extra = 0; extra < 2; extra++) {
        await world.work(processId, { ...message, receipt: '', receiveCount: message.receiveCount + extra });
      }
      await world.work(processId, { ...message, receiveCount: message.receiveCount + 2 });
    } else if (context === 'two-workers') {
      await Promise.all([world.work(processId, message), world.work(processId, message)]);
    } else {
      await world.work(processId, message);
    }
  }
}
