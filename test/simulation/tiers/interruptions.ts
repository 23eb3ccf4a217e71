import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { sweep } from '../../../shared/jobs/handlers/sweep.ts';
import type { JobKey } from '../../../shared/jobs/job.ts';
import { CONTEXTS, Drive, type Context } from '../core/drive.ts';
import type { PortCall } from '../core/port-call.ts';
import { INTERRUPTED_SCENARIOS, type Scenario } from '../core/scenarios.ts';
import type { Totals } from '../core/totals.ts';
import { World } from '../core/world.ts';

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
  traced = false,
): Promise<World> {
  let key: JobKey | undefined;
  const interrupt = async ({ number }: PortCall): Promise<void> => {
    key ??= world.observation.changes[0]?.after;
    if (number !== call || key === undefined) return;
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
  const world = new World({
    traced,
    ...(scenario.hooks && { hooks: scenario.hooks() }),
    ...(side === 'before' ? { turn: interrupt } : { afterwards: interrupt }),
  });
  await scenario.run(world, new Drive(world, context));
  return world;
}

/** Both interruptions at both sides of every call of every handler, in every context. */
export async function runInterruptions(totals: Totals): Promise<void> {
  for (const scenario of INTERRUPTED_SCENARIOS) {
    for (const context of CONTEXTS) {
      const undisturbed = await runInterrupted({ scenario, context, interruption: 'cancel', side: 'before', call: -1 });
      for (let call = 0; call < undisturbed.ports.calls; call++) {
        for (const interruption of INTERRUPTIONS) {
          for (const side of SIDES) {
            const each = { scenario, context, interruption, side, call };
            await totals.add(interruptedPath(each), await runInterrupted(each));
          }
        }
      }
    }
  }
}
