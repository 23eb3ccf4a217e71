import { runInterruptions } from '../../simulation/tiers/interruptions.ts';
import { answer, untilViolation } from '../find-violation.ts';

void answer(({ maxCases }) => untilViolation(maxCases, runInterruptions));
