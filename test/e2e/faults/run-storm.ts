import { setTimeout as delay } from 'node:timers/promises';
import { FAULT_KINDS, FaultProxy, type FaultKind } from '../helpers/fault-proxy.ts';
import { routeCalls } from '../helpers/functions.ts';
import { readObject } from '../helpers/read-output.ts';
import { pick, seededRandom } from '../helpers/seeded-random.ts';
import type { TestStack } from '../helpers/stack.ts';
import { disturb, doubleWork, loseWork, sweepOften, type Restarts } from './disturbances.ts';
import { LARGE_UNITS, large, SMALL_UNITS, small } from './job-sizes.ts';
import { killAtRandom } from './kill-at-random.ts';
import { Load, STEP_LIMIT_MS, type SubmittedJob } from './load.ts';
import { CALLERS, inParallel, measureNoisyNeighbour, type NoisyNeighbour } from './noisy-neighbour.ts';
import { verify, type Verification } from './verify.ts';

const SECOND = 1000;
const KILLING_MS = 180 * SECOND;
/** Bounds what hangs: what was killed last is back within a minute, but a slow machine works on long after that. */
const REST_LIMIT_MS = 600 * SECOND;

/** Jobs of ten chunks; a hundred more than the noisy tenant's, of nineteen others. */
const OTHER_TENANTS = Array.from({ length: 16 }, (_, index) => `tenant-${index}`);
const OTHER_JOBS = 96;
/** Fewer open jobs than these are topped up while workers are killed. */
const OPEN_JOBS = 6;
const TOP_UP_MS = 3 * SECOND;

export interface StormReport extends Verification {
  jobs: number;
  /** The most jobs that were seen open, once two hundred had been submitted. */
  openAtOnce: number;
  tenants: number;
  kills: number;
  fired: Record<FaultKind, number>;
  restarts: Restarts;
  neighbour: NoisyNeighbour;
  /** Messages that were given up. */
  deadLetters: number;
  /** Length of each stage. */
  seconds: Record<string, number>;
}

/**
 * Puts the deployed stack under load and does to it what can be done from outside, all in one run of five minutes; in
 * the end nothing may be left of it.
 * @param seed of the victims, the pauses and the faults
 */
export async function runStorm(stack: TestStack, seed: number): Promise<StormReport> {
  const seconds: Record<string, number> = {};
  const stage = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const result = await work();
    seconds[name] = Math.round((performance.now() - startedAt) / SECOND);
    return result;
  };
  await using proxy = await FaultProxy.start(new URL(stack.description.endpoint), seededRandom(seed));
  const routeBack = await routeCalls(stack, proxy.origin);
  try {
    const load = new Load(stack);
    const undisturbed = await stage('quiet', () => runUndisturbed(stack, load));
    await stage('doubled', () => doubleWork(stack, load));
    await stage('lost', () => loseWork(stack, load));
    const neighbour = await stage('neighbour', () => measureNoisyNeighbour(stack, load, small));
    const killing = await stage('killing', () => killUnderLoad(stack, load, proxy, seed));
    await stage('rest', async () => {
      const rest = new AbortController();
      await Promise.all([sweepOften(stack, rest.signal), load.waitForAll(REST_LIMIT_MS).finally(() => rest.abort())]);
    });
    const verification = await stage('checks', () => verify(stack, load, undisturbed));
    return {
      ...verification,
      ...killing,
      jobs: load.jobs.length,
      tenants: load.tenants.length,
      fired: countByKind(proxy),
      neighbour,
      deadLetters: await load.deadLetters(),
      seconds,
    };
  } finally {
    await routeBack();
  }
}

/** Runs one job of each size before anything happens. @returns the bytes of a dataset by its units */
async function runUndisturbed(stack: TestStack, load: Load): Promise<ReadonlyMap<number, Uint8Array>> {
  const quiet = await load.submit('quiet', 'tally', small('quiet'));
  const whole = await load.submit('quiet-large', 'tally', { ...large('whole'), chunkUnits: LARGE_UNITS, pause: 0 });
  for (const job of [quiet, whole]) await load.waitUntil(job, 'succeeded', STEP_LIMIT_MS);
  return new Map([
    [SMALL_UNITS, await readObject(stack, outputKey(quiet, 'quiet-east'))],
    [LARGE_UNITS, await readObject(stack, outputKey(whole, 'whole'))],
  ]);
}

/** Kills workers for three minutes, while jobs are submitted, calls fail and parts of the stack are started anew. */
async function killUnderLoad(
  stack: TestStack,
  load: Load,
  proxy: FaultProxy,
  seed: number,
): Promise<{ kills: number; restarts: Restarts; openAtOnce: number }> {
  const failed = new AbortController();
  const over = AbortSignal.any([AbortSignal.timeout(KILLING_MS), failed.signal]);
  const parts = [
    killAtRandom(stack, seededRandom(seed + 2), over),
    disturb(stack, proxy),
    submitOthers(load, seededRandom(seed + 1), over),
    sweepOften(stack, over),
  ] as const;
  try {
    const [kills, restarts, openAtOnce] = await Promise.all(parts);
    return { kills, restarts, openAtOnce };
  } finally {
    // When one part fails the others end, too, before the stack is put back as it was.
    failed.abort();
    await Promise.allSettled(parts);
  }
}

/**
 * Submits the jobs of the other tenants at once, and small ones whenever few are left, until the time is over.
 * @returns the most jobs that were open after the first
 */
async function submitOthers(load: Load, random: () => number, over: AbortSignal): Promise<number> {
  const others = Array.from({ length: OTHER_JOBS }, (_, index) => ({ tenant: pick(random, OTHER_TENANTS), index }));
  await inParallel(CALLERS, others, ({ tenant, index }) => load.submit(tenant, 'tally', small(`other-${index}`)));
  let openAtOnce = 0;
  for (let index = 0; !over.aborted;) {
    const open = await load.countOpen();
    openAtOnce = Math.max(openAtOnce, open ?? 0);
    const missing = open === undefined ? 0 : Math.max(0, OPEN_JOBS - open);
    const names = Array.from({ length: missing }, () => `more-${index++}`);
    await inParallel(CALLERS, names, (name) => load.submit(pick(random, OTHER_TENANTS), 'tally', small(name)));
    await delay(TOP_UP_MS);
  }
  return openAtOnce;
}

function countByKind({ fired }: FaultProxy): Record<FaultKind, number> {
  const counts = FAULT_KINDS.map((kind) => [kind, fired.filter((fault) => fault.kind === kind).length]);
  return Object.fromEntries(counts) as Record<FaultKind, number>;
}

const outputKey = ({ tenant, jobId }: SubmittedJob, dataset: string): string =>
  `outputs/${tenant}/${jobId}/${dataset}.bin`;
