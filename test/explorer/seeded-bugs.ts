import { absent, equals, exists } from '../../shared/jobs/conditions.ts';
import type { JobStore, UpdateWrite, Write } from '../../shared/jobs/ports/job-store.ts';
import type { Invariant } from './checks.ts';
import type { Tamper } from './invocation.ts';

export interface SeededBug {
  name: string;
  tamper: Tamper;
  /** Faults that it takes to show it. */
  faults: number;
  breaks: Invariant;
  /** How the story of it ends. */
  lastLine: string;
}

const ROW_EXISTS = exists('state');

const settlesShard = (write: Write): write is UpdateWrite =>
  write.kind === 'update' && write.add?.['settledShards'] !== undefined;
const settlesChunk = (write: Write): write is UpdateWrite =>
  write.kind === 'update' && write.add?.['settled'] !== undefined;

/** Bugs of the kind that the engine is built against: the explorer must find each, and tell how it comes about. */
export const SEEDED_BUGS: readonly SeededBug[] = [
  {
    name: 'a shard is settled without its condition',
    tamper: withStore((store) => ({
      write: (write) => store.write(settlesShard(write) ? { ...write, condition: ROW_EXISTS } : write),
    })),
    faults: 0,
    breaks: 'nothing-after-terminal',
    lastLine: 'broken when someone settles shard 1',
  },
  {
    name: 'a shard is settled in a running job, whether it was before or not',
    tamper: withStore((store) => ({
      write: (write) => store.write(settlesShard(write) ? { ...write, condition: equals('state', 'running') } : write),
    })),
    faults: 1,
    breaks: 'counts-are-truth',
    lastLine: 'the worker of chunk 0/1 settles shard 0',
  },
  {
    name: 'a full shard is carried upwards by nobody',
    tamper: withStore((store) => ({
      write: async (write) => (settlesShard(write) ? { accepted: false, item: undefined } : store.write(write)),
    })),
    faults: 0,
    breaks: 'an-end-can-be-reached',
    lastLine: 'nothing leads on: the job stays running',
  },
  {
    name: 'a full shard is carried upwards only by who settled its last chunk',
    tamper: (platform, actor) =>
      withStore((store) => ({
        write: async (write) => {
          if (actor === 'sweeper' && settlesShard(write)) return { accepted: false, item: undefined };
          const outcome = await store.write(write);
          return settlesChunk(write) && !outcome.accepted ? { accepted: false, item: undefined } : outcome;
        },
      }))(platform, actor),
    faults: 1,
    breaks: 'an-end-can-be-reached',
    lastLine: 'nothing leads on: the job stays running',
  },
  {
    name: 'a job is published without its condition',
    tamper: withStore((store) => ({
      transact: (writes, token) =>
        store.transact(
          writes.map((write) => (write.kind === 'update' ? { ...write, condition: ROW_EXISTS } : write)),
          token,
        ),
    })),
    faults: 0,
    breaks: 'nothing-after-terminal',
    lastLine: 'broken when someone publishes',
  },
  {
    name: 'a chunk is settled without its condition',
    tamper: withStore((store) => ({
      write: (write) => store.write(settlesChunk(write) ? { ...write, condition: absent('state') } : write),
    })),
    faults: 1,
    breaks: 'counts-are-truth',
    lastLine: 'the user cancels; then someone settles chunk 0 of shard 0, settles chunk 0 of shard 0, sends chunk 1/0',
  },
];

function withStore(change: (store: JobStore) => Partial<JobStore>): Tamper {
  return (platform) => ({ ...platform, store: { ...platform.store, ...change(platform.store) } });
}
