import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import type { Platform } from '../../shared/jobs/platform.ts';

/**
 * What can happen to one call of a port.
 * crash-before  the process dies before the call takes effect: nothing after it runs, no `finally` either
 * crash-after   the call takes effect, then the process dies
 * lost-ack      the call takes effect, the caller sees a time-out
 * throttle      the call takes no effect, the caller sees a throttling error
 */
export const FAULTS = ['crash-before', 'crash-after', 'lost-ack', 'throttle'] as const;
export type Fault = (typeof FAULTS)[number];

/** Counts port calls over a whole scenario, and lets one of them go wrong. */
export class FaultInjector {
  calls = 0;
  /** Names of the calls, in their order. */
  readonly trace: string[] = [];
  fired: Fault | undefined;
  readonly #at: number | undefined;
  readonly #fault: Fault | undefined;

  /** @param at number of the call that goes wrong, from 0; none without it */
  constructor(at?: number, fault?: Fault) {
    this.#at = at;
    this.#fault = fault;
  }

  /** Runs one invocation of a handler; resolves to `crashed` when a fault ended its process. */
  async invoke<T>(platform: Platform, handler: (platform: Platform) => Promise<T>): Promise<{ value: T } | 'crashed'> {
    let crash = (): void => undefined;
    const crashed = new Promise<'crashed'>((resolve) => (crash = () => resolve('crashed')));
    const process = { dead: false };
    const die = (): Promise<never> => {
      process.dead = true;
      crash();
      return new Promise(() => undefined);
    };
    const running = handler(this.#wrap(platform, process, die)).then((value) => ({ value }));
    return Promise.race([running, crashed]);
  }

  #wrap(platform: Platform, process: { dead: boolean }, die: () => Promise<never>): Platform {
    const wrap = <Port extends object>(name: string, port: Port): Port =>
      new Proxy(port, {
        get: (target, property) => {
          const member: unknown = Reflect.get(target, property);
          if (typeof member !== 'function') return member;
          return (...parameters: unknown[]) =>
            this.#call(`${name}.${String(property)}`, process, die, async () => {
              const result: unknown = await Reflect.apply(member, target, parameters);
              return property === 'createUpload' ? wrap('upload', result as object) : result;
            });
        },
      });
    return {
      ...platform,
      store: wrap('store', platform.store),
      queue: wrap('queue', platform.queue),
      objects: wrap('objects', platform.objects),
    };
  }

  async #call(
    name: string,
    process: { dead: boolean },
    die: () => Promise<never>,
    effect: () => Promise<unknown>,
  ): Promise<unknown> {
    if (process.dead) return new Promise(() => undefined);
    const number = this.calls++;
    this.trace.push(name);
    if (number !== this.#at || this.#fault === undefined) return effect();
    this.fired = this.#fault;
    switch (this.#fault) {
      case 'crash-before':
        return die();
      case 'crash-after':
        await effect();
        return die();
      case 'lost-ack':
        await effect();
        throw unavailable(name, 'timed out');
      case 'throttle':
        throw unavailable(name, 'throttled');
    }
  }
}

function unavailable(name: string, what: string): LonghaulError {
  const port = name.startsWith('store') ? 'store' : name.startsWith('queue') ? 'queue' : 'object-store';
  return new LonghaulError({ code: `${port}-unavailable`, retryable: true, detail: `${name} ${what}.` });
}
