import { setTimeout as delay } from 'node:timers/promises';
import { FAULT_KINDS, FaultProxy, type FaultKind } from '../helpers/fault-proxy.ts';
import { routeCalls } from '../helpers/functions.ts';
import { readObject } from '../helpers/read-output.ts';
import { pick, seededRandom } from '../helpers/seeded-random.ts';
import type { TestStack } from '../helpers/stack.ts';
import { disturb, doubleWork, loseWork, sweepOften, type Restarts } from './disturbances.ts';
import { LARGE_UNITS, large, SMALL_UNITS, small } from './job-sizes.ts';
import { killAtRandom } from './kill-at-random.ts';
import { Load, type SubmittedJob } from './load.ts';
import { CALLERS, inParallel, measureNoisyNeighbour, type NoisyNeighbour } from './noisy-neighbour.ts';
import { verify, type Verification } from './verify.ts';

const SECOND = 1000;
const KILLING_MS = 180 * SECOND;
/** Time for what was killed last to come back, and for the jobs behind it. */
const REST_LIMIT_MS = 240 * SECOND;
const STEP_LIMIT_MS = 60 * SECOND;

/** Jobs of ten chunks; a hundred more than the noisy tenant's, of nineteen others. */
const OTHER_TENANTS = Array.from({ length: 16 }, (_, index) => `tenant-${index}`);
const OTHER_JOBS = 96;
/** Fewer open jobs than these are topped up while workers are killed. */
const OPEN_JOBS = 6;
const TOP_UP_MS = 3 * SECOND;

export interface StormReport extends Verification {
  jobs: number;
  tenants: number;
  kills: number;
  fired: Record<FaultKind, number>;
  restarts: Restarts;
  neighbour: NoisyNeighbour;
  /** Messages that were given up. */
  deadLetters: number;
  seconds: number;
}

/**
 * Puts the deployed stack under load and does to it what can be done from outside, all in one run of five minutes; in
 * the end nothing may be left of it.
 * @param seed of the victims, the pauses and the faults
 */
export async function runStorm(stack: TestStack, seed: number): Promise<StormReport> {
  const startedAt = performance.now();
  await using proxy = await FaultProxy.start(new URL(stack.description.endpoint), seededRandom(seed));
  const routeBack = await routeCalls(stack, proxy.origin);
  try {
    const load = new Load(stack);
    const quiet = await load.submit('quiet', 'tally', small('quiet'));
    const whole = await load.submit('quiet-large', 'tally', { ...large('whole'), chunkUnits: LARGE_UNITS, pause: 0 });
    await load.waitForAll(STEP_LIMIT_MS);
    const undisturbed = new Map([
      [SMALL_UNITS, await readObject(stack, outputKey(quiet, 'quiet-east'))],
      [LARGE_UNITS, await readObject(stack, outputKey(whole, 'whole'))],
    ]);

    await doubleWork(stack, load);
    await loseWork(stack, load);
    const neighbour = await measureNoisyNeighbour(stack, load, small);
    const random = seededRandom(seed + 1);
    const others = Array.from({ length: OTHER_JOBS }, (_, index) => ({ tenant: pick(random, OTHER_TENANTS), index }));
    const stop = new AbortController();
    const over = AbortSignal.timeout(KILLING_MS);
    const [kills, restarts] = await Promise.all([
      killAtRandom(stack, seededRandom(seed + 2), stop.signal),
      disturb(stack, proxy),
      sweepOften(stack, stop.signal),
      inParallel(CALLERS, others, ({ tenant, index }) => load.submit(tenant, 'tally', small(`other-${index}`)))
        .then(() => keepBusy(load, random, over))
        .finally(() => stop.abort()),
    ]);
    const rest = new AbortController();
    await Promise.all([sweepOften(stack, rest.signal), load.waitForAll(REST_LIMIT_MS).finally(() => rest.abort())]);

    const verification = await verify(stack, load, undisturbed);
    return {
      ...verification,
      jobs: load.jobs.length,
      tenants: load.tenants.length,
      kills,
      fired: countByKind(proxy),
      restarts,
      neighbour,
      deadLetters: await load.deadLetters(),
      seconds: Math.round((performance.now() - startedAt) / SECOND),
    };
  } finally {
    await routeBack();
  }
}

/** Submits small jobs whenever few are left, until the time is over. */
async function keepBusy(load: Load, random: () => number, over: AbortSignal): Promise<void> {
  for (let index = 0; !over.aborted;) {
    const open = await load.openJobs().catch(() => undefined);
    const missing = open === undefined ? 0 : Math.max(0, OPEN_JOBS - open.length);
    const names = Array.from({ length: missing }, () => `more-${index++}`);
    await inParallel(CALLERS, names, (name) => load.submit(pick(random, OTHER_TENANTS), 'tally', small(name)));
    await delay(TOP_UP_MS);
  }
}

function countByKind({ fired }: FaultProxy): Record<FaultKind, number> {
  const counts = FAULT_KINDS.map((kind) => [kind, fired.filter((fault) => fault.kind === kind).length]);
  return Object.fromEntries(counts) as Record<FaultKind, number>;
}

const outputKey = ({ tenant, jobId }: SubmittedJob, dataset: string): string =>
  `outputs/${tenant}/${jobId}/${dataset}.bin`;
