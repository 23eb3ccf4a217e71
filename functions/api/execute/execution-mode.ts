import type { Preferences } from '../../../shared/http/prefer.ts';
import type { ProcessDefinition } from '../../../shared/jobs/process.ts';

export interface ExecutionMode {
  mode: 'sync' | 'async';
  /** What to say in `Preference-Applied` (RFC 7240, 3). */
  applied: 'respond-async' | undefined;
}

/**
 * How a process is executed (OGC 18-062r2, 7.11.2.3): the way that it can; when it can do both, synchronously
 * unless the caller prefers not to wait.
 */
export function executionMode(
  options: ProcessDefinition['jobControlOptions'],
  { respondAsync }: Preferences,
): ExecutionMode {
  const canWait = options.includes('sync-execute');
  const canDefer = options.includes('async-execute');
  const mode = canDefer && (respondAsync || !canWait) ? 'async' : 'sync';
  return { mode, applied: respondAsync && mode === 'async' ? 'respond-async' : undefined };
}
