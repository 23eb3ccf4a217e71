import { JOB_STATES, type JobState } from './job.ts';

/**
 * The life of a job.
 *
 *     accepted ──claim──▶ planning ──plan──▶ running ──last shard──▶ finishing ──publish──▶ succeeded
 *                          │    ▲               │ ▲                     │                   partial
 *                          └────┘ claim         └─┘ shard               │                   failed
 *                                                                       │
 *     any of the four ── cancel ──▶ cancelled        any of the four ── time-out ──▶ failed
 *
 * accepted   Entered by the submission, together with its idempotency record. Left when a planner claims it.
 * planning   A planner holds the lease. A later attempt takes over at once, the same attempt only when the lease
 *            ran out. Left with a plan (running, or finishing when there is nothing to run), or as failed when
 *            the plan is refused for good or its message was given up.
 * running    Shards are open. Each settles once; the one that settles last moves the job on. When two settle at
 *            the same instant, neither sees itself as the last: the stream's consumer or the sweeper moves it on.
 * finishing  Every shard is settled; outputs are assembled. Left by one transaction that moves the datasets'
 *            pointers and the state: succeeded, partial or failed by the counts; or as failed when assembling
 *            failed for good.
 * succeeded, partial, failed, cancelled   Nothing leaves a terminal state. A retry is a new job.
 */
export const JOB_EVENTS = [
  'claim-planning',
  'store-plan',
  'store-empty-plan',
  'refuse-plan',
  'settle-shard',
  'settle-last-shard',
  'begin-finishing',
  'publish',
  'abandon-finish',
  'cancel',
  'time-out',
] as const;
export type JobEvent = (typeof JOB_EVENTS)[number];

/** What must hold besides the state; each stands as a clause in the condition of its write. */
export type Guard =
  | 'none'
  /** The attempt is later than the one that claimed last, or it is the same one and its lease ran out. */
  | 'lease-free'
  /** The lease token is the writer's own. */
  | 'lease-held'
  /** The shard is not in the set of settled shards. */
  | 'shard-unsettled'
  /** The shard is not in the set, and all others are. */
  | 'last-shard-unsettled'
  | 'all-shards-settled'
  | 'deadline-passed';

export interface Transition {
  from: JobState;
  event: JobEvent;
  guard: Guard;
  /** Where it may lead; publish chooses by the counts. */
  to: readonly JobState[];
}

/** Every legal step; the conditions of the writes take their states from here. */
export const TRANSITIONS: readonly Transition[] = [
  { from: 'accepted', event: 'claim-planning', guard: 'none', to: ['planning'] },
  { from: 'accepted', event: 'refuse-plan', guard: 'none', to: ['failed'] },
  { from: 'accepted', event: 'cancel', guard: 'none', to: ['cancelled'] },
  { from: 'accepted', event: 'time-out', guard: 'deadline-passed', to: ['failed'] },
  { from: 'planning', event: 'claim-planning', guard: 'lease-free', to: ['planning'] },
  { from: 'planning', event: 'store-plan', guard: 'lease-held', to: ['running'] },
  { from: 'planning', event: 'store-empty-plan', guard: 'lease-held', to: ['finishing'] },
  { from: 'planning', event: 'refuse-plan', guard: 'none', to: ['failed'] },
  { from: 'planning', event: 'cancel', guard: 'none', to: ['cancelled'] },
  { from: 'planning', event: 'time-out', guard: 'deadline-passed', to: ['failed'] },
  { from: 'running', event: 'settle-shard', guard: 'shard-unsettled', to: ['running'] },
  { from: 'running', event: 'settle-last-shard', guard: 'last-shard-unsettled', to: ['finishing'] },
  { from: 'running', event: 'begin-finishing', guard: 'all-shards-settled', to: ['finishing'] },
  { from: 'running', event: 'cancel', guard: 'none', to: ['cancelled'] },
  { from: 'running', event: 'time-out', guard: 'deadline-passed', to: ['failed'] },
  { from: 'finishing', event: 'publish', guard: 'none', to: ['succeeded', 'partial', 'failed'] },
  { from: 'finishing', event: 'abandon-finish', guard: 'none', to: ['failed'] },
  { from: 'finishing', event: 'cancel', guard: 'none', to: ['cancelled'] },
  { from: 'finishing', event: 'time-out', guard: 'deadline-passed', to: ['failed'] },
];

/** The states in which an event is legal, whatever its guard. */
export function statesThatAllow(event: JobEvent): JobState[] {
  return JOB_STATES.filter((state) => TRANSITIONS.some((step) => step.from === state && step.event === event));
}
