import { UPLOAD_SCENARIOS } from '../../simulation/uploads/upload-scenarios.ts';
import { runUploads } from '../../simulation/uploads/upload-crash-points.ts';
import { CONTEXTS } from '../../simulation/core/contexts.ts';
import { answer, untilViolation } from '../find-violation.ts';

void answer(({ where, maxCases }) => {
  const scenarios = UPLOAD_SCENARIOS.filter(({ name }) => name.startsWith(where));
  return untilViolation(maxCases, (totals) => runUploads(totals, { scenarios, contexts: CONTEXTS }));
});
