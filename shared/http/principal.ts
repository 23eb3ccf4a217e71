/** What a bearer may do; each route of the API asks for one of them. */
export const SCOPES = ['jobs:read', 'jobs:write', 'jobs:operate'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who sends a request, as the authorizer found. */
export interface Principal {
  /** The only source of the tenant: nothing in a request can name another. */
  tenant: string;
  subject: string;
  scopes: readonly Scope[];
}

/** Keeps the scopes that we know of a space-separated list (RFC 6749, 3.3). */
export function parseScopes(text: string): Scope[] {
  const given = new Set(text.split(' '));
  return SCOPES.filter((scope) => given.has(scope));
}
