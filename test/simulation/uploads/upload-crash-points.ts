import { canHappen, FAULTS, HARMLESS, type Fault } from '../core/faults.ts';
import type { Context } from '../core/contexts.ts';
import type { Totals } from '../core/totals.ts';
import { checkUploads } from './upload-invariants.ts';
import { UploadDrive } from './upload-drive.ts';
import { UPLOAD_SCENARIOS, type UploadScenario } from './upload-scenarios.ts';
import { UploadWorld } from './upload-world.ts';

export type UploadPlan = readonly { call: number; fault: Fault }[];

export function uploadPath(scenario: UploadScenario, context: Context, plan: UploadPlan): string {
  return ['uploads', scenario.name, context, plan.map(({ call, fault }) => `${call}:${fault}`).join()].join('/');
}

/** Runs one case to its rest. @returns the world, and everything that is wrong with it */
export async function runUploadCase(
  scenario: UploadScenario,
  context: Context,
  plan: UploadPlan,
  traced = false,
): Promise<{ world: UploadWorld; breaches: string[] }> {
  const byCall = new Map(plan.map(({ call, fault }) => [call, fault]));
  const { maxActiveJobs } = scenario;
  const world = new UploadWorld({
    traced,
    ...(maxActiveJobs === undefined ? {} : { maxActiveJobs }),
    decide: (call) => {
      const fault = byCall.get(call.number);
      return fault !== undefined && canHappen(fault, call) ? fault : undefined;
    },
  });
  let differs: string[];
  try {
    await scenario.run(world, new UploadDrive(world, context));
    const isHarmless = world.fired.every(({ fault }) => HARMLESS.has(fault));
    differs = isHarmless ? scenario.expect(world) : [];
  } catch (error) {
    differs = [`the caller was refused: ${String(error)}`];
  }
  return { world, breaches: [...differs, ...(await checkUploads(world))] };
}

/** Every call of every scenario, with every fault. @returns the steps of uploads that occurred */
export async function runUploads(
  totals: Totals,
  options: { scenarios?: readonly UploadScenario[]; contexts?: readonly Context[] } = {},
): Promise<Set<string>> {
  const steps = new Set<string>();
  const run = async (scenario: UploadScenario, context: Context, plan: UploadPlan): Promise<number> => {
    const { world, breaches } = await runUploadCase(scenario, context, plan);
    const { calls } = world.ports;
    for (const step of world.steps) steps.add(step);
    totals.count(uploadPath(scenario, context, plan), world, breaches);
    return calls;
  };
  for (const scenario of options.scenarios ?? UPLOAD_SCENARIOS) {
    for (const context of options.contexts ?? ['once']) {
      const undisturbed = await run(scenario, context, []);
      for (let call = 0; call < undisturbed; call++) {
        for (const fault of FAULTS) await run(scenario, context, [{ call, fault }]);
      }
    }
  }
  return steps;
}
