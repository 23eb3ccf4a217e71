import { SCENARIOS } from '../../simulation/core/scenarios.ts';
import { runSingles } from '../../simulation/tiers/crash-points.ts';
import { answer, untilViolation } from '../find-violation.ts';

void answer(({ where, maxCases }) => {
  const scenarios = SCENARIOS.filter(({ name }) => name.startsWith(where));
  return untilViolation(maxCases, (totals) => runSingles(totals, { scenarios }));
});
