import { LonghaulError } from '../errors/longhaul-error.ts';

/** Most active jobs that a tenant can be limited to: the item that names them has 7 kB with so many. */
export const MAX_ACTIVE_JOBS = 200;

/** @throws LonghaulError `tenant-limit-exceeded` (final) when a job has more units than its tenant may ask for */
export function refuseAboveLimit(units: number, maxUnits: number): void {
  if (units <= maxUnits) return;
  throw new LonghaulError({
    code: 'tenant-limit-exceeded',
    retryable: false,
    detail: `The job has ${units} units, your limit is ${maxUnits} for one job.`,
    limit: maxUnits,
    actual: units,
    remedy: 'Ask for fewer zoom levels or a smaller area, split the job, or have the limit raised.',
  });
}
