import { errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { parseScopes } from '../../shared/http/principal.ts';
import type { Principal } from '../../shared/http/principal.ts';
import { tenantSchema } from '../../shared/jobs/messages.ts';
import type { Clock } from '../../shared/jobs/ports/clock.ts';

/** Asymmetric signatures only: with none of them can the public key be mistaken for a shared secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];

/** Clocks of issuer and service may differ by so many seconds. */
const CLOCK_SKEW_SECONDS = 30;

/** Scopes as text (RFC 8693, 4.2) or as a list. */
const scopesSchema = z.union([z.string(), z.array(z.string()).transform((list) => list.join(' '))]);

export interface JwtVerifierOptions {
  issuer: string;
  audience: string;
  /** Claim that names the tenant. */
  tenantClaim: string;
  /** Finds the issuer's public key. */
  keys: JWTVerifyGetKey;
  clock: Clock;
}

/** Who bears a JWT; undefined when it is not to be trusted. Rejects when the keys cannot be had. */
export type JwtVerifier = (token: string) => Promise<Principal | undefined>;

/** Verifies access tokens of an OpenID Connect issuer (RFC 7519, RFC 9068). */
export function createJwtVerifier({ issuer, audience, tenantClaim, keys, clock }: JwtVerifierOptions): JwtVerifier {
  return async (token) => {
    const payload = await verified(() =>
      jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'sub', tenantClaim],
      }),
    );
    return payload === undefined ? undefined : principalOf(payload, tenantClaim);
  };
}

function principalOf(payload: JWTPayload, tenantClaim: string): Principal | undefined {
  const tenant = tenantSchema.safeParse(payload[tenantClaim]);
  const subject = z.string().min(1).max(256).safeParse(payload.sub);
  const scopes = scopesSchema.safeParse(payload['scope'] ?? payload['scp'] ?? '');
  if (!tenant.success || !subject.success || !scopes.success) return undefined;
  return { tenant: tenant.data, subject: subject.data, scopes: parseScopes(scopes.data) };
}

/** A token that is wrong is refused; keys that cannot be fetched are our trouble, and no answer about the token. */
async function verified(verify: () => Promise<{ payload: JWTPayload }>): Promise<JWTPayload | undefined> {
  try {
    return (await verify()).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError && !isOurTrouble(error)) return undefined;
    throw error;
  }
}

const isOurTrouble = (error: errors.JOSEError): boolean =>
  error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC';
