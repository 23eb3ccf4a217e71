import { canHappen, FAULTS, FAULTS_IN_PAIRS, HARMLESS, type Fault } from '../core/faults.ts';
import { CONTEXTS, Drive, type Context } from '../core/drive.ts';
import { PAIR_SCENARIOS, SCENARIOS, type Scenario } from '../core/scenarios.ts';
import type { Totals } from '../core/totals.ts';
import { World } from '../core/world.ts';

/** Which calls of a run go wrong, and how. */
export type Plan = readonly { call: number; fault: Fault }[];

/** Names one case, for its replay: `crash-points/a job of two chunks/once/12:late,20:throttle`. */
export function casePath(tier: string, scenario: Scenario, context: Context, plan: Plan): string {
  return [tier, scenario.name, context, plan.map(({ call, fault }) => `${call}:${fault}`).join()].join('/');
}

/** Runs one case to its rest. @returns the world, and what differs from what the scenario expects */
export async function runCase(
  scenario: Scenario,
  context: Context,
  plan: Plan,
  traced = false,
): Promise<{ world: World; differs: string[] }> {
  const byCall = new Map(plan.map(({ call, fault }) => [call, fault]));
  const world = new World({
    traced,
    ...(scenario.hooks && { hooks: scenario.hooks() }),
    decide: (call) => {
      const fault = byCall.get(call.number);
      return fault !== undefined && canHappen(fault, call) ? fault : undefined;
    },
  });
  let differs: string[];
  try {
    const key = await scenario.run(world, new Drive(world, context));
    const job = await world.job(key);
    const isHarmless = world.fired.every(({ fault }) => HARMLESS.has(fault));
    if (job === undefined) differs = [`S1 ${key.jobId} was accepted and has no row`];
    else differs = isHarmless ? scenario.expect(world, job) : [];
  } catch (error) {
    differs = [`the caller was refused: ${String(error)}`];
  }
  return { world, differs };
}

/** Every call of every scenario, with every fault, in every context. */
export async function runSingles(
  totals: Totals,
  options: { scenarios?: readonly Scenario[]; contexts?: readonly Context[] } = {},
): Promise<void> {
  for (const scenario of options.scenarios ?? SCENARIOS) {
    for (const context of options.contexts ?? CONTEXTS) {
      const undisturbed = await add(totals, scenario, context, []);
      for (let call = 0; call < undisturbed; call++) {
        for (const fault of FAULTS) await add(totals, scenario, context, [{ call, fault }]);
      }
    }
  }
}

/** Every pair of calls of the small scenarios, with every pair of the common faults, in every context. */
export async function runPairs(totals: Totals, options: { contexts?: readonly Context[] } = {}): Promise<void> {
  for (const scenario of PAIR_SCENARIOS) {
    for (const context of options.contexts ?? CONTEXTS) {
      const undisturbed = await add(totals, scenario, context, []);
      for (let call = 0; call < undisturbed; call++) {
        for (const fault of FAULTS_IN_PAIRS) {
          // The second is counted in the run that the first has changed.
          const calls = await add(totals, scenario, context, [{ call, fault }]);
          for (let second = call + 1; second < calls; second++) {
            for (const other of FAULTS_IN_PAIRS) {
              await add(totals, scenario, context, [
                { call, fault },
                { call: second, fault: other },
              ]);
            }
          }
        }
      }
    }
  }
}

/** @returns how many calls the case made before it was checked */
async function add(totals: Totals, scenario: Scenario, context: Context, plan: Plan): Promise<number> {
  const { world, differs } = await runCase(scenario, context, plan);
  const { calls } = world.ports;
  const fired = world.fired.length;
  // A pair whose second call never came is the single one again.
  if (fired < plan.length && plan.length > 1) return calls;
  await totals.add(casePath('crash-points', scenario, context, plan), world, differs);
  return calls;
}
