import { all, atMost, isOneOf } from '../conditions.ts';
import { jobItemKey } from '../items/keys.ts';
import type { ErrorRecord, JobKey } from '../job.ts';
import type { UpdateWrite } from '../ports/job-store.ts';
import { statesThatAllow } from '../state-machine.ts';
import { terminalChange } from './terminal.ts';

export interface Failure {
  failure: ErrorRecord;
  actor: string;
  now: number;
  retentionDays: number;
}

/** accepted or planning → failed: the plan was refused, or its message was given up. */
export function refusePlanWrite(key: JobKey, failure: Failure): UpdateWrite {
  return failWrite(key, failure, 'plan-failed', 'refuse-plan');
}

/** finishing → failed: assembling the outputs failed for good, or its message was given up. */
export function abandonFinishWrite(key: JobKey, failure: Failure): UpdateWrite {
  return failWrite(key, failure, 'finish-failed', 'abandon-finish');
}

/** Any non-terminal state → failed once the deadline has passed. */
export function timeOutWrite(key: JobKey, failure: Failure): UpdateWrite {
  const write = failWrite(key, failure, 'deadline', 'time-out');
  const deadlineHasPassed = atMost('deadlineAt', failure.now);
  return { ...write, condition: all(write.condition, deadlineHasPassed) };
}

function failWrite(
  key: JobKey,
  { failure, actor, now, retentionDays }: Failure,
  cause: string,
  event: 'refuse-plan' | 'abandon-finish' | 'time-out',
): UpdateWrite {
  const stateAllowsIt = isOneOf('state', statesThatAllow(event));
  return {
    kind: 'update',
    key: jobItemKey(key),
    condition: stateAllowsIt,
    ...terminalChange({ state: 'failed', now, actor, cause, retentionDays, failure }),
  };
}
