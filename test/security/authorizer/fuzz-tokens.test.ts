import fc from 'fast-check';
import { beforeAll, describe, expect } from 'vitest';
import { createAuthorizer } from '../../../functions/authorizer/create-authorizer.ts';
import { mintApiToken, verifyApiToken, parseApiToken } from '../../../shared/http/api-tokens.ts';
import type { Principal } from '../../../shared/http/principal.ts';
import type { Item } from '../../../shared/jobs/ports/job-store.ts';
import { authorizerEvent } from '../../unit/authorizer/authorizer-event.ts';
import { createTestIssuer, NOW_SECONDS, type TestIssuer } from '../../unit/authorizer/test-issuer.ts';
import { silent } from '../../helpers/test-engine.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { fuzz, printCorpora } from '../corpus/fuzz.ts';
import { hostileValues } from '../corpus/json.ts';
import { changedText, hostileText } from '../corpus/texts.ts';

const NOW = NOW_SECONDS * 1_000;
const ANN: Principal = { tenant: 'acme', subject: 'ann', scopes: ['jobs:read', 'jobs:write'] };

/** Headers of a JWT that name another algorithm, or a key of the bearer's own choice. */
const HEADERS = [
  { alg: 'ES256', kid: 'k1' },
  { alg: 'none', kid: 'k1', typ: 'JWT' },
  { alg: 'HS256', kid: '../../../dev/null', crit: ['b64'], b64: false },
  { alg: 'ES256', kid: "k1' UNION SELECT 'a", jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x5u' },
  { alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }, x5c: ['AAAA'] },
];
const CLAIMS = [
  {
    iss: 'https://issuer.example',
    aud: 'longhaul',
    sub: 'root',
    exp: NOW_SECONDS + 600,
    tenant: 'other',
    scope: 'jobs:operate',
  },
];

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Replaces parts of a signed token, or some of its letters. */
const forgery = fc.oneof(
  fc.record({ header: hostileValues(HEADERS) }),
  fc.record({ claims: hostileValues(CLAIMS) }),
  fc.record({ header: hostileValues(HEADERS), claims: hostileValues(CLAIMS), signature: hostileText }),
  fc.record({ token: hostileText }),
  fc.record({ changes: changedText(['<header>.<claims>.<signature>']) }),
) as fc.Arbitrary<{ header?: unknown; claims?: unknown; signature?: string; token?: string; changes?: string }>;

describe('the authorizer', () => {
  printCorpora('tokens');
  let issuer: TestIssuer;
  let signed = '';
  let parts: string[] = [];
  const { token: apiToken, write } = mintApiToken(
    { ...ANN, scopes: [...ANN.scopes], createdAt: NOW, expiresAt: NOW + 1_000 },
    (length) => new Uint8Array(length).fill(0xab),
  );
  let keysRead: string[] = [];
  const authorize = (authorization: string) =>
    createAuthorizer({
      store: {
        read: async ({ pk, sk }) => {
          keysRead.push(pk);
          return pk === write.key.pk && sk === write.key.sk ? write.item : undefined;
        },
      },
      verifyJwt: issuer.verify,
      clock: new ManualClock(NOW),
      logger: silent,
    })(authorizerEvent(authorization));
  beforeAll(async () => {
    issuer = await createTestIssuer();
    signed = await issuer.sign();
    parts = signed.split('.');
    expect(await issuer.verify(signed)).toEqual(ANN);
    expect(await authorize(`Bearer ${apiToken}`)).toMatchObject({ isAuthorized: true });
  });

  fuzz('takes no token whose header, claims, signature or letters were changed', forgery, async (forged) => {
    const [header = '', claims = '', signature = ''] = parts;
    const made =
      forged.token ??
      forged.changes?.replace('<header>', header).replace('<claims>', claims).replace('<signature>', signature) ??
      [
        forged.header === undefined ? header : encoded(forged.header),
        forged.claims === undefined ? claims : encoded(forged.claims),
        forged.signature ?? signature,
      ].join('.');
    const principal = await issuer.verify(made);
    // Letters of base64url that say the same are the same token.
    if (principal !== undefined)
      expect({ ...principal, made: bytesOf(made) }).toEqual({ ...ANN, made: bytesOf(signed) });
  });

  fuzz(
    'takes no header but the one that it gave out, and asks the store for keys of tokens alone',
    fc.oneof(
      changedText([`Bearer ${apiToken}`, `bearer  ${apiToken}`, `Basic ${apiToken}`]),
      hostileText.map((text) => `Bearer ${text}`),
      hostileText,
    ),
    async (header) => {
      keysRead = [];
      const result = await authorize(header);
      if (result.isAuthorized) expect(header.replace(/^bearer +/i, '')).toBe(apiToken);
      for (const key of keysRead) expect(key).toMatch(/^TOKEN#[0-9a-f]{16}$/);
    },
  );

  fuzz(
    'takes no principal but a whole one from a row that somebody else wrote',
    hostileValues([{ ...write.item, subject: 'ann' }]),
    (row) => {
      const principal = verifyApiToken(parseApiToken(apiToken)!, row as Item, NOW);
      if (principal === undefined) return;
      expect(principal.tenant).toMatch(/^[a-z0-9-]{1,63}$/);
      expect(principal.subject).not.toBe('');
      for (const scope of principal.scopes) expect(['jobs:read', 'jobs:write', 'jobs:operate']).toContain(scope);
      expect((row as Item)['secretHash']).toBe(write.item['secretHash']);
    },
  );
});

const bytesOf = (token: string): string =>
  token
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('hex'))
    .join('.');
