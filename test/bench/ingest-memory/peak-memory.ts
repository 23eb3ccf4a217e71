import { setTimeout as delay } from 'node:timers/promises';
import { readIfThere } from '../../../scripts/local/read-if-there.ts';
import { workersOf } from '../../e2e/helpers/kill-workers.ts';
import type { TestStack } from '../../e2e/helpers/stack.ts';

/** The kernel keeps the peak of a process: only what it does in its last moments can be missed. */
const POLL_MS = 500;

/**
 * Peak of the resident memory of each worker of a function while some work is done, in bytes.
 * @throws on a system without /proc
 */
export async function peakMemory(stack: TestStack, functionName: string, work: () => Promise<void>): Promise<number[]> {
  const peaks = new Map<number, number>();
  const look = async (): Promise<void> => {
    for (const pid of await workersOf(stack, functionName)) {
      const peak = await peakOf(pid);
      if (peak !== undefined) peaks.set(pid, peak);
    }
  };
  const done = new AbortController();
  const looking = (async () => {
    while (!done.signal.aborted) {
      await look();
      await delay(POLL_MS);
    }
  })();
  try {
    await work();
  } finally {
    done.abort();
    await looking;
  }
  await look();
  return [...peaks.values()].sort((a, b) => b - a);
}

/** `VmHWM` of proc_pid_status(5); undefined when the process has ended. */
async function peakOf(pid: number): Promise<number | undefined> {
  const status = await readIfThere(`/proc/${pid}/status`).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return undefined;
    throw error;
  });
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status ?? '') ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
