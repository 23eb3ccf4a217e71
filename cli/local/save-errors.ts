import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { errorsUrl } from '../../shared/jobs/folders.ts';
import type { Job } from '../../shared/jobs/job.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import { openIfThere } from '../../shared/local/file-system.ts';
import { outputImpossible } from '../errors.ts';

/**
 * Puts the complete list of a job's errors to a place as NDJSON, in one step: one line for each unit that failed, one
 * for the job as a whole when it failed before any; none when nothing failed. It may lie on another disk.
 * @param path absolute
 * @throws LonghaulError `output-impossible`
 */
export async function saveErrors(platform: Platform, job: Job, path: string): Promise<void> {
  const list = fileURLToPath(errorsUrl(platform.locations, job));
  const whole = `${path}.${job.jobId}.part`;
  try {
    await using there = await openIfThere(list);
    if (there !== undefined) await copyFile(list, whole);
    else await writeFile(whole, job.failure === undefined ? '' : `${JSON.stringify(job.failure)}\n`);
    await rename(whole, path);
  } catch (error) {
    await rm(whole, { force: true });
    throw outputImpossible(path, String(error), error);
  }
}
