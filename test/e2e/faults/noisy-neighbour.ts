import { settledChunks } from '../helpers/chunk-log.ts';
import type { TestStack } from '../helpers/stack.ts';
import { STEP_LIMIT_MS, until, type Load, type SubmittedJob, type TallyInputs } from './load.ts';

const PROCESS = 'tally';
export const NOISY_TENANT = 'noisy';
const NOISY_JOBS = 100;
/** Jobs that are submitted at once, as callers do who do not wait for each other. */
export const CALLERS = 6;
/** The log tells the time of a chunk: how often this looks decides only when the next job is submitted. */
const LOG_POLL_MS = 500;

/** How long another's first chunk took, with and without the noise, and how much of the noise went before it. */
export interface NoisyNeighbour {
  quietMs: number;
  noisyMs: number[];
  /** Chunks of the noisy tenant that were worked on between the submission and the first chunk, for each job. */
  chunksBefore: number[];
  /** Chunks that the noisy tenant asked for. */
  noisyChunks: number;
}

/** One tenant submits a hundred jobs at once; then others, one after another, submit one each. */
export async function measureNoisyNeighbour(
  stack: TestStack,
  load: Load,
  inputs: (name: string) => TallyInputs,
): Promise<NoisyNeighbour> {
  const quiet = await load.submit('quiet-alone', PROCESS, inputs('alone'));
  const quietMs = (await firstChunkAt(stack, quiet)) - quiet.acceptedAt;
  const noise = Array.from({ length: NOISY_JOBS }, (_, index) => inputs(`noise-${index}`));
  const since = Date.now();
  await inParallel(CALLERS, noise, (each) => load.submit(NOISY_TENANT, PROCESS, each));
  const probes: { job: SubmittedJob; firstAt: number }[] = [];
  for (const name of ['first', 'second', 'third']) {
    const job = await load.submit(`quiet-${name}`, PROCESS, inputs(name));
    probes.push({ job, firstAt: await firstChunkAt(stack, job) });
  }
  const settled = await settledChunks(stack, PROCESS, since);
  const isNoise = (from: number, to: number) => (chunk: { tenant: string; at: number }) =>
    chunk.tenant === NOISY_TENANT && chunk.at > from && chunk.at < to;
  return {
    quietMs,
    noisyMs: probes.map(({ job, firstAt }) => firstAt - job.acceptedAt),
    chunksBefore: probes.map(({ job, firstAt }) => settled.filter(isNoise(job.acceptedAt, firstAt)).length),
    noisyChunks: noise.reduce((sum, each) => sum + Math.ceil(each.units / each.chunkUnits) * each.datasets.length, 0),
  };
}

/** Waits for the first chunk of the tenant of a job that has no other. */
async function firstChunkAt(stack: TestStack, { tenant, acceptedAt, processId }: SubmittedJob): Promise<number> {
  let first: number | undefined;
  const isThere = async (): Promise<boolean> => {
    const settled = await settledChunks(stack, processId, acceptedAt);
    first = settled.find((chunk) => chunk.tenant === tenant)?.at;
    return first !== undefined;
  };
  await until(isThere, STEP_LIMIT_MS, () => `no chunk of ${tenant} is done`, LOG_POLL_MS);
  return first ?? 0;
}

/** Works on a list, so many members at once. */
export async function inParallel<T>(width: number, members: readonly T[], work: (member: T) => Promise<unknown>) {
  const rest = [...members];
  const one = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: width }, one));
}
