import { canHappen, FAULTS, FAULTS_IN_PAIRS, HARMLESS, type Fault } from '../core/faults.ts';
import { CONTEXTS, type Context } from '../core/contexts.ts';
import { Course, type Branch } from '../core/course.ts';
import { PAIR_SCENARIOS, SCENARIOS, type Scenario } from '../core/scenarios.ts';
import { isInShare, type Share } from '../core/share.ts';
import type { Totals } from '../core/totals.ts';
import type { PortCall } from '../core/port-call.ts';
import type { World, WorldOptions } from '../core/world.ts';

/** Which calls of a run go wrong, and how. */
export type Plan = readonly { call: number; fault: Fault }[];

/** Names one case, for its replay: `crash-points/a job of two chunks/once/12:late,20:throttle`. */
export function casePath(tier: string, scenario: Scenario, context: Context, plan: Plan): string {
  return [tier, scenario.name, context, plan.map(({ call, fault }) => `${call}:${fault}`).join()].join('/');
}

export interface CaseOptions {
  traced?: boolean;
  /** Where the case branches off from one that goes the same way up to its next fault; else it starts from nothing. */
  from?: Branch | undefined;
  /** Keeps the places at which others can branch off. */
  branching?: boolean;
}

export interface CaseResult {
  world: World;
  /** What differs from what the scenario expects. */
  differs: string[];
  /** By their number, those that it made itself. */
  calls: readonly PortCall[];
  branches: readonly Branch[];
}

/** Runs one case to its rest. */
export async function runCase(
  scenario: Scenario,
  context: Context,
  plan: Plan,
  { traced = false, from, branching = false }: CaseOptions = {},
): Promise<CaseResult> {
  const byCall = new Map(plan.map(({ call, fault }) => [call, fault]));
  const calls: PortCall[] = [];
  const options: WorldOptions = {
    traced,
    ...scenario.deployment,
    ...(scenario.hooks && { hooks: scenario.hooks(() => course.world) }),
    decide: (call) => {
      if (branching) calls[call.number] = call;
      const fault = byCall.get(call.number);
      return fault !== undefined && canHappen(fault, call) ? fault : undefined;
    },
  };
  const course = from?.branchOff(options, branching) ?? new Course(context, options, { branching });
  return { world: course.world, differs: await differences(scenario, course), calls, branches: course.branches };
}

async function differences(scenario: Scenario, course: Course): Promise<string[]> {
  const { world } = course;
  try {
    const key = await scenario.run(course);
    const job = await world.job(key);
    if (job === undefined) return [`S1 ${key.jobId} was accepted and has no row`];
    const isHarmless = world.fired.every(({ fault }) => HARMLESS.has(fault));
    return isHarmless ? scenario.expect(world, job) : [];
  } catch (error) {
    return [`the caller was refused: ${String(error)}`];
  }
}

/** Every call of every scenario, with every fault that can happen to it, in every context. */
export async function runSingles(
  totals: Totals,
  options: { scenarios?: readonly Scenario[]; contexts?: readonly Context[] } = {},
): Promise<void> {
  for (const scenario of options.scenarios ?? SCENARIOS) {
    for (const context of options.contexts ?? CONTEXTS) {
      const undisturbed = await add(totals, scenario, context, [], { branching: true });
      for (const [number, call] of undisturbed.calls.entries()) {
        const from = lastBefore(number, undisturbed.branches);
        for (const fault of FAULTS) {
          if (canHappen(fault, call)) await add(totals, scenario, context, [{ call: number, fault }], { from });
        }
      }
    }
  }
}

/**
 * Every pair of calls of the small scenarios, with every pair of the common faults, in every context.
 * @param options.share of the calls that go wrong first
 */
export async function runPairs(
  totals: Totals,
  options: { contexts?: readonly Context[]; share?: Share } = {},
): Promise<void> {
  const share = options.share ?? { part: 1, of: 1 };
  for (const scenario of PAIR_SCENARIOS) {
    for (const context of options.contexts ?? CONTEXTS) {
      const undisturbed = await runCase(scenario, context, [], { branching: true });
      for (const call of undisturbed.calls.keys()) {
        if (!isInShare(call, share)) continue;
        const from = lastBefore(call, undisturbed.branches);
        for (const fault of FAULTS_IN_PAIRS) await runSeconds(totals, scenario, context, { call, fault }, from);
      }
    }
  }
}

/** One call that goes wrong alone, and with each that comes after it. */
async function runSeconds(
  totals: Totals,
  scenario: Scenario,
  context: Context,
  first: Plan[number],
  from: Branch | undefined,
): Promise<void> {
  // The second is counted in the run that the first has changed.
  const single = await add(totals, scenario, context, [first], { from, branching: true });
  for (let call = first.call + 1; call < single.world.ports.calls; call++) {
    const branch = lastBefore(call, single.branches) ?? from;
    for (const fault of FAULTS_IN_PAIRS)
      await add(totals, scenario, context, [first, { call, fault }], { from: branch });
  }
}

/** The last place before a call at which another course can branch off. */
export function lastBefore(call: number, branches: readonly Branch[]): Branch | undefined {
  return branches.findLast(({ calls }) => calls <= call);
}

/** Runs and checks one case. */
async function add(
  totals: Totals,
  scenario: Scenario,
  context: Context,
  plan: Plan,
  options: CaseOptions,
): Promise<CaseResult> {
  const result = await runCase(scenario, context, plan, options);
  // A pair whose second call never came is the single one again.
  if (result.world.fired.length < plan.length && plan.length > 1) return result;
  await totals.add(casePath('crash-points', scenario, context, plan), result.world, result.differs);
  return result;
}
