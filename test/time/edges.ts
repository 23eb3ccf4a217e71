import type { Edge } from './edge.ts';
import { apiEdges } from './edges/api.ts';
import { planningEdges } from './edges/planning.ts';
import { queueEdges } from './edges/queue.ts';
import { submissionEdges } from './edges/submission.ts';
import { sweeperEdges } from './edges/sweeper.ts';
import { workEdges } from './edges/work.ts';

/** Every instant at which the engine, or what carries it, begins to do something else. */
export const EDGES: readonly Edge[] = [
  ...planningEdges,
  ...sweeperEdges,
  ...submissionEdges,
  ...queueEdges,
  ...workEdges,
  ...apiEdges,
];

/** Spans of time that nothing compares an instant with, and why. */
export const WITHOUT_EDGE: Readonly<Record<string, string>> = {
  'shared/jobs/retention.ts: DAY_SECONDS': 'a unit; how long rows are kept is held by time-to-live.test.ts',
  'shared/jobs/writes/submit.ts: DAYS_UNTIL_FORGOTTEN': 'held by time-to-live.test.ts',
  'functions/api/respond-problem.ts: DEFAULT_RETRY_SECONDS': 'advice to a client, in a header',
  'functions/api/routes/execution.ts: FIRST_POLL_SECONDS': 'advice to a client, in a header',
  'shared/http/outbound/create-outbound.ts: CONNECT_TIMEOUT_MS': 'a time-out of the network, in test/security/outbound',
  'shared/http/outbound/create-outbound.ts: IDLE_TIMEOUT_MS': 'a time-out of the network, in test/security/outbound',
  'shared/http/outbound/create-outbound.ts: WHOLE_TIMEOUT_MS': 'a time-out of the network, in test/security/outbound',
};
