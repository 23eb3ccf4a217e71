import { isTerminal, JOB_STATES } from '../../../shared/jobs/job.ts';
import { JOB_PREFIX } from '../../../shared/jobs/items/keys.ts';
import { WINDOW_SHARDS } from '../../../shared/jobs/numbering.ts';
import { TRANSITIONS } from '../../../shared/jobs/state-machine.ts';
import type { JobChange } from '../core/observation.ts';
import type { World } from '../core/world.ts';

const grouped = new WeakMap<World, { changes: number; byJob: ReadonlyMap<string, JobChange[]> }>();

/** Changes by job, each in their order; grouped once for all invariants. */
export function changesByJob(world: World): ReadonlyMap<string, JobChange[]> {
  const { changes } = world.observation;
  const known = grouped.get(world);
  if (known?.changes === changes.length) return known.byJob;
  const byJob = Map.groupBy(changes, ({ after }) => `${after.tenant}/${after.jobId}`);
  grouped.set(world, { changes: changes.length, byJob });
  return byJob;
}

export function checkNotLost(world: World): string[] {
  const byJob = changesByJob(world);
  return world.observation.submissions.flatMap(({ tenant, jobId }) => {
    const last = byJob.get(`${tenant}/${jobId}`)?.at(-1);
    if (last === undefined) return [`${jobId} was accepted and has no row`];
    return isTerminal(last.after.state) ? [] : [`${jobId} was accepted and is ${last.after.state} at rest`];
  });
}

export function checkLegal(world: World): string[] {
  return [...changesByJob(world).entries()].flatMap(([job, changes]) =>
    changes.flatMap(({ before, after }, index) => [
      ...(after.version === index + 1 ? [] : [`${job}: version ${after.version} is change ${index + 1}`]),
      ...(isStep(before?.state, after.state) ? [] : [`${job}: ${before?.state} to ${after.state} is no step`]),
    ]),
  );
}

/** A row may change without its state: the sweeper looked at it, or a shard settled. */
function isStep(from: JobChange['after']['state'] | undefined, to: JobChange['after']['state']): boolean {
  if (from === undefined) return to === 'accepted';
  if (from === to) return !isTerminal(from);
  return TRANSITIONS.some((step) => step.from === from && step.to.includes(to));
}

export function checkEnds(world: World): string[] {
  return [...changesByJob(world).entries()].flatMap(([job, changes]) => {
    const ends = changes.filter(({ before, after }) => isTerminal(after.state) && before?.state !== after.state);
    const late = changes.findIndex(({ before }) => before !== undefined && isTerminal(before.state));
    return [
      ...(ends.length <= 1 ? [] : [`${job} ended ${ends.length} times`]),
      ...(late < 0 ? [] : [`${job} changed after its end`]),
    ];
  });
}

/** What has ended is found by no sweeper, and is forgotten one day. */
export function checkForgotten({ store }: World): string[] {
  return store.items().flatMap(({ key, item }) => {
    const state = JOB_STATES.find((known) => known === item['state']);
    if (!key.sk.startsWith(JOB_PREFIX) || state === undefined || !isTerminal(state)) return [];
    return [
      ...(item['activePartition'] === undefined ? [] : [`${key.sk} has ended and is in the index of active jobs`]),
      ...(typeof item['ttl'] === 'number' ? [] : [`${key.sk} has ended and is kept for ever`]),
    ];
  });
}

export function checkProgress(world: World): string[] {
  return [...changesByJob(world).entries()].flatMap(([job, changes]) =>
    changes.flatMap(({ before, after }) => {
      if (before === undefined) return [];
      const went = before.counts.findIndex((counts, index) => {
        const now = after.counts[index];
        return now === undefined || settled(now) < settled(counts) || now.bytes < counts.bytes;
      });
      const window = after.nextShard - after.settledShards.size;
      return [
        ...(went < 0 && after.nextShard >= before.nextShard ? [] : [`${job} went back at version ${after.version}`]),
        ...(after.nextShard === 0 || window === WINDOW_SHARDS ? [] : [`${job} has ${window} shards open`]),
      ];
    }),
  );
}

const settled = ({ done, failed, skipped }: JobChange['after']['counts'][number]): number => done + failed + skipped;
