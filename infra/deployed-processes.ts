import type { ProcessDefinition, ProcessLimits } from '../shared/jobs/process.ts';
import { discoverProcesses, processFiles } from '../shared/processes/discover.ts';
import type { LimitOverrides } from './config.ts';
import { contextInvalid, processInvalid } from './errors.ts';

/** Lambda and the event source mapping take no more. */
const MAX_MEMORY_MIB = 10_240;
const MIN_MEMORY_MIB = 128;
const MAX_TIMEOUT_SECONDS = 900;
const MAX_CONCURRENCY = 1000;
const MIN_CONCURRENCY = 2;

/** A process as it is deployed: its definition, where it stands, and its limits with the overrides of this deployment. */
export interface DeployedProcess {
  definition: ProcessDefinition;
  limits: ProcessLimits;
  /** The `process.ts` that bundles import. */
  file: URL;
}

/**
 * Finds every process that the folders hold (see `shared/processes/discover.ts`).
 * @param overrides limits by process id; an id that no process has is an error
 * @throws LonghaulError `process-invalid`, `context-invalid` (final)
 */
export async function deployedProcesses(overrides: Record<string, LimitOverrides>): Promise<DeployedProcess[]> {
  const files = processFiles();
  const definitions = await discoverProcesses();
  const processes = definitions.map((definition, index) => {
    const file = files[index];
    if (file === undefined) throw processInvalid(definition.id, 'has no file');
    return deployedProcess(definition, file, overrides[definition.id] ?? {});
  });
  requireUnique(processes);
  for (const id of Object.keys(overrides))
    if (!processes.some((process) => process.definition.id === id))
      throw contextInvalid(`processes.${id}`, 'names no process');
  return processes;
}

function deployedProcess(definition: ProcessDefinition, file: URL, overrides: LimitOverrides): DeployedProcess {
  const folder = file.pathname.split('/').at(-2);
  if (definition.id !== folder) throw processInvalid(definition.id, `stands in a folder of another name, "${folder}"`);
  const stated = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const limits = { ...definition.limits, ...stated };
  requireWithin(definition.id, 'memoryMiB', limits.memoryMiB, MIN_MEMORY_MIB, MAX_MEMORY_MIB);
  requireWithin(definition.id, 'timeoutSeconds', limits.timeoutSeconds, 1, MAX_TIMEOUT_SECONDS);
  requireWithin(definition.id, 'concurrency', limits.concurrency, MIN_CONCURRENCY, MAX_CONCURRENCY);
  requireWithin(definition.id, 'attempts', limits.attempts, 1, Number.MAX_SAFE_INTEGER);
  return { definition, limits, file };
}

function requireWithin(id: string, limit: keyof ProcessLimits, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high)
    throw processInvalid(id, `has a ${limit} of ${value}; it must be a whole number from ${low} to ${high}`);
}

function requireUnique(processes: readonly DeployedProcess[]): void {
  const seen = new Set<string>();
  for (const { definition } of processes) {
    if (seen.has(definition.id)) throw processInvalid(definition.id, 'is found in two folders');
    seen.add(definition.id);
  }
}
