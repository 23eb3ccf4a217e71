import type { ErrorRecord, HistoryEntry, TerminalState } from '../job.ts';
import { timeToLive } from '../retention.ts';
import type { UpdateWrite, Value } from '../ports/job-store.ts';

/** What every write into a terminal state has in common: it leaves the index of active jobs and may be forgotten. */
export interface TerminalChange {
  state: TerminalState;
  now: number;
  actor: string;
  cause: string;
  retentionDays: number;
  failure?: ErrorRecord;
  errors?: ErrorRecord[];
}

export function terminalChange(change: TerminalChange): Pick<UpdateWrite, 'set' | 'add' | 'append' | 'remove'> {
  const entry: HistoryEntry = { state: change.state, at: change.now, actor: change.actor, cause: change.cause };
  return {
    set: {
      state: change.state,
      updatedAt: change.now,
      finishedAt: change.now,
      ttl: timeToLive(change.now, change.retentionDays),
      ...(change.failure === undefined ? {} : { failure: plain(change.failure) }),
      ...(change.errors === undefined || change.errors.length === 0 ? {} : { errors: change.errors.map(plain) }),
    },
    add: { version: 1 },
    append: { history: [{ ...entry }] },
    remove: ['activePartition', 'dueAt', 'leaseToken', 'leaseUntil'],
  };
}

/** Only the members of an error record, each cut to what a row can bear. */
function plain(record: ErrorRecord): Value {
  const MAX_CHARACTERS = 500;
  const members = {
    code: record.code,
    detail: record.detail,
    remedy: record.remedy,
    dataset: record.dataset,
    unit: record.unit,
  };
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, text.slice(0, MAX_CHARACTERS)]],
    ),
  );
}
