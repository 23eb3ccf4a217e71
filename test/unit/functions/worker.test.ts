import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/worker/create-handler.ts';
import { storeUnavailable } from '../../../shared/adapters/errors.ts';
import type { JobStore } from '../../../shared/jobs/ports/job-store.ts';
import { retryableError } from '../../helpers/numbers-process.ts';
import { capturedEvents } from '../api/captured-events.ts';
import { engineAt, invocation, jobSummary, recordingQueue, type GivenState, type SentMessage } from './engine-at.ts';

interface Expected {
  given: { state: GivenState; failing?: 'retryable'; unreachable?: string };
  answer: SQSBatchResponse;
  sent: SentMessage[];
  deadLetters: unknown[];
  job: unknown;
}

/** A store that cannot be asked about one job. */
function withoutJob(store: JobStore, jobId: string | undefined): JobStore {
  return {
    read: async (key, options) => {
      if (jobId !== undefined && key.sk.endsWith(jobId)) throw storeUnavailable('GetItem', new Error('throttled'));
      return store.read(key, options);
    },
    list: (query) => store.list(query),
    listDue: (partition, now, limit) => store.listDue(partition, now, limit),
    write: (write) => store.write(write),
    transact: (writes, token) => store.transact(writes, token),
  };
}

describe('events of a process queue', () => {
  it.each(capturedEvents<SQSEvent, Expected>('worker'))('$name', async ({ event, expected }) => {
    const { given, ...wanted } = expected;
    const failing = (): Promise<void> => Promise.reject(retryableError());
    const { engine } = await engineAt(given.state, given.failing === undefined ? {} : { beforeChunk: failing });
    const queue = recordingQueue();
    const store = withoutJob(engine.platform.store, given.unreachable);
    const answer = await createHandler({ ...engine.platform, store, queue })(event, invocation());
    const { sent, deadLetters } = queue;
    expect({ answer, sent, deadLetters, job: await jobSummary(engine.platform) }).toEqual(wanted);
  });

  it('refuses a bundle without a process', async () => {
    const { engine } = await engineAt('accepted');
    const handler = createHandler({ ...engine.platform, processes: new Map() });
    await expect(handler({ Records: [] }, invocation())).rejects.toThrow('this bundle holds no process');
  });
});
