import type { ObjectStore } from '../../../shared/jobs/ports/object-store.ts';
import type { JobStore } from '../../../shared/jobs/ports/job-store.ts';
import type { Queue } from '../../../shared/jobs/ports/queue.ts';
import type { Platform } from '../../../shared/jobs/platform.ts';
import type { OutputUpload } from '../../../shared/jobs/process.ts';
import type { RangeReader, Sources } from '../../../shared/sources/range-reader.ts';
import { denied, unavailable, type Fault } from './faults.ts';
import type { Invocation, PortCall } from './port-call.ts';

/** Never comes: what a dead process waits for. */
const NEVER = new Promise<never>(() => undefined);

/** Receives of a message before it is a dead letter: a throttling that lasts for so many calls outlasts them all. */
const OFTEN = 5;
/** Longer than a message is received so often. */
const ALWAYS_MILLISECONDS = 6 * 60 * 1000;

export interface PortsOptions {
  now: () => number;
  /** Asked before each call; undefined lets it be. */
  decide: (call: PortCall) => Fault | undefined;
  /** Told of each call, before anything is decided. */
  observe?: (call: PortCall) => void;
  /** Told of each fault that fires. */
  fired?: (fault: Fault, call: PortCall) => void;
  /** Told of what became of each call. */
  ended?: (call: PortCall, how: string) => void;
  /** Waits for its turn before the call is made; without it, calls are made at once. */
  turn?: (call: PortCall) => Promise<void>;
  /** What happens between the effect of a call and its answer. */
  afterwards?: (call: PortCall) => Promise<void>;
  /** Sends past all faults: what a queue takes of a request that it refuses in part. */
  sendSome: Queue['send'];
  /** Lets the rest of the world work while a slow call is under way. */
  meanwhile: () => Promise<void>;
}

/** Stands between the functions and the services, and lets calls go wrong. */
export class Ports {
  calls = 0;
  /** Calls of dead processes that are still on their way. */
  readonly #late: { call: PortCall; effect: () => Promise<unknown> }[] = [];
  /** Calls that were made and have not come back. */
  readonly #underWay = new Set<PortCall>();
  readonly #options: PortsOptions;
  readonly #refusing = new Map<string, { calls: number } | { until: number }>();

  constructor(options: PortsOptions) {
    this.#options = options;
  }

