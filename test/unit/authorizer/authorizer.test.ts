import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { AuthorizerResult } from '../../../functions/authorizer/create-authorizer.ts';
import { createAuthorizer } from '../../../functions/authorizer/create-authorizer.ts';
import { mintApiToken } from '../../../shared/http/api-tokens.ts';
import { MemoryJobStore } from '../../../shared/local/memory-job-store.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { capturedEvents } from '../api/captured-events.ts';
import { authorizerEvent } from './authorizer-event.ts';
import { createTestIssuer } from './test-issuer.ts';

const CONTEXT = { tenant: 'acme', subject: 'ann', scopes: 'jobs:read jobs:write' };

async function setUp() {
  const clock = new ManualClock();
  const store = new MemoryJobStore({ clock });
  const lines: Record<string, unknown>[] = [];
  const log = (_event: string, fields: Record<string, unknown> = {}) => void lines.push(fields);
  const issuer = await createTestIssuer();
  const authorize = createAuthorizer({
    store,
    verifyJwt: issuer.verify,
    clock,
    logger: { info: log, warn: log, error: log },
  });
  const { token, write } = mintApiToken(
    { tenant: 'acme', subject: 'ann', scopes: ['jobs:read', 'jobs:write'], createdAt: clock.now() },
    (length) => new Uint8Array(length).fill(1),
  );
  await store.write(write);
  return { authorize, token, issuer, lines, clock, store };
}

describe('authorizer', () => {
  it.each(capturedEvents<APIGatewayRequestAuthorizerEventV2, AuthorizerResult>('authorizer'))(
    'answers the event $name',
    async ({ event, expected }) => {
      const { authorize } = await setUp();
      expect(await authorize(event)).toEqual(expected);
    },
  );

  it('takes an API token', async () => {
    const { authorize, token } = await setUp();
    expect(await authorize(authorizerEvent(`Bearer ${token}`))).toEqual({ isAuthorized: true, context: CONTEXT });
    expect(await authorize(authorizerEvent(`bearer  ${token}`))).toMatchObject({ isAuthorized: true });
  });

  it('takes a token of the issuer', async () => {
    const { authorize, issuer } = await setUp();
    const result = await authorize(authorizerEvent(`Bearer ${await issuer.sign()}`));
    expect(result).toEqual({ isAuthorized: true, context: CONTEXT });
  });

  it('refuses without saying why', async () => {
    const { authorize, token } = await setUp();
    const changed = token.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    for (const header of [undefined, '', token, `Basic ${token}`, 'Bearer', `Bearer ${changed}`, 'Bearer x y']) {
      expect(await authorize(authorizerEvent(header))).toEqual({ isAuthorized: false });
    }
  });

  it('takes no token of an issuer when none is configured', async () => {
    const { store, clock, issuer } = await setUp();
    const silent = () => undefined;
    const authorize = createAuthorizer({ store, clock, logger: { info: silent, warn: silent, error: silent } });
    expect(await authorize(authorizerEvent(`Bearer ${await issuer.sign()}`))).toEqual({ isAuthorized: false });
  });

  it('logs its decision, and never a token', async () => {
    const { authorize, token, lines } = await setUp();
    await authorize(authorizerEvent(`Bearer ${token}`));
    expect(lines).toEqual([{ requestId: 'req-1', route: 'GET /jobs', authorized: true, tenant: 'acme' }]);
    expect(JSON.stringify(lines)).not.toContain(token.slice(-10));
  });

  it('fails, rather than refuses, when the table is out of reach', async () => {
    const { clock, token } = await setUp();
    const silent = () => undefined;
    const authorize = createAuthorizer({
      store: { read: () => Promise.reject(new Error('throttled')) },
      clock,
      logger: { info: silent, warn: silent, error: silent },
    });
    await expect(authorize(authorizerEvent(`Bearer ${token}`))).rejects.toThrow('throttled');
  });
});
