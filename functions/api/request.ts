import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { z } from 'zod';
import { parseScopes } from '../../shared/http/principal.ts';
import type { Principal } from '../../shared/http/principal.ts';
import { tenantSchema } from '../../shared/jobs/messages.ts';

/** A request as a route sees it. */
export interface ApiRequest {
  method: string;
  path: string;
  /** From the route's `{parameters}`, decoded. */
  parameters: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Lower-case names, as API Gateway gives them. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string | undefined;
  bodyIsBase64: boolean;
  /** Absent on open routes. */
  principal: Principal | undefined;
  /** Address of the API as the caller sees it, without a trailing slash. */
  root: string;
  /** Names the request in the log and in problems. */
  requestId: string;
  /** Aborted shortly before the function's time is up. */
  signal: AbortSignal;
  lambda: Context;
}

/** An HTTP API event of payload 2.0, on a route with or without authorizer. */
export type ApiEvent = Omit<APIGatewayProxyEventV2, 'requestContext'> & {
  requestContext: APIGatewayProxyEventV2['requestContext'] & { authorizer?: { lambda?: unknown } };
};

/** What the authorizer puts into the request context. */
const contextSchema = z.object({
  tenant: tenantSchema,
  subject: z.string().min(1),
  /** Separated by spaces. */
  scopes: z.string(),
});

/** @param publicUrl origin and path that callers see; empty: the domain and stage of the event */
export function parseRequest(event: ApiEvent, lambda: Context, signal: AbortSignal, publicUrl: string): ApiRequest {
  const { http, domainName, stage, requestId, authorizer } = event.requestContext;
  const principal = contextSchema.safeParse(authorizer?.lambda);
  return {
    method: http.method,
    path: http.path,
    parameters: parametersOf(event),
    query: new URLSearchParams(event.rawQueryString),
    headers: event.headers,
    body: event.body,
    bodyIsBase64: event.isBase64Encoded,
    principal: principal.success ? { ...principal.data, scopes: parseScopes(principal.data.scopes) } : undefined,
    root: publicUrl !== '' ? publicUrl : `https://${domainName}${stage === '$default' ? '' : `/${stage}`}`,
    requestId,
    signal,
    lambda,
  };
}

function parametersOf(event: ApiEvent): Record<string, string> {
  const entries = Object.entries(event.pathParameters ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
