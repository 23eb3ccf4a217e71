import type { ProcessDefinition } from '../shared/jobs/process.ts';
import { processFolderUnreadable, processUnknown } from './errors.ts';

/** Every process of this installation, and of the folders in LONGHAUL_PROCESS_FOLDERS. @throws UsageError */
export async function loadProcesses(): Promise<ProcessDefinition[]> {
  try {
    const { discoverProcesses } = await import('../shared/processes/discover.ts');
    const processes = (await discoverProcesses()) as (ProcessDefinition | undefined)[];
    const defined = processes.filter((process) => process !== undefined);
    if (defined.length < processes.length) throw new TypeError('a process.ts has no default export');
    return defined.sort((a, b) => (a.id < b.id ? -1 : 1));
  } catch (error) {
    throw processFolderUnreadable(error);
  }
}

/** @throws UsageError `process-unknown` with the ids that there are */
export async function loadProcess(id: string): Promise<ProcessDefinition> {
  const { discoverProcess } = await import('../shared/processes/discover.ts');
  const named = await discoverProcess(id).catch((error: unknown) => {
    throw processFolderUnreadable(error);
  });
  if (named?.id === id) return named;
  const processes = await loadProcesses();
  const process = processes.find((candidate) => candidate.id === id);
  if (process !== undefined) return process;
  throw processUnknown(
    id,
    processes.map((candidate) => candidate.id),
  );
}
