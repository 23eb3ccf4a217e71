import { isTerminal } from '../../../shared/jobs/job.ts';
import { textOf } from '../../../shared/jobs/items/attributes.ts';
import { DATASET_PREFIX, jobKeyOf } from '../../../shared/jobs/items/keys.ts';
import { NOTIFICATION_QUEUE } from '../../../shared/jobs/notifications.ts';
import type { ItemKey } from '../../../shared/jobs/ports/job-store.ts';
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
  const putAside = jobsPutAside(world);
  for (const url of world.objects.objects.keys()) {
    const [, job, file] = /^s3:\/\/data\/outputs\/([^/]+\/[^/]+)\/(.+)$/.exec(url) ?? [];
    if (job === undefined || file === 'errors.ndjson' || published.has(job) || putAside.has(job)) continue;
    breaches.push(`${file} of ${job} is left, which published nothing`);
  }
  return breaches;
}

/** Jobs a change of which the stream's consumer put aside, with an alarm: what it called for is left to an operator. */
function jobsPutAside({ objects }: World): ReadonlySet<string> {
  const jobs = new Set<string>();
  for (const [url, { bytes }] of objects.objects) {
    if (!url.startsWith('s3://data/dead-letters/_unknown/stream/')) continue;
    const { key } = JSON.parse(new TextDecoder().decode(bytes)) as { key: ItemKey };
    const { tenant, jobId } = jobKeyOf(key);
    jobs.add(`${tenant}/${jobId}`);
  }
  return jobs;
}

/** Every end of a job with a subscriber was told to it, under one stable id. */
export function checkSubscribersTold(world: World): string[] {
  // A call that its queue gave up is a dead letter with an alarm.
  const letters = [...world.observation.deadLetters.values()];
  if (letters.some(({ processId }) => processId === NOTIFICATION_QUEUE)) return [];
  const putAside = jobsPutAside(world);
  return [...changesByJob(world)].flatMap(([id, changes]) => {
    const job = changes.at(-1)!.after;
    if (job.subscribed !== true || !isTerminal(job.state) || putAside.has(id)) return [];
    return world.observation.posts.has(`${job.jobId}/${job.state}`) ? [] : [`nobody was told that ${job.jobId} ended`];
  });
}
