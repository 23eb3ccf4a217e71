import { readdir } from 'node:fs/promises';
import { readIfThere } from '../../../scripts/local/read-if-there.ts';

/**
 * Ends every running worker of a function as the kernel does when memory is short: SIGKILL, no clean-up.
 * @param functionName the name that the process has in its environment
 * @returns how many were ended
 * @throws on a system without /proc
 */
export async function killWorkers(functionName: string): Promise<number> {
  const workers = await workersOf(functionName);
  for (const pid of workers) process.kill(pid, 'SIGKILL');
  return workers.length;
}

/** Process ids of the workers of a function; a worker that is ending while this looks may be missing. */
export async function workersOf(functionName: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => ((await runs(pid, functionName)) ? Number(pid) : undefined)));
  return found.filter((pid) => pid !== undefined);
}

async function runs(pid: string, functionName: string): Promise<boolean> {
  try {
    const environment = (await readIfThere(`/proc/${pid}/environ`)) ?? '';
    return environment.split('\0').includes(`AWS_LAMBDA_FUNCTION_NAME=${functionName}`);
  } catch (error) {
    // It ended between the look and the read, or is another user's.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EACCES')) return false;
    throw error;
  }
}
