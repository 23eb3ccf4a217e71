/** States of a job; the state machine that moves between them stands in `state-machine.ts`. */
export const JOB_STATES = [
  'accepted',
  'planning',
  'running',
  'finishing',
  'succeeded',
  'partial',
  'failed',
  'cancelled',
] as const;
export type JobState = (typeof JOB_STATES)[number];
export type TerminalState = 'succeeded' | 'partial' | 'failed' | 'cancelled';

const TERMINAL_STATES: ReadonlySet<JobState> = new Set(['succeeded', 'partial', 'failed', 'cancelled']);

export function isTerminal(state: JobState): state is TerminalState {
  return TERMINAL_STATES.has(state);
}

/** True for the ends that move the pointers of datasets. */
export function isPublished(state: JobState): boolean {
  return state === 'succeeded' || state === 'partial';
}

/** Names one job: a job is only ever found under its tenant. */
export interface JobKey {
  tenant: string;
  /** ULID, minted before the first write; sorts by time of submission. */
  jobId: string;
}

/** Units of one dataset, by what became of them. `done + failed + skipped` never exceeds the units planned. */
export interface Counts {
  done: number;
  failed: number;
  /** Nothing to make: an empty tile, or one that is there already. */
  skipped: number;
  /** Bytes of output made. */
  bytes: number;
}

export const NO_COUNTS: Readonly<Counts> = { done: 0, failed: 0, skipped: 0, bytes: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    done: a.done + b.done,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    bytes: a.bytes + b.bytes,
  };
}

/** How one dataset is numbered: what the ledger needs; the process's own plan lies in the object store. */
export interface DatasetNumbering {
  /** Unique within the job. */
  id: string;
  /** Number of units to run. */
  units: number;
  /** Units in each chunk but the last. */
  chunkUnits: number;
}

/** What became of one dataset: all of its units, some within the tolerance, or too few of them. */
export type DatasetState = 'succeeded' | 'partial' | 'failed';

/** An error as a user reads it in the job, its error list and its events. */
export interface ErrorRecord {
  code: string;
  detail: string;
  remedy?: string;
  dataset?: string;
  /** What failed, in the words of the process, such as `9/265/180`. */
  unit?: string;
}

/** One state change: who did it, when, and why. */
export interface HistoryEntry {
  state: JobState;
  /** Milliseconds since the epoch. */
  at: number;
  /** `user:<subject>`, `planner`, `worker`, `finisher`, `dead-letters`, `sweeper`, `stream`. */
  actor: string;
  /** Stable word such as `submitted`, `planned`, `all-shards-settled`, `deadline`. */
  cause: string;
}

/** The job row. Everything that a caller may poll is here; what is large lies in the object store. */
export interface Job extends JobKey {
  state: JobState;
  /** +1 at each accepted write to this row. */
  version: number;
  processId: string;
  processVersion: string;
  /** Milliseconds since the epoch, like every time of a row. */
  createdAt: number;
  updatedAt: number;
  /** When the first shards were opened. */
  startedAt?: number;
  finishedAt?: number;
  deadlineAt: number;
  /** When the sweeper looks next; absent in a terminal job, which leaves the index of active jobs. */
  dueAt?: number;
  /** Who submitted it, from the token. */
  subject: string;
  /** The job whose failed or chosen units this one runs again. */
  retryOf?: string;
  /** True when the request names a subscriber to call back. */
  subscribed?: boolean;
  tags?: string[];
  /** True when it counts among the active jobs that its tenant may have. */
  inQuota?: boolean;
  /** Names the planner that works on it now; a planner whose token is no longer here writes nothing. */
  leaseToken?: string;
  leaseUntil?: number;
  /** Attempt of the planner that claimed it last; a later attempt takes over from an earlier one. */
  planAttempt?: number;
  /** From the plan on. */
  datasets?: DatasetNumbering[];
  /** One entry for each of `datasets`; counts of settled shards only. */
  counts: Counts[];
  /** One entry for each of `datasets`, once the job was finished: a dataset that failed was not published. */
  datasetStates?: DatasetState[];
  /** The window: shards below it are open or settled. Runs past the number of shards when the last ones settle. */
  nextShard: number;
  settledShards: ReadonlySet<number>;
  /** Why the job failed as a whole. */
  failure?: ErrorRecord;
  /** At most `MAX_ERROR_SAMPLE` of the complete list, which is an object. */
  errors?: ErrorRecord[];
  /** How often the sweeper healed this job, by cause. */
  healed: Record<string, number>;
  history: HistoryEntry[];
}

/** One shard item: the set of its settled chunks. */
export interface Shard {
  shard: number;
  settled: ReadonlySet<number>;
  /** Chunks with at least one failed unit. */
  failedChunks: ReadonlySet<number>;
  counts: Counts;
  /** Milliseconds since the epoch of the last settlement, or of the sweeper's first look. */
  updatedAt: number;
}
