import { isOneOf } from '../conditions.ts';
import { jobItemKey } from '../items/keys.ts';
import type { JobKey } from '../job.ts';
import type { UpdateWrite } from '../ports/job-store.ts';
import { statesThatAllow } from '../state-machine.ts';
import { terminalChange } from './terminal.ts';

/** Any non-terminal state → cancelled, at once; workers notice by themselves. */
export function cancelWrite(
  key: JobKey,
  { actor, now, retentionDays }: { actor: string; now: number; retentionDays: number },
): UpdateWrite {
  const isNotTerminal = isOneOf('state', statesThatAllow('cancel'));
  return {
    kind: 'update',
    key: jobItemKey(key),
    condition: isNotTerminal,
    ...terminalChange({ state: 'cancelled', now, actor, cause: 'requested', retentionDays }),
  };
}
