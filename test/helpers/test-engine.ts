import { LocalEngine, type LocalEngineOptions } from '../../shared/local/local-engine.ts';
import { MemoryObjectStore } from '../../shared/local/memory-object-store.ts';
import { readJob, type JobView } from '../../shared/jobs/read-job.ts';
import { submitJob } from '../../shared/jobs/submit-job.ts';
import type { Locations } from '../../shared/jobs/platform.ts';
import type { Logger } from '../../shared/jobs/ports/logger.ts';
import type { ProcessDefinition } from '../../shared/jobs/process.ts';
import type { Sources } from '../../shared/sources/range-reader.ts';
import { ManualClock } from './manual-clock.ts';
import { memorySources } from './memory-sources.ts';
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

/** Where a deployment of the tests keeps its objects. */
export const LOCATIONS: Locations = {
  work: new URL('s3://data/work/'),
  outputs: new URL('s3://data/outputs/'),
  deadLetters: new URL('s3://data/dead-letters/'),
};

export type MemoryEngineOptions = Pick<LocalEngineOptions, 'objects' | 'clock' | 'concurrency'> &
  Partial<Pick<LocalEngineOptions, 'identifiers'>> & {
    /** Of every tenant; none by default. */
    sources?: Sources;
  };

/** The engine over memory, in which nothing is left to chance. */
export function createMemoryEngine(
  processes: readonly ProcessDefinition[],
  { sources = memorySources(() => undefined), identifiers = countingIdentifiers(), ...options }: MemoryEngineOptions,
): LocalEngine {
  return new LocalEngine({
    processes: new Map(processes.map((process) => [process.id, process])),
    sourcesOf: () => sources,
    locations: LOCATIONS,
    identifiers,
    random: () => 0.5,
    logger: silent,
    limits: () => ({ maxUnits: 1e12, maxOutputBytes: 1e15 }),
    ...options,
  });
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
  const engine = createMemoryEngine([numbers, ...more], { objects, clock, concurrency: 4 });
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
