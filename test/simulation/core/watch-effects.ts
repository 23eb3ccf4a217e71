import { readJobItem } from '../../../shared/jobs/items/job-item.ts';
import { JOB_PREFIX, jobKeyOf } from '../../../shared/jobs/items/keys.ts';
import type { Job } from '../../../shared/jobs/job.ts';
import type { Platform } from '../../../shared/jobs/platform.ts';
import type { Item } from '../../../shared/jobs/ports/job-store.ts';
import type { ChangeRecord } from '../../../shared/local/change-stream.ts';
import type { MemoryJobStore } from '../../../shared/local/memory-job-store.ts';
import type { MemoryQueue } from '../../../shared/local/memory-queue.ts';
import type { Observation } from './observation.ts';

/** The parts of a world that work takes effect in. */
interface Effects {
  store: MemoryJobStore;
  queue: MemoryQueue;
  observation: Observation;
  /** What the handlers are given: its store and queue are replaced by ones that are watched. */
  platform: Platform;
}

/**
 * Sees what takes effect, whatever its caller is told.
 * @param follow is given each record of the stream about a job
 */
export function watchEffects(
  { store, queue, observation, platform }: Effects,
  follow: (record: ChangeRecord) => void,
): void {
  const write = store.write.bind(store);
  const transact = store.transact.bind(store);
  const send = queue.send.bind(queue);
  const sendToDeadLetters = queue.sendToDeadLetters.bind(queue);
  const collect = (): void => {
    for (const record of store.stream.take()) {
      const { key, before, after } = record;
      if (!key.sk.startsWith(JOB_PREFIX) || after === undefined) continue;
      const { tenant, jobId } = jobKeyOf(key);
      const read = (item: Item): Job => readJobItem(tenant, jobId, item);
      observation.changed({ before: before && read(before), after: read(after) });
      follow(record);
    }
  };
  platform.store = {
    read: (...p) => store.read(...p),
    list: (...p) => store.list(...p),
    listDue: (...p) => store.listDue(...p),
    write: async (each) => {
      const outcome = await write(each);
      collect();
      observation.written(each, outcome);
      return outcome;
    },
    transact: async (writes, token) => {
      const outcome = await transact(writes, token);
      collect();
      const rejected = new Set(outcome.accepted ? [] : outcome.rejected.map(({ index }) => index));
      for (const [index, each] of writes.entries()) observation.written(each, { accepted: !rejected.has(index) });
      return outcome;
    },
  };
  platform.queue = {
    send: async (queueId, messages) => {
      const attempts = platform.processes.get(queueId)?.limits.attempts ?? Infinity;
      observation.sent(queueId, messages, attempts);
      return send(queueId, messages);
    },
    sendToDeadLetters: async (...p) => {
      observation.queue.sent++;
      return sendToDeadLetters(...p);
    },
    depth: (...p) => queue.depth(...p),
  };
}
