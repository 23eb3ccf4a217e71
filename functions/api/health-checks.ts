import type { Platform } from '../../shared/jobs/platform.ts';
import type { Clock } from '../../shared/jobs/ports/clock.ts';

const SECOND = 1_000;

/** Longest wait for one service. */
const CHECK_TIMEOUT = 2 * SECOND;

/** How long an answer stands: the route is open, and must not be a way to spend our requests. */
const FRESH = 5 * SECOND;

/** Asks each service once. */
export type HealthChecks = Readonly<Record<string, () => Promise<unknown>>>;

export interface Health {
  status: 'ready' | 'not-ready';
  checks: Record<string, 'ready' | 'not-ready'>;
}

/** Table, bucket and the queue of the first process: one read each, of nothing in particular. */
export function healthChecks({ store, objects, queue, processes, locations }: Platform): HealthChecks {
  const [processId] = processes.keys();
  return {
    table: () => store.read({ pk: 'SETTING#health', sk: 'SETTING' }),
    bucket: () => objects.getRange(new URL('health', locations.work), 0, 1),
    ...(processId === undefined ? {} : { queue: () => queue.depth(processId) }),
  };
}

/** Checks what the API stands on, at most once in five seconds. */
export function createHealth(checks: HealthChecks, clock: Clock): () => Promise<Health> {
  let last: { at: number; health: Promise<Health> } | undefined;
  return () => {
    if (last === undefined || clock.now() - last.at >= FRESH) {
      last = { at: clock.now(), health: checkAll(checks, clock) };
    }
    return last.health;
  };
}

async function checkAll(checks: HealthChecks, clock: Clock): Promise<Health> {
  const answers = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await answerInTime(check, clock)] as const),
  );
  return {
    status: answers.every(([, answer]) => answer === 'ready') ? 'ready' : 'not-ready',
    checks: Object.fromEntries(answers),
  };
}

/** Whether a service answers in time. Why it does not is the service's own alarm; the route only says that. */
async function answerInTime(check: () => Promise<unknown>, clock: Clock): Promise<'ready' | 'not-ready'> {
  const stop = new AbortController();
  const tooLate = clock.sleep(CHECK_TIMEOUT, stop.signal).then(
    () => 'not-ready' as const,
    () => 'not-ready' as const,
  );
  const answered = check().then(
    () => 'ready' as const,
    () => 'not-ready' as const,
  );
  const answer = await Promise.race([answered, tooLate]);
  stop.abort();
  return answer;
}
