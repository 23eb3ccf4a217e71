import type { Platform } from '../../shared/jobs/platform.ts';

/**
 * Runs a handler whose process dies before one of its calls of a port takes effect: nothing after it runs, no
 * `finally` either.
 * @param call number of the call, from 0
 */
export async function crashAt(
  call: number,
  platform: Platform,
  handler: (platform: Platform) => Promise<unknown>,
): Promise<void> {
  let calls = 0;
  let die = (): void => undefined;
  const died = new Promise<void>((resolve) => (die = resolve));
  const mortal = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property);
        if (typeof member !== 'function') return member;
        return (...parameters: unknown[]): unknown => {
          if (calls++ < call) return Reflect.apply(member, target, parameters);
          die();
          return new Promise(() => undefined);
        };
      },
    });
  const { store, queue, objects } = platform;
  const ended = handler({ ...platform, store: mortal(store), queue: mortal(queue), objects: mortal(objects) });
  await Promise.race([died, ended.then(() => Promise.reject(new Error(`the handler made no call ${call}`)))]);
}
