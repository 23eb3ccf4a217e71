import { isPublished } from '../../../shared/jobs/job.ts';
import { datasetItemKey } from '../../../shared/jobs/items/keys.ts';
import type { World } from '../core/world.ts';
import { changesByJob } from './life.ts';

/** What a job published is found under its datasets, unless another job published later; what failed of it is not. */
export function checkPointers(world: World): string[] {
  const pointers = new Map(world.store.items().map(({ key, item }) => [`${key.pk} ${key.sk}`, item]));
  return [...changesByJob(world).values()].flatMap((changes) => {
    const job = changes.at(-1)!.after;
    if (!isPublished(job.state)) return [];
    return (job.datasets ?? []).flatMap(({ id }, index) => {
      const { pk, sk } = datasetItemKey(job.tenant, id);
      const pointer = pointers.get(`${pk} ${sk}`);
      if (job.datasetStates?.[index] === 'failed') {
        return pointer?.['jobId'] === job.jobId ? [`${sk} points to ${job.jobId}, where it failed`] : [];
      }
      const isThere = Number(pointer?.['publishedAt'] ?? 0) >= (job.finishedAt ?? Infinity);
      return isThere ? [] : [`${job.jobId} is ${job.state}, and ${sk} does not point to it`];
    });
  });
}
