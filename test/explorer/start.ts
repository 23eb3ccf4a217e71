import { submitJob } from '../../shared/jobs/submit-job.ts';
import { JOB_PREFIX } from '../../shared/jobs/items/keys.ts';
import { MemoryJobStore } from '../../shared/local/memory-job-store.ts';
import { MemoryObjectStore } from '../../shared/local/memory-object-store.ts';
import { MemoryQueue } from '../../shared/local/memory-queue.ts';
import { ManualClock } from '../helpers/manual-clock.ts';
import { platformOver } from './invocation.ts';
import { knowing } from './knowledge.ts';
import type { Model } from './model.ts';
import { toRest } from './rest.ts';
import { JOB, NOW, REQUEST, SMALL_PROCESS } from './small-job.ts';
import { NOBODY, type World } from './world.ts';

/** The world after the real submission of the small job: its row, its request, and the first record of the stream. */
export async function acceptedWorld(model: Model): Promise<World> {
  const clock = new ManualClock(NOW);
  const store = new MemoryJobStore({ clock, streamed: ({ sk }) => sk.startsWith(JOB_PREFIX) });
  const objects = new MemoryObjectStore();
  const queue = new MemoryQueue({ clock, processIds: [], visibilityMs: 1, maxReceiveCount: 1 });
  const platform = platformOver({ store, objects, queue }, SMALL_PROCESS, JOB.jobId);
  const { tenant } = JOB;
  await submitJob(platform, { tenant, subject: 'ann', processId: SMALL_PROCESS.id, request: REQUEST });
  // The record that makes a submission idempotent is of no more use to the job.
  const rows = store.items().filter(({ key }) => key.sk.startsWith(JOB_PREFIX));
  const records = store.stream.take().map((change) => model.effects.storage.recordOf(change));
  const accepted = {
    table: model.effects.storage.number(rows),
    objects: model.effects.storage.objects.number(objects.objects, [...objects.objects.keys()].join(' ')),
    queue: [],
    stream: await knowing(() => model.effects.withoutSilent(records)),
    consumer: NOBODY,
    workers: [],
    sweeper: NOBODY,
    late: [],
    cancelAsked: false,
  };
  return (await knowing(() => toRest(model, accepted))).world;
}
