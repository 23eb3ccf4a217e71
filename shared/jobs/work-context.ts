import type { JobKey } from './job.ts';
import type { Platform } from './platform.ts';
import type { WorkContext } from './process.ts';
import { workFilesOf } from './work-files.ts';

/** What a process is given to plan a job, and to run its chunks. */
export function workContext(platform: Platform, key: JobKey, signal: AbortSignal): WorkContext {
  return {
    tenant: key.tenant,
    signal,
    sources: platform.sourcesOf(key.tenant),
    clock: platform.clock,
    files: workFilesOf(platform, key),
  };
}
