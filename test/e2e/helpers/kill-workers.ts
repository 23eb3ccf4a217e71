import { readdir } from 'node:fs/promises';
import { readIfThere } from '../../../scripts/local/read-if-there.ts';
import type { TestStack } from './stack.ts';

/**
 * Ends every running worker of a function as the kernel does when memory is short: SIGKILL, no clean-up.
 * @param functionName the name that the process has in its environment
 * @returns how many were ended
 * @throws on a system without /proc
 */
export async function killWorkers(stack: TestStack, functionName: string): Promise<number> {
  const workers = await workersOf(stack, functionName);
  return workers.filter(kill).length;
}

/**
 * Process ids of the workers of some functions of a stack; none while its emulator is down. A worker that is ending
 * while this looks may be missing.
 */
export async function workersOf({ description }: TestStack, ...functionNames: string[]): Promise<number[]> {
  const emulator = await readIfThere(description.emulatorProcessFile);
  if (emulator === undefined || emulator === '') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marks = new Set(functionNames.map((name) => `AWS_LAMBDA_FUNCTION_NAME=${name}`));
  const isWorker = async (pid: string): Promise<boolean> =>
    (await parentOf(pid)) === emulator && (await isMarked(pid, marks));
  const found = await Promise.all(pids.map(async (pid) => ((await isWorker(pid)) ? Number(pid) : undefined)));
  return found.filter((pid) => pid !== undefined);
}

/** SIGKILL. @returns whether it lived: a worker that ended by itself meanwhile is none */
export function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * The process that started this one: every stack on a machine gives its functions the same names, so that a name alone
 * would reach the workers of `npm start`, too.
 */
async function parentOf(pid: string): Promise<string | undefined> {
  const status = await readOfProcess(pid, 'stat');
  // The name of the program stands in brackets and may hold anything (proc_pid_stat(5)).
  const [, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return parent;
}

/** Whether a process has one of these variables in the environment that it was started with. */
async function isMarked(pid: string, marks: ReadonlySet<string>): Promise<boolean> {
  return (await readOfProcess(pid, 'environ')).split('\0').some((variable) => marks.has(variable));
}

/** A file of a process; empty when it is gone, or another user's. */
async function readOfProcess(pid: string, name: string): Promise<string> {
  try {
    return (await readIfThere(`/proc/${pid}/${name}`)) ?? '';
  } catch (error) {
    // It ended between the look and the read, or is another user's.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EACCES')) return '';
    throw error;
  }
}
