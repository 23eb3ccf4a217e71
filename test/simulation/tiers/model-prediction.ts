import { isTerminal, type Job, type JobState } from '../../../shared/jobs/job.ts';
import { IDEMPOTENCY_MILLISECONDS } from '../../../shared/jobs/writes/submit.ts';

/** Requests, by what must become of them: all units are made, one of three fails, too many fail, there are none. */
export const KINDS = { whole: 'succeeded', flawed: 'partial', bad: 'failed', none: 'succeeded' } as const;
export type Kind = keyof typeof KINDS;
const UNITS = { whole: 3, flawed: 3, bad: 3, none: 0 } as const satisfies Record<Kind, number>;

export interface Request {
  tenant: string;
  processId: string;
  kind: Kind;
  /** Undefined where the caller sends none. */
  key: string | undefined;
  /** The job that is to be retried. */
  retryOf?: string;
}

/** What the model knows of a job. */
export interface ModelJob extends Request {
  jobId: string;
  state: JobState;
  acceptedAt: number;
  /** Least and most units that its tenant might ask for while it lived. */
  limits: { least: number; most: number };
}

/** What changes a job, and the steps that it may take by that. */
const WORK: Partial<Record<JobState, readonly JobState[]>> = {
  accepted: ['planning', 'failed'],
  planning: ['running', 'finishing', 'failed'],
  running: ['finishing'],
  finishing: ['succeeded', 'partial', 'failed'],
};
const BURY = { accepted: ['failed'], planning: ['failed'], running: ['finishing'], finishing: ['failed'] } as const;
const SWEEP = { ...BURY, running: ['finishing', 'failed'] } as const;
const CANCEL = {
  accepted: ['cancelled'],
  planning: ['cancelled'],
  running: ['cancelled'],
  finishing: ['cancelled'],
} as const;
const ANY = { ...WORK, running: ['finishing', 'failed'] } as const;
const MAY = {
  work: WORK,
  follow: { running: ['finishing'] },
  bury: BURY,
  sweep: SWEEP,
  cancel: CANCEL,
  any: ANY,
  nothing: {},
};
export type Cause = keyof typeof MAY;

/** Predicts what a caller is answered, and where each job may be. Knows nothing of rows, messages, shards or faults. */
export class Model {
  readonly jobs: ModelJob[] = [];
  readonly limits = new Map<string, number>();
  release = 0;

  /** The job of an earlier request, a refusal, or a new job. */
  submitted(request: Request, now: number): ModelJob | 'idempotency-conflict' | 'new' {
    const { tenant, processId, key, kind, retryOf } = request;
    const isSame = (job: ModelJob): boolean => job.kind === kind && job.retryOf === retryOf;
    const known = this.jobs.findLast(
      (job) =>
        job.tenant === tenant && job.processId === processId && job.key === key && (key !== undefined || isSame(job)),
    );
    if (known === undefined || known.acceptedAt + IDEMPOTENCY_MILLISECONDS <= now) return 'new';
    return isSame(known) ? known : 'idempotency-conflict';
  }

  retried(
    { state }: ModelJob,
    request: Request,
    now: number,
  ): ReturnType<Model['submitted']> | 'job-not-terminal' | 'nothing-to-retry' {
    if (!isTerminal(state)) return 'job-not-terminal';
    return state === 'succeeded' ? 'nothing-to-retry' : this.submitted(request, now);
  }

  mayMove(cause: Cause, from: JobState, to: JobState): boolean {
    return from === to || ((MAY[cause] as typeof WORK)[from]?.includes(to) ?? false);
  }

  /** Why a job may not have ended as it did; undefined when it may. @param wasGivenUp a message of it was a dead letter */
  wrongEnd(
    job: ModelJob,
    { state, failure, finishedAt = 0, deadlineAt }: Job,
    wasGivenUp: boolean,
  ): string | undefined {
    const { least, most } = job.limits;
    if (failure?.code === 'timed-out') return finishedAt < deadlineAt ? 'it timed out before its deadline' : undefined;
    if (failure?.code === 'tenant-limit-exceeded')
      return least >= UNITS[job.kind] ? 'it was refused within its limit' : undefined;
    if (state === 'cancelled') return job.state === 'cancelled' ? undefined : 'nobody cancelled it';
    if (most < UNITS[job.kind] && job.retryOf === undefined && state !== 'failed') return 'it passed its limit';
    if (wasGivenUp || failure?.code === 'worker-lost') return undefined;
    return state === KINDS[job.kind] ? undefined : `it is to be ${KINDS[job.kind]}`;
  }
}
