import { setTimeout as delay } from 'node:timers/promises';
import { readIfThere } from '../../../scripts/local/read-if-there.ts';
import type { TestStack } from './stack.ts';

/** Its keeper gives it 60 s to save its state and 60 s to be ready. */
const LIMIT_MS = 150_000;
const POLL_MS = 100;

/** Stops the emulator in order and starts it again, as its keeper does it, and waits until it answers. */
export async function restartLocalCloud({ description }: TestStack): Promise<void> {
  const before = await readIfThere(description.emulatorProcessFile);
  process.kill(description.supervisor, 'SIGUSR2');
  const limit = AbortSignal.timeout(LIMIT_MS);
  for (;;) {
    const now = await readIfThere(description.emulatorProcessFile);
    if (now !== undefined && now !== '' && now !== before && (await answers(description.endpoint))) return;
    await delay(POLL_MS, undefined, { signal: limit });
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const health = await fetch(new URL('/_ministack/health', endpoint));
    await health.body?.cancel();
    return health.ok;
  } catch (error) {
    // Not listening yet.
    if (error instanceof TypeError) return false;
    throw error;
  }
}
