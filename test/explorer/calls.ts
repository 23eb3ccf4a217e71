import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import type { JobStore } from '../../shared/jobs/ports/job-store.ts';
import type { ObjectStore } from '../../shared/jobs/ports/object-store.ts';
import type { Queue } from '../../shared/jobs/ports/queue.ts';

type CallOf<Port, Name extends string> = {
  [Operation in keyof Port]: Port[Operation] extends (...parameters: infer Parameters) => unknown
    ? { port: Name; operation: Operation; parameters: Parameters }
    : never;
}[keyof Port];

/** One file of an upload, from its creation to its completion: nothing of it can be seen before. */
export interface UploadCall {
  port: 'objects';
  operation: 'upload';
  parameters: [url: URL, mediaType: string, parts: [number, Uint8Array][]];
}

export type StoreCall = CallOf<JobStore, 'store'>;
export type QueueCall = CallOf<Queue, 'queue'>;
export type ObjectCall = Exclude<CallOf<ObjectStore, 'objects'>, { operation: 'createUpload' }> | UploadCall;

/** A call of a port as data: what a handler waits for. */
export type Call = StoreCall | QueueCall | ObjectCall;

/** What a call gave. `unavailable` is the error of a service that did not answer: the call may have happened. */
export type Answer = { value: unknown } | 'unavailable';

export function unavailable(call: Call): LonghaulError {
  const port = call.port === 'objects' ? 'object-store' : call.port;
  return new LonghaulError({ code: `${port}-unavailable`, retryable: true, detail: `${call.operation} timed out.` });
}

/** A text that two values share exactly when they are equal: members of objects and sets in any order. */
export function canonical(value: unknown, leftOut?: string): string {
  return JSON.stringify(value, (name, member: unknown) => {
    if (name === leftOut) return undefined;
    if (member instanceof Set) return { set: [...(member as ReadonlySet<number>)].sort((a, b) => a - b) };
    if (member instanceof Uint8Array) return { bytes: Buffer.from(member).toString('latin1') };
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Calls that ask for the same, whenever what they write may be forgotten: nothing is decided by a time to live. */
export const canonicalCall = (call: Call): string => canonical(call, 'ttl');

/** Gives equal values the same small number, so that states are short lists of numbers. */
export class Interner<T> {
  readonly #numbers = new Map<string, number>();
  readonly #values: T[] = [];

  /** @param key equal exactly when the values are to be taken for one */
  number(value: T, key: string = canonical(value)): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#values.length);
    return this.#values.push(value) - 1;
  }

  /** The number of what has this key, if anything has. */
  numberOf(key: string): number | undefined {
    return this.#numbers.get(key);
  }

  value(number: number): T {
    const value = this.#values[number];
    if (value === undefined) throw new RangeError(`nothing has the number ${number}`);
    return value;
  }

  get size(): number {
    return this.#values.length;
  }
}
