import type { JobState } from '../../shared/jobs/job.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** The exit code for a job in this state; a job that has not ended is no failure. */
export function stateExitCode(state: JobState): ExitCode {
  if (state === 'failed' || state === 'cancelled') return EXIT.failed;
  return state === 'partial' ? EXIT.partial : EXIT.succeeded;
}
