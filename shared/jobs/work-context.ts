import type { JobKey } from './job.ts';
import type { Platform } from './platform.ts';
import type { ProcessContext, WorkContext } from './process.ts';
import { publishedDatasets } from './published-datasets.ts';
import { workFilesOf } from './work-files.ts';

/** What every function of a process is given for one tenant. */
export function processContext(platform: Platform, tenant: string, signal: AbortSignal): ProcessContext {
  return {
    tenant,
    signal,
    sources: platform.sourcesOf(tenant),
    datasets: platform.datasetsOf?.(tenant) ?? publishedDatasets(platform, tenant),
    clock: platform.clock,
  };
}

/** What a process is given to plan a job, and to run its chunks. */
export function workContext(platform: Platform, key: JobKey, signal: AbortSignal): WorkContext {
  return { ...processContext(platform, key.tenant, signal), files: workFilesOf(platform, key) };
}
