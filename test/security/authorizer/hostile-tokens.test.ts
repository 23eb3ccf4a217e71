import { SignJWT, UnsecuredJWT, errors } from 'jose';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier } from '../../../functions/authorizer/jwt-verifier.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { AUDIENCE, createTestIssuer, ISSUER, NOW_SECONDS } from '../../unit/authorizer/test-issuer.ts';

const GOOD = { iss: ISSUER, aud: AUDIENCE, sub: 'ann', exp: NOW_SECONDS + 600, tenant: 'acme', scope: 'jobs:read' };

describe('tokens of an issuer', () => {
  it.each([
    ['expired', { exp: NOW_SECONDS - 31 }],
    ['without an end', { exp: undefined }],
    ['not valid yet', { nbf: NOW_SECONDS + 31 }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['for another audience', { aud: 'other' }],
    ['without an audience', { aud: undefined }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['without a tenant', { tenant: undefined }],
    ['with a tenant that is no name', { tenant: '../acme' }],
    ['with a tenant that reaches into another key', { tenant: 'acme#JOB' }],
    ['with two tenants', { tenant: ['acme', 'other'] }],
    ['with scopes that are no text', { scope: { admin: true } }],
  ])('are refused when %s', async (_, changes) => {
    const { sign, verify } = await createTestIssuer();
    expect(await verify(await sign())).toBeDefined();
    expect(await verify(await sign(changes))).toBeUndefined();
  });

  it('are taken within the skew of two clocks', async () => {
    const { sign, verify } = await createTestIssuer();
    expect(await verify(await sign({ exp: NOW_SECONDS - 29 }))).toBeDefined();
  });

  it('keep only the scopes that there are', async () => {
    const { sign, verify } = await createTestIssuer();
    expect(await verify(await sign({ scope: undefined, scp: ['jobs:operate', 'root'] }))).toMatchObject({
      scopes: ['jobs:operate'],
    });
    expect(await verify(await sign({ scope: undefined }))).toMatchObject({ scopes: [] });
  });

  it('are refused with alg none', async () => {
    const { verify } = await createTestIssuer();
    const unsecured = new UnsecuredJWT(GOOD).encode();
    expect(await verify(unsecured)).toBeUndefined();
    expect(await verify(unsecured.replace(/\.$/, '.AAAA'))).toBeUndefined();
  });

  it('are refused when the public key is used as a shared secret', async () => {
    const { verify, publicKeyBytes } = await createTestIssuer();
    const token = await new SignJWT(GOOD).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(publicKeyBytes);
    expect(await verify(token)).toBeUndefined();
  });

  it('are refused with a shared secret, even when the keys would give one', async () => {
    const secret = new Uint8Array(32).fill(1);
    const clock = new ManualClock(NOW_SECONDS * 1_000);
    const keys = () => Promise.resolve(secret);
    const verify = createJwtVerifier({ issuer: ISSUER, audience: AUDIENCE, tenantClaim: 'tenant', keys, clock });
    const token = await new SignJWT(GOOD).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    expect(await verify(token)).toBeUndefined();
  });

  it('are refused when signed by another key of the same name', async () => {
    const [own, other] = [await createTestIssuer(), await createTestIssuer()];
    expect(await own.verify(await other.sign())).toBeUndefined();
  });

  it('are refused when a claim or the signature is changed', async () => {
    const { sign, verify } = await createTestIssuer();
    const [header = '', payload = '', signature = ''] = (await sign()).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const changed = Buffer.from(JSON.stringify({ ...claims, tenant: 'other' })).toString('base64url');
    for (const token of [
      `${header}.${changed}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      'a.b.c',
      '',
    ]) {
      expect(await verify(token)).toBeUndefined();
    }
  });

  it('are not judged when the keys cannot be fetched', async () => {
    const { sign } = await createTestIssuer();
    for (const error of [new errors.JWKSTimeout(), new TypeError('fetch failed')]) {
      const verify = createJwtVerifier({
        issuer: ISSUER,
        audience: AUDIENCE,
        tenantClaim: 'tenant',
        keys: () => Promise.reject(error),
        clock: new ManualClock(NOW_SECONDS * 1_000),
      });
      await expect(verify(await sign())).rejects.toBe(error);
    }
  });
});
