import { isDeepStrictEqual } from 'node:util';
import type { World } from '../core/world.ts';
import { changesByJob } from './life.ts';

export function checkCancelled(world: World): string[] {
  const byJob = changesByJob(world);
  return world.observation.cancellations.flatMap(({ outcome, job }) => {
    const changes = byJob.get(`${job.tenant}/${job.jobId}`) ?? [];
    const last = changes.at(-1)?.after;
    const stored = changes.find(({ after }) => after.version === job.version)?.after;
    return [
      ...(isDeepStrictEqual(stored, job) ? [] : [`the answer to a cancellation of ${job.jobId} is not what is stored`]),
      ...(outcome !== 'cancelled' || last?.state === 'cancelled' ? [] : [`${job.jobId} was cancelled, and went on`]),
    ];
  });
}

export function checkIdempotent({ observation }: World): string[] {
  const byKey = Map.groupBy(observation.submissions, ({ tenant, processId, key }) => `${tenant}/${processId}/${key}`);
  return [...byKey.entries()].flatMap(([key, submissions]) => {
    const jobs = new Set(submissions.map(({ jobId }) => jobId));
    return jobs.size === 1 ? [] : [`the key ${key} gave ${jobs.size} jobs`];
  });
}
