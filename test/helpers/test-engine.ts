import { LocalEngine } from '../../shared/local/local-engine.ts';
import { MemoryObjectStore } from '../../shared/local/memory-object-store.ts';
import { readJob, type JobView } from '../../shared/jobs/read-job.ts';
import { submitJob } from '../../shared/jobs/submit-job.ts';
import type { Logger } from '../../shared/jobs/ports/logger.ts';
import type { ProcessDefinition } from '../../shared/jobs/process.ts';
import { ManualClock } from './manual-clock.ts';
import { numbersProcess, type NumbersHooks } from './numbers-process.ts';

export const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** ULIDs of the test: they ascend, and are the same in each run. @param count how many were given before */
export function countingIdentifiers(count = 0): { count: number; next: (now: number) => string } {
  return {
    count,
    next() {
      return `01J${String(++this.count).padStart(23, '0')}`;
    },
  };
}

export interface TestEngine {
  engine: LocalEngine;
  clock: ManualClock;
  objects: MemoryObjectStore;
  /** Submits a job of the numbers process and gives its id. */
  submit: (inputs: Record<string, unknown>, extra?: { idempotencyKey?: string; tenant?: string }) => Promise<string>;
  read: (jobId: string) => Promise<JobView>;
  /** Text of the published list of a dataset. */
  published: (jobId: string, dataset?: string) => string | undefined;
}

/** The engine over memory with a clock that the test moves. */
export function createTestEngine(hooks: NumbersHooks = {}, more: ProcessDefinition[] = []): TestEngine {
  const clock = new ManualClock();
  const objects = new MemoryObjectStore();
  const numbers = numbersProcess(hooks) as unknown as ProcessDefinition;
  const processes = new Map([numbers, ...more].map((process) => [process.id, process]));
  const engine = new LocalEngine({
    processes,
    objects,
    sourcesOf: () => ({ open: () => Promise.reject(new Error('the numbers process opens no source')) }),
    locations: {
      work: new URL('s3://data/work/'),
      outputs: new URL('s3://data/outputs/'),
      deadLetters: new URL('s3://data/dead-letters/'),
    },
    clock,
    identifiers: countingIdentifiers(),
    random: () => 0.5,
    logger: silent,
    limits: () => ({ maxUnits: 1e12, maxOutputBytes: 1e15 }),
    concurrency: 4,
  });
  const submit: TestEngine['submit'] = async (inputs, { tenant = 'acme', ...extra } = {}) => {
    const parsed = numbersProcess().inputs.parse(inputs);
    const request = { inputs: parsed as Record<string, unknown> };
    const { job } = await submitJob(engine.platform, {
      tenant,
      subject: 'ann',
      processId: 'numbers',
      request,
      ...extra,
    });
    return job.jobId;
  };
  return {
    engine,
    clock,
    objects,
    submit,
    read: async (jobId) => {
      const view = await readJob(engine.platform, { tenant: 'acme', jobId });
      if (view === undefined) throw new Error(`no job ${jobId}`);
      return view;
    },
    published: (jobId, dataset = 'a') => {
      const object = objects.objects.get(`s3://data/outputs/acme/${jobId}/${dataset}.txt`);
      return object && new TextDecoder().decode(object.bytes);
    },
  };
}
