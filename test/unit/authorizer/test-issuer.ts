import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { createJwtVerifier } from '../../../functions/authorizer/jwt-verifier.ts';
import type { JwtVerifier } from '../../../functions/authorizer/jwt-verifier.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';

export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'longhaul';

/** Seconds since the epoch at which the issuer's clock, and ours, stand. */
export const NOW_SECONDS = Date.UTC(2026, 10, 22) / 1_000;

export interface TestIssuer {
  verify: JwtVerifier;
  /** Signs claims that are good but for the changes; a claim that is undefined is left out. */
  sign: (changes?: Record<string, unknown>) => Promise<string>;
  privateKey: CryptoKey;
  /** The public key as PEM-less bytes, as an attacker would use them as a secret. */
  publicKeyBytes: Uint8Array;
}

/** An OpenID Connect issuer with one ES256 key. */
export async function createTestIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const verify = createJwtVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    tenantClaim: 'tenant',
    keys: createLocalJWKSet({ keys: [jwk] }),
    clock: new ManualClock(NOW_SECONDS * 1_000),
  });
  const good: JWTPayload = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'ann',
    exp: NOW_SECONDS + 600,
    tenant: 'acme',
    scope: 'openid jobs:read jobs:write',
  };
  return {
    verify,
    privateKey,
    publicKeyBytes: new TextEncoder().encode(JSON.stringify(jwk)),
    sign: (changes = {}) =>
      new SignJWT({ ...good, ...changes }).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey),
  };
}
