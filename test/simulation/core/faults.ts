import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import type { PortCall } from './port-call.ts';

/**
 * What can happen to one call of a port.
 *
 * crash-before     the process dies before the call takes effect: nothing after it runs, no `finally` either
 * crash-after      the call takes effect, then the process dies
 * late             the process dies, and the call takes effect when others have worked meanwhile
 * lost-ack         the call takes effect, the caller sees a time-out
 * throttle         the call takes no effect, the caller sees that the service refuses for now
 * throttle-often   so do the next calls of the same operation, as many as a message has receives
 * throttle-always  so do all calls of the port, for six minutes
 * terminal         the call takes no effect, the caller sees an error that no repetition mends
 * slow             the call takes effect after its message was visible again and others worked on it
 * partial          the queue takes only every other message of the request
 */
export const FAULTS = [
  'crash-before',
  'crash-after',
  'late',
  'lost-ack',
  'throttle',
  'throttle-often',
  'throttle-always',
  'terminal',
  'slow',
  'partial',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Of these, every pair is tried too. */
export const FAULTS_IN_PAIRS = ['crash-before', 'crash-after', 'late', 'lost-ack', 'throttle'] as const;

/** Faults after which nothing but the timing of a job may differ. */
export const HARMLESS: ReadonlySet<Fault> = new Set<Fault>([
  'crash-before',
  'crash-after',
  'late',
  'lost-ack',
  'throttle',
  'slow',
  'partial',
]);

/** True where a fault can happen to a call: only a request of several messages can be taken in part. */
export function canHappen(fault: Fault, { name, parameters }: PortCall): boolean {
  return fault !== 'partial' || (name === 'queue.send' && (parameters[1] as readonly unknown[]).length > 1);
}

/** The error that an adapter raises when its service cannot be reached. */
export function unavailable(name: string, what: string): LonghaulError {
  return new LonghaulError({ code: `${service(name)}-unavailable`, retryable: true, detail: `${name} ${what}.` });
}

/** The error that an adapter raises when its service refuses for good. */
export function denied(name: string): LonghaulError {
  return new LonghaulError({
    code: service(name) === 'source' ? 'source-access-denied' : `${service(name)}-denied`,
    retryable: false,
    detail: `${name} is denied.`,
  });
}

function service(name: string): string {
  if (name.startsWith('store')) return 'store';
  if (name.startsWith('sources')) return 'source';
  return name.startsWith('queue') ? 'queue' : 'object-store';
}
