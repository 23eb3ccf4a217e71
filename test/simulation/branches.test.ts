import { describe, expect, it } from 'vitest';
import { CONTEXTS } from './core/contexts.ts';
import type { Fault } from './core/faults.ts';
import { SCENARIOS } from './core/scenarios.ts';
import { lastBefore, runCase, type CaseResult } from './tiers/crash-points.ts';

/** Those that leave something behind for later: a late call, a refusal that lasts, work for others. */
const FAULTS: readonly Fault[] = ['late', 'throttle-often', 'slow'];
/** Every so many calls. */
const STRIDE = 29;

/** All that a world holds at its rest, and all that was seen of it. */
function whatCameOf({ world, differs }: CaseResult) {
  const { observation, store, objects, queue, ports, clock, fired } = world;
  const faults = fired.map(({ fault, call }) => `${call.number} ${call.name} of ${call.invocation.number}: ${fault}`);
  const rest = { items: store.items(), objects: objects.objects, messages: queue.size, now: clock.now() };
  return { ...rest, observation, calls: ports.calls, faults, differs };
}

describe.each(CONTEXTS)('a case that branches off from another, delivered so: %s', (context) => {
  it.each(SCENARIOS)('is the same to the letter as one that begins with nothing: $name', async (scenario) => {
    const undisturbed = await runCase(scenario, context, [], { branching: true });
    for (let call = 0; call < undisturbed.calls.length; call += STRIDE) {
      const from = lastBefore(call, undisturbed.branches);
      for (const fault of FAULTS) {
        const branched = await runCase(scenario, context, [{ call, fault }], { from });
        expect(whatCameOf(branched)).toEqual(whatCameOf(await runCase(scenario, context, [{ call, fault }])));
      }
    }
  });

  it.each(['late', 'throttle-often', 'throttle-always'] as const)(
    'has what is left of a call that went wrong: %s',
    async (fault) => {
      const scenario = SCENARIOS[0]!;
      const undisturbed = await runCase(scenario, context, [], { branching: true });
      for (let call = 0; call < undisturbed.calls.length; call += 2) {
        const single = await runCase(scenario, context, [{ call, fault }], { branching: true });
        const later = single.branches.filter(({ calls }) => calls > call && calls < single.calls.length);
        for (const from of [...later.slice(0, 1), ...later.slice(-1)]) {
          const plan = [
            { call, fault },
            { call: from.calls, fault: 'crash-after' as const },
          ];
          const branched = await runCase(scenario, context, plan, { from });
          expect(whatCameOf(branched)).toEqual(whatCameOf(await runCase(scenario, context, plan)));
        }
      }
    },
  );
});
