import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../shared/config/system.ts';

describe('systemClock', () => {
  it('rejects a sleep with the reason of its signal, before and during it', async () => {
    const reason = new TypeError('the job is over');
    const during = new AbortController();
    const sleep = systemClock.sleep(60_000, during.signal);
    during.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('sleeps, with a signal and without', async () => {
    await expect(systemClock.sleep(1)).resolves.toBeUndefined();
    await expect(systemClock.sleep(1, new AbortController().signal)).resolves.toBeUndefined();
  });
});
