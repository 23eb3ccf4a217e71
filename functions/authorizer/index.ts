import { createRemoteJWKSet } from 'jose';
import { createDynamoDbClient } from '../../shared/aws/clients.ts';
import { DynamoDbJobStore } from '../../shared/aws/dynamodb-job-store.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { systemClock } from '../../shared/config/system.ts';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { createLogger } from '../../shared/observability/logger.ts';
import { createAuthorizer } from './create-authorizer.ts';
import { createJwtVerifier } from './jwt-verifier.ts';
import type { JwtVerifier } from './jwt-verifier.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Of the issuer's keys: longest wait, rest between two fetches for an unknown key, and life of a fetched set. */
const KEYS = { timeoutDuration: 3 * SECOND, cooldownDuration: 30 * SECOND, cacheMaxAge: 10 * MINUTE };

const environment = readEnvironment(
  ['TABLE_NAME', 'OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_JWKS_URL', 'OIDC_TENANT_CLAIM'],
  process.env,
);
const verifyJwt = jwtVerifier();

export const handler = createAuthorizer({
  store: new DynamoDbJobStore({ client: createDynamoDbClient(), tableName: environment.TABLE_NAME }),
  ...(verifyJwt === undefined ? {} : { verifyJwt }),
  clock: systemClock,
  logger: createLogger('authorizer'),
});

/** @throws LonghaulError `environment-invalid` when an issuer is named without what belongs to it */
function jwtVerifier(): JwtVerifier | undefined {
  const {
    OIDC_ISSUER: issuer,
    OIDC_AUDIENCE: audience,
    OIDC_JWKS_URL: url,
    OIDC_TENANT_CLAIM: tenantClaim,
  } = environment;
  if (issuer === '') return undefined;
  // Without an audience, tokens that the issuer made for other services would be taken.
  if (audience === '' || url === '' || tenantClaim === '') {
    throw new LonghaulError({
      code: 'environment-invalid',
      retryable: false,
      detail: 'OIDC_ISSUER is set without OIDC_AUDIENCE, OIDC_JWKS_URL or OIDC_TENANT_CLAIM.',
      remedy: 'Deploy with all four of them, or with none.',
    });
  }
  return createJwtVerifier({
    issuer,
    audience,
    tenantClaim,
    keys: createRemoteJWKSet(new URL(url), KEYS),
    clock: systemClock,
  });
}
