import type { Platform } from '../../../shared/jobs/platform.ts';
import type { Invocation } from './port-call.ts';
import { Ports } from './ports.ts';

/** Runs a handler whose process dies before its n-th call of a port, from 0; one that makes fewer calls ends. */
export async function dieBeforeCall(
  platform: Platform,
  call: number,
  handler: (platform: Platform) => Promise<unknown>,
): Promise<'died' | 'ended'> {
  const ports = new Ports({
    now: () => platform.clock.now(),
    decide: ({ number }) => (number === call ? 'crash-before' : undefined),
    sendSome: (...parameters) => platform.queue.send(...parameters),
    meanwhile: () => Promise.resolve(),
  });
  return new Promise((resolve, reject) => {
    const invocation: Invocation = {
      number: 1,
      role: 'worker',
      tenant: undefined,
      dead: false,
      die: () => {
        invocation.dead = true;
        resolve('died');
      },
    };
    handler(ports.of(invocation, platform)).then(() => resolve('ended'), reject);
  });
}
