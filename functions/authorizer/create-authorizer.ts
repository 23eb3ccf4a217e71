import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { apiTokenKey, parseApiToken, verifyApiToken } from '../../shared/http/api-tokens.ts';
import type { Principal } from '../../shared/http/principal.ts';
import type { Clock } from '../../shared/jobs/ports/clock.ts';
import type { JobStore } from '../../shared/jobs/ports/job-store.ts';
import type { Logger } from '../../shared/jobs/ports/logger.ts';
import { bearerToken } from './bearer-token.ts';
import type { JwtVerifier } from './jwt-verifier.ts';

/** What the API finds in the request context; scopes are separated by spaces. */
export interface AuthorizerContext {
  tenant: string;
  subject: string;
  scopes: string;
}

/** Simple response of payload 2.0. A refusal says nothing about its reason. */
export type AuthorizerResult = { isAuthorized: true; context: AuthorizerContext } | { isAuthorized: false };

export interface AuthorizerOptions {
  store: Pick<JobStore, 'read'>;
  /** Absent when no issuer is configured: then API tokens only are taken. */
  verifyJwt?: JwtVerifier;
  clock: Clock;
  logger: Logger;
}

/**
 * Decides who calls. Bearer tokens only: no cookie, so no page can make a browser call us in its user's name.
 * Rejects when store or issuer are out of reach: API Gateway answers 500 and does not keep that answer, as it
 * would keep a refusal.
 */
export function createAuthorizer(options: AuthorizerOptions) {
  return async (event: APIGatewayRequestAuthorizerEventV2): Promise<AuthorizerResult> => {
    const token = bearerToken(event.headers?.['authorization']);
    const principal = token === undefined ? undefined : await principalOf(token, options);
    options.logger.info('authorizer.decided', {
      requestId: event.requestContext.requestId,
      route: event.routeKey,
      authorized: principal !== undefined,
      tenant: principal?.tenant,
    });
    if (principal === undefined) return { isAuthorized: false };
    const { tenant, subject, scopes } = principal;
    return { isAuthorized: true, context: { tenant, subject, scopes: scopes.join(' ') } };
  };
}

async function principalOf(token: string, options: AuthorizerOptions): Promise<Principal | undefined> {
  const apiToken = parseApiToken(token);
  if (apiToken === undefined) return options.verifyJwt?.(token);
  const row = await options.store.read(apiTokenKey(apiToken.id));
  return verifyApiToken(apiToken, row, options.clock.now());
}
