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

/** Process ids of the workers of some functions; a worker that is ending while this looks may be missing. */
export async function workersOf(...functionNames: string[]): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marks = new Set(functionNames.map((name) => `AWS_LAMBDA_FUNCTION_NAME=${name}`));
  const found = await Promise.all(pids.map(async (pid) => ((await isMarked(pid, marks)) ? Number(pid) : undefined)));
  return found.filter((pid) => pid !== undefined);
}

/** Whether a process has one of these variables in the environment that it was started with. */
async function isMarked(pid: string, marks: ReadonlySet<string>): Promise<boolean> {
  try {
    const environment = (await readIfThere(`/proc/${pid}/environ`)) ?? '';
    return environment.split('\0').some((variable) => marks.has(variable));
  } catch (error) {
    // It ended between the look and the read, or is another user's.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EACCES')) return false;
    throw error;
  }
}
