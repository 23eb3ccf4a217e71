import { setTimeout as delay } from 'node:timers/promises';
import type { FaultProxy, FaultRates } from '../helpers/fault-proxy.ts';
import { invokeFunction, restartFunctions } from '../helpers/functions.ts';
import { purgeQueue } from '../helpers/queues.ts';
import { restartLocalCloud } from '../helpers/restart-local-cloud.ts';
import type { TestStack } from '../helpers/stack.ts';
import { remakeStreamMapping, setAllEnabled, setStreamEnabled } from '../helpers/event-source-mappings.ts';
import { large, slow, small } from './job-sizes.ts';
import { STEP_LIMIT_MS, type Load } from './load.ts';

const SECOND = 1000;
/** The schedule starts a sweep each minute; more of them, also two at once, change nothing but the wait. */
const SWEEP_MS = 10 * SECOND;
const DELIVERY_PAUSE_MS = 3 * SECOND;

/** Probabilities for each call: in rain nearly all are through at the second attempt, in hail some fail at all four. */
const RAIN: FaultRates = { throttle: 0.08, failure: 0.02, 'lost-request': 0.02, 'lost-acknowledgement': 0.03 };
const HAIL: FaultRates = { throttle: 0.25, failure: 0.03, 'lost-request': 0.03, 'lost-acknowledgement': 0.05 };

/** How often parts of the stack were started anew. */
export interface Restarts extends Record<string, number> {
  functions: number;
  cloud: number;
}

/**
 * Delivers every record of the stream once more, while the chunks of a job are worked on: its plan, its chunks, and the
 * work of jobs that are over, are all asked for twice.
 */
export async function doubleWork(stack: TestStack, load: Load): Promise<void> {
  const doubled = await load.submit('doubled', 'tally-apart', slow('doubled'));
  await load.waitUntil(doubled, 'running', STEP_LIMIT_MS);
  await remakeStreamMapping(stack, 'beginning');
  await load.waitUntil(doubled, 'succeeded', STEP_LIMIT_MS);
}

/**
 * Loses a plan and a finish by records of the stream that are never delivered, and chunks by a purge. The sweeper finds
 * each when nothing has moved for two minutes. A finish or chunks are not looked for behind a backlog, so they are of a
 * process that has its queue to itself; the chunks come last, for once they are sent again they are a backlog, too.
 */
export async function loseWork(stack: TestStack, load: Load): Promise<void> {
  const finishing = await load.submit('unlucky', 'tally-apart', slow('finishing'));
  await load.waitUntil(finishing, 'running', STEP_LIMIT_MS);
  await setStreamEnabled(stack, false);
  await load.submit('unlucky', 'tally', small('planned'));
  await load.waitUntil(finishing, 'finishing', STEP_LIMIT_MS);
  await remakeStreamMapping(stack, 'end');
  const purged = await load.submit('unlucky', 'tally-apart', large('purged'));
  await load.waitForFirstChunk(purged, STEP_LIMIT_MS);
  await purgeQueue(stack, 'tally-apart');
}

/** Everything else that happens while workers die, one thing after another. */
export async function disturb(stack: TestStack, proxy: FaultProxy): Promise<Restarts> {
  proxy.set(RAIN);
  await delay(30 * SECOND);
  await setAllEnabled(stack, false);
  await delay(DELIVERY_PAUSE_MS);
  await setAllEnabled(stack, true);
  proxy.set();
  await delay(10 * SECOND);
  await restartLocalCloud(stack);
  await delay(10 * SECOND);
  proxy.set(HAIL);
  await delay(20 * SECOND);
  const functions = await restartFunctions(stack);
  await delay(20 * SECOND);
  proxy.set();
  return { functions, cloud: 1 };
}

/** Starts the sweeper every few seconds; one that is killed or finds no cloud is made up for by the next. */
export async function sweepOften(stack: TestStack, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await invokeFunction(stack, stack.description.functions.sweeper).catch(() => undefined);
    await delay(SWEEP_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}
