/** Longest token that is looked at, in characters: API Gateway takes 10 kB of headers. */
const MAX_TOKEN_CHARACTERS = 8_192;

/** The token of an `Authorization: Bearer …` header (RFC 6750, 2.1); undefined for anything else. */
export function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined || header.length > MAX_TOKEN_CHARACTERS) return undefined;
  const [, token] = /^bearer +([\w.~+/=-]+)$/i.exec(header) ?? [];
  return token;
}
