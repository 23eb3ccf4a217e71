import type { Context } from '../core/contexts.ts';
import { Drive } from '../core/drive.ts';
import type { PendingEvent, UploadWorld } from './upload-world.ts';

/** Drives a world with uploads: the events of the bucket first, in the way of the context, then everything else. */
export class UploadDrive extends Drive {
  readonly #world: UploadWorld;
  readonly #context: Context;

  constructor(world: UploadWorld, context: Context) {
    super(world, context);
    this.#world = world;
    this.#context = context;
    world.stepMeanwhile = () => this.step();
  }

  override async step(): Promise<boolean> {
    this.#world.collect();
    const now = this.#world.clock.now();
    const [first, second] = this.#world.events.filter(({ visibleAt }) => visibleAt <= now);
    if (first === undefined) return super.step();
    await this.#follow(first, second);
    return true;
  }

  async #follow(first: PendingEvent, second: PendingEvent | undefined): Promise<void> {
    const world = this.#world;
    switch (this.#context) {
      case 'once':
        return world.followEvent(first);
      case 'redelivered':
        await world.followEvent(first, 'again');
        await world.followEvent(first, 'again');
        return world.followEvent(first);
      case 'two-workers':
        await Promise.all([world.followEvent(first, 'again'), world.followEvent(first)]);
        return;
      case 'reordered':
        if (second !== undefined) await world.followEvent(second);
        return world.followEvent(first);
    }
  }
}
