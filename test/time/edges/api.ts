import type { Context } from 'aws-lambda';
import { vi } from 'vitest';
import { createHealth } from '../../../functions/api/health-checks.ts';
import { requireShort } from '../../../functions/api/execute/estimate-job.ts';
import { createReplay } from '../../../functions/api/replay.ts';
import type { ApiResponse } from '../../../functions/api/response.ts';
import { mintApiToken, parseApiToken, verifyApiToken } from '../../../shared/http/api-tokens.ts';
import { parseRetryAfter } from '../../../shared/http/outbound/retry-after.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { MemoryPersistence } from '../../unit/api/memory-persistence.ts';
import { createTestIssuer, NOW_SECONDS } from '../../unit/authorizer/test-issuer.ts';
import type { Edge } from '../edge.ts';
import { HOUR, MINUTE, SECOND } from '../stories.ts';

const NOW = Date.UTC(2026, 0, 1);

const CLOCK_SKEW = 'functions/authorizer/jwt-verifier.ts: CLOCK_SKEW_SECONDS';

/** Who bears a JWT with these claims, by a clock that stands at NOW_SECONDS. */
async function subjectOfJwt(claims: Record<string, number>): Promise<string | undefined> {
  const { verify, sign } = await createTestIssuer();
  return (await verify(await sign(claims)))?.subject;
}

const tokenEdges: Edge[] = [
  {
    name: 'an API token is refused when it expires',
    of: ['shared/http/api-tokens.ts: (expiresAt ?? Infinity) <= now'],
    at: HOUR,
    expected: ['ann', undefined, undefined],
    observe: async (at) => {
      const { token, write } = mintApiToken(
        { tenant: 'acme', subject: 'ann', scopes: ['jobs:read'], createdAt: NOW, expiresAt: NOW + HOUR },
        (length) => new Uint8Array(length).fill(7),
      );
      return verifyApiToken(parseApiToken(token)!, write.item, NOW + at)?.subject;
    },
  },
  // The claims of a JWT are whole seconds, so these edges are looked at a second apart.
  {
    name: 'a JWT is refused when it expired 30 seconds ago',
    of: [CLOCK_SKEW],
    at: 30,
    expected: ['ann', undefined, undefined],
    observe: (secondsAgo) => subjectOfJwt({ exp: NOW_SECONDS - secondsAgo }),
  },
  {
    name: 'a JWT is refused when it becomes valid in more than 30 seconds',
    of: [CLOCK_SKEW],
    at: 30,
    expected: ['ann', 'ann', undefined],
    observe: (secondsAhead) => subjectOfJwt({ nbf: NOW_SECONDS + secondsAhead }),
  },
];

const answerEdges: Edge[] = [
  {
    name: 'an answer about our health stands for five seconds',
    of: ['functions/api/health-checks.ts: clock.now() - last.at >= FRESH'],
    at: 5 * SECOND,
    expected: [1, 2, 2],
    observe: async (at) => {
      let asked = 0;
      const clock = new ManualClock();
      const health = createHealth({ table: async () => void asked++ }, clock);
      await health();
      clock.advance(at);
      await health();
      return asked;
    },
  },
  {
    name: 'a synchronous execution may be estimated at 20 seconds',
    of: [
      'functions/api/execute/estimate-job.ts: seconds <= MAX_SYNC_SECONDS',
      'functions/api/execute/estimate-job.ts: MAX_SYNC_SECONDS',
    ],
    at: 20 * SECOND,
    expected: ['run', 'run', 'sync-too-long'],
    observe: async (at) => {
      const range = { low: at / SECOND, high: at / SECOND };
      try {
        requireShort({ units: 1, chunks: 1, bytes: range, seconds: range, dollars: range, detail: {} });
        return 'run';
      } catch (error) {
        return (error as { code: string }).code;
      }
    },
  },
  {
    name: 'a response is replayed for 24 hours',
    of: ['functions/api/replay.ts: REPLAY_SECONDS'],
    at: 24 * HOUR,
    expected: [false, false, true],
    observe: async (at) => {
      vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
      try {
        const persistence = new MemoryPersistence();
        const response: ApiResponse = { statusCode: 201, headers: {}, body: '', isBase64Encoded: false };
        const lambda = { getRemainingTimeInMillis: () => MINUTE } as unknown as Context;
        await createReplay(persistence)({ key: 'k', fingerprint: 1 }, lambda, async () => response);
        vi.setSystemTime(NOW + at);
        return [...persistence.records.values()][0]?.isExpired();
      } finally {
        vi.useRealTimers();
      }
    },
  },
];

const DATE = new Date(NOW).toUTCString();
const RETRY_AFTER = [
  'shared/http/outbound/retry-after.ts: MAX_RETRY_AFTER_MS',
  'shared/http/outbound/retry-after.ts: Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS)',
];

const retryAfterEdges: Edge[] = [
  {
    name: 'a server may ask for an hour’s wait',
    of: RETRY_AFTER,
    at: HOUR,
    expected: [HOUR - 1, HOUR, HOUR],
    observe: async (before) => parseRetryAfter(DATE, NOW - before),
  },
  {
    name: 'a server that names an instant that is over asks for no wait',
    of: RETRY_AFTER,
    at: 0,
    expected: [0, 0, 1],
    observe: async (before) => parseRetryAfter(DATE, NOW - before),
  },
];

export const apiEdges: Edge[] = [...tokenEdges, ...answerEdges, ...retryAfterEdges];
