import { runRandom } from '../../simulation/tiers/random.ts';
import { answer, untilViolation } from '../find-violation.ts';

/** As many as a push runs. */
const SEEDS = 200;
const STEPS = 2_000;

void answer(({ maxCases }) => untilViolation(maxCases, (totals) => runRandom(totals, { seeds: SEEDS, steps: STEPS })));
