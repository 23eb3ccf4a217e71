import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { sweep } from '../../../shared/jobs/handlers/sweep.ts';
import { CONTEXTS, type Context } from '../core/contexts.ts';
import { Course } from '../core/course.ts';
import type { PortCall } from '../core/port-call.ts';
import { INTERRUPTED_SCENARIOS, type Scenario } from '../core/scenarios.ts';
import type { Totals } from '../core/totals.ts';
import type { World, WorldOptions } from '../core/world.ts';
import { lastBefore, runCase, type CaseOptions } from './crash-points.ts';

/** What comes between two calls of the handlers. */
export const INTERRUPTIONS = ['cancel', 'time-out'] as const;
export type Interruption = (typeof INTERRUPTIONS)[number];

/** Before the call takes effect, or between its effect and its answer. */
export const SIDES = ['before', 'after'] as const;
export type Side = (typeof SIDES)[number];

export interface InterruptedCase {
  scenario: Scenario;
  context: Context;
  interruption: Interruption;
  side: Side;
  call: number;
}

export const interruptedPath = ({ scenario, context, interruption, side, call }: InterruptedCase): string =>
  ['interruptions', scenario.name, context, `${call}:${side}:${interruption}`].join('/');

/** Runs one case to its rest: the job is cancelled, or its deadline passes, at one side of one call. */
export async function runInterrupted(
  { scenario, context, interruption, side, call }: InterruptedCase,
  { traced = false, from }: Omit<CaseOptions, 'branching'> = {},
): Promise<World> {
  const interrupt = async ({ number }: PortCall): Promise<void> => {
    if (number !== call) return;
    const { world } = course;
    const key = world.observation.changes[0]?.after;
    if (key === undefined) return;
    world.note('operator', interruption, side);
    if (interruption === 'cancel') {
      const answer = await cancelJob(world.platform, key, 'user:ann');
      if (answer !== undefined) world.observation.cancellations.push(answer);
    } else {
      const job = await world.job(key);
      world.clock.advance(Math.max(0, (job?.deadlineAt ?? 0) - world.clock.now()));
      await sweep(world.platform);
    }
  };
  const options: WorldOptions = {
    traced,
    ...scenario.deployment,
    ...(scenario.hooks && { hooks: scenario.hooks(() => course.world) }),
    ...(side === 'before' ? { turn: interrupt } : { afterwards: interrupt }),
  };
  const course = from?.branchOff(options) ?? new Course(context, options);
  await scenario.run(course);
  return course.world;
}

/** Both interruptions at both sides of every call of every handler, in every context. */
export async function runInterruptions(totals: Totals): Promise<void> {
  for (const scenario of INTERRUPTED_SCENARIOS) {
    for (const context of CONTEXTS) {
      const undisturbed = await runCase(scenario, context, [], { branching: true });
      for (const call of undisturbed.calls.keys()) {
        const from = lastBefore(call, undisturbed.branches);
        for (const interruption of INTERRUPTIONS) {
          for (const side of SIDES) {
            const each = { scenario, context, interruption, side, call };
            await totals.add(interruptedPath(each), await runInterrupted(each, { from }));
          }
        }
      }
    }
  }
}
