import { isTerminal } from '../../../shared/jobs/job.ts';
import { textOf } from '../../../shared/jobs/items/attributes.ts';
import { DATASET_PREFIX } from '../../../shared/jobs/items/keys.ts';
import { NOTIFICATION_QUEUE } from '../../../shared/jobs/notifications.ts';
import type { World } from '../core/world.ts';
import { changesByJob } from './life.ts';

export function checkPublishedOnce(world: World): string[] {
  const breaches: string[] = [];
  const published = new Set<string>();
  for (const [job, changes] of changesByJob(world)) {
    const times = changes.filter(
      ({ before, after }) => before?.state === 'finishing' && ['succeeded', 'partial'].includes(after.state),
    ).length;
    if (times > 1) breaches.push(`${job} published ${times} times`);
    if (times > 0) published.add(job);
  }
  for (const { key, item } of world.store.items()) {
    if (!key.sk.startsWith(DATASET_PREFIX)) continue;
    const job = `${key.pk.slice('TENANT#'.length)}/${textOf(item, 'jobId')}`;
    if (!published.has(job)) breaches.push(`${key.sk} points to ${job}, which published nothing`);
    if (!world.objects.objects.has(textOf(item, 'url'))) breaches.push(`${key.sk} points to no object`);
  }
  for (const url of world.objects.objects.keys()) {
    const [, job, file] = /^s3:\/\/data\/outputs\/([^/]+\/[^/]+)\/(.+)$/.exec(url) ?? [];
    if (job === undefined || file === 'errors.ndjson' || published.has(job)) continue;
    breaches.push(`${file} of ${job} is left, which published nothing`);
  }
  return breaches;
}

/** Every end of a job with a subscriber was told to it, under one stable id. */
export function checkSubscribersTold(world: World): string[] {
  // A call that its queue gave up is a dead letter with an alarm; so is a change that the stream's consumer put aside.
  const givenUp =
    [...world.observation.deadLetters.values()].some(({ processId }) => processId === NOTIFICATION_QUEUE) ||
    [...world.objects.objects.keys()].some((url) => url.startsWith('s3://data/dead-letters/_unknown/stream/'));
  return [...changesByJob(world).values()].flatMap((changes) => {
    const job = changes.at(-1)!.after;
    if (job.subscribed !== true || !isTerminal(job.state) || givenUp) return [];
    return world.observation.posts.has(`${job.jobId}/${job.state}`) ? [] : [`nobody was told that ${job.jobId} ended`];
  });
}
