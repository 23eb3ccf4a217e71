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

/** One key gives one job; and a caller who asked twice, because the first answer was lost, has no second one. */
export function checkIdempotent(world: World): string[] {
  const { submissions } = world.observation;
  const byKey = Map.groupBy(submissions, ({ tenant, processId, key }) => `${tenant}/${processId}/${key}`);
  const answered = new Set(submissions.map(({ tenant, jobId }) => `${tenant}/${jobId}`));
  const unknown = [...changesByJob(world).keys()].filter((job) => !answered.has(job));
  return [
    ...unknown.map((job) => `${job} is the answer to no submission`),
    ...[...byKey.entries()].flatMap(([key, answers]) => {
      const jobs = new Set(answers.map(({ jobId }) => jobId));
      return jobs.size === 1 ? [] : [`the key ${key} gave ${jobs.size} jobs`];
    }),
  ];
}
