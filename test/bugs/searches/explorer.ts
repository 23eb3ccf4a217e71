import { explore } from '../../explorer/explore.ts';
import { answer } from '../find-violation.ts';

/** Every world with at most one fault; only those without any when a few cases are enough. */
void answer(async ({ maxCases }) => {
  const { states, violations } = await explore({ faults: maxCases === Infinity ? 1 : 0, untilViolation: true });
  return {
    cases: states,
    violations: violations.map(({ trace, invariant }) => ({ path: `explorer/${trace.join('; ')}`, breach: invariant })),
  };
});