  /** True while no living invocation waits for a call, and what is late can land in another world. */
  canBeCopied(): boolean {
    for (const { invocation } of this.#underWay) if (!invocation.dead) return false;
    return this.#late.every(({ call: { name } }) => COPIED_PORTS.some((port) => portOf(name) === port));
  }

  /** Takes on what is late and what is refused at the ports of another world. @param platform where the late lands */
  copyFrom(other: Ports, platform: Platform): void {
    this.calls = other.calls;
    for (const { call } of other.#late) this.#late.push({ call, effect: () => callAgain(platform, call) });
    for (const [key, refusing] of other.#refusing) this.#refusing.set(key, { ...refusing });
  }

  /** The platform as one invocation sees it. */
  of(invocation: Invocation, platform: Platform): Platform {
    const call = <Result>(name: string, parameters: readonly unknown[], effect: () => Promise<Result>) =>
      this.call(invocation, name, parameters, effect);
    const { store, queue, objects } = platform;
    const wrapUpload = (upload: OutputUpload): OutputUpload => ({
      url: upload.url,
      putPart: (part, bytes) => call('upload.putPart', [upload.url, part], () => upload.putPart(part, bytes)),
      complete: () => call('upload.complete', [upload.url], () => upload.complete()),
      abort: () => call('upload.abort', [upload.url], () => upload.abort()),
    });
    const wrapReader = (reader: RangeReader): RangeReader => ({
      ...reader,
      read: (...p) => call('sources.read', [reader.url, ...p], () => reader.read(...p)),
    });
    const wrapSources = (sources: Sources): Sources => ({
      open: (...p) => call('sources.open', p, async () => wrapReader(await sources.open(...p))),
    });
    const wrappedStore: JobStore = {
      read: (...p) => call('store.read', p, () => store.read(...p)),
      list: (...p) => call('store.list', p, () => store.list(...p)),
      listDue: (...p) => call('store.listDue', p, () => store.listDue(...p)),
      write: (...p) => call('store.write', p, () => store.write(...p)),
      transact: (...p) => call('store.transact', p, () => store.transact(...p)),
    };
    const wrappedQueue: Queue = {
      send: (...p) => call('queue.send', p, () => queue.send(...p)),
      sendToDeadLetters: (...p) => call('queue.sendToDeadLetters', p, () => queue.sendToDeadLetters(...p)),
      depth: (...p) => call('queue.depth', p, () => queue.depth(...p)),
    };
    const wrappedObjects: ObjectStore = {
      putIfAbsent: (...p) => call('objects.putIfAbsent', p, () => objects.putIfAbsent(...p)),
      get: (...p) => call('objects.get', p, () => objects.get(...p)),
      getRange: (...p) => call('objects.getRange', p, () => objects.getRange(...p)),
      list: (...p) => call('objects.list', p, () => objects.list(...p)),
      delete: (...p) => call('objects.delete', p, () => objects.delete(...p)),
      createUpload: (...p) => call('objects.createUpload', p, async () => wrapUpload(await objects.createUpload(...p))),
    };
    return {
      ...platform,
      store: wrappedStore,
      queue: wrappedQueue,
      objects: wrappedObjects,
      sourcesOf: (tenant) => wrapSources(platform.sourcesOf(tenant)),
    };
  }

  /** Makes one call for an invocation, or lets it go wrong. */
  async call<Result>(
    invocation: Invocation,
    name: string,
    parameters: readonly unknown[],
    effect: () => Promise<Result>,
  ): Promise<Result> {
    if (invocation.dead) return NEVER;
    const call: PortCall = { number: this.calls++, invocation, name, parameters };
    this.#underWay.add(call);
    try {
      return await this.#make(call, effect);
    } finally {
      this.#underWay.delete(call);
    }
  }

  async #make<Result>(call: PortCall, effect: () => Promise<Result>): Promise<Result> {
    const { invocation } = call;
    this.#options.observe?.(call);
    await this.#options.turn?.(call);
    if (invocation.dead) return NEVER;
    const fault = this.#refuses(call) ? undefined : this.#options.decide(call);
    if (fault === undefined && this.#refuses(call, true)) {
      this.#options.ended?.(call, 'refused');
      throw unavailable(call.name, 'is throttled');
    }
    if (fault === undefined) {
      const result = await effect();
      this.#options.ended?.(call, 'done');
      await this.#options.afterwards?.(call);
      return invocation.dead ? NEVER : result;
    }
    this.#options.fired?.(fault, call);
    this.#options.ended?.(call, fault);
    return this.#goWrong(fault, call, effect);
  }

  /** Lets the calls of dead processes land that were still on their way. */
  async land(): Promise<void> {
    for (const { effect } of this.#late.splice(0)) {
      // Nobody is there to be told.
      await effect().catch(() => undefined);
    }
  }

  /** Ends every refusal. */
  heal(): void {
    this.#refusing.clear();
  }

  async #goWrong<Result>(fault: Fault, call: PortCall, effect: () => Promise<Result>): Promise<Result> {
    const { name, invocation } = call;
    switch (fault) {
      case 'crash-before':
        invocation.die();
        return NEVER;
      case 'crash-after':
        await effect();
        invocation.die();
        return NEVER;
      case 'late':
        this.#late.push({ call, effect });
        invocation.die();
        return NEVER;
      case 'lost-ack':
        await effect();
        throw unavailable(name, 'timed out');
      case 'throttle':
        throw unavailable(name, 'is throttled');
      case 'throttle-often':
        this.#refusing.set(name, { calls: OFTEN - 1 });
        throw unavailable(name, 'is throttled');
      case 'throttle-always':
        this.#refusing.set(portOf(name), { until: this.#options.now() + ALWAYS_MILLISECONDS });
        throw unavailable(name, 'is throttled');
      case 'terminal':
        throw denied(name);
      case 'slow':
        await this.#options.meanwhile();
        return effect();
      case 'partial':
        return this.#takeEveryOther(call) as Promise<Result>;
    }
  }

  /** True while calls like this one are refused; a spent one counts. */
  #refuses({ name }: PortCall, spend = false): boolean {
    for (const key of [name, portOf(name)]) {
      const refusing = this.#refusing.get(key);
      if (refusing === undefined) continue;
      if ('until' in refusing) {
        if (this.#options.now() < refusing.until) return true;
      } else if (refusing.calls > 0) {
        if (spend) refusing.calls--;
        return true;
      }
      this.#refusing.delete(key);
    }
    return false;
  }

  async #takeEveryOther(call: PortCall): Promise<number[]> {
    const [queueId, messages] = call.parameters as Parameters<Queue['send']>;
    const refused = messages.flatMap((_, index) => (index % 2 === 1 ? [index] : []));
    const taken = messages.filter((_, index) => index % 2 === 0);
    await this.#options.sendSome(queueId, taken);
    return refused;
  }
}

/** Ports of the platform whose calls can be made again by their names. */
const COPIED_PORTS = ['store', 'queue', 'objects'] as const;

/** Makes a call of a port at another platform. */
async function callAgain(platform: Platform, { name, parameters }: PortCall): Promise<unknown> {
  const port = COPIED_PORTS.find((each) => each === portOf(name));
  if (port === undefined) throw new TypeError(`the call ${name} cannot be made again`);
  const operations = platform[port] as unknown as Record<string, (...p: readonly unknown[]) => Promise<unknown>>;
  return operations[name.slice(port.length + 1)]!(...parameters);
}

const portOf = (name: string): string => name.slice(0, name.indexOf('.'));
