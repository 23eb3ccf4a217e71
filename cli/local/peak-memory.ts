import { readFile } from 'node:fs/promises';

const KIB = 1024;

/** Most memory that this process ever held, in bytes: VmHWM on Linux, what `getrusage` says elsewhere. */
export async function peakMemoryBytes(): Promise<number> {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * KIB;
  const status = await readFile('/proc/self/status', 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * KIB;
}
