export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

export interface Hop {
  url: URL;
  method: Method;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array | string | undefined;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Statuses that keep method and body; the others go on with GET. */
const KEEPS_METHOD: ReadonlySet<number> = new Set([307, 308]);

/** Headers that go along to another origin: they describe what is wanted, and tell nothing about who asks. */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'if-match',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
  'user-agent',
]);
const BODY_HEADERS: ReadonlySet<string> = new Set(['content-type', 'content-length', 'content-encoding']);

/** The request that a response redirects to (RFC 9110, 15.4); undefined when it does not redirect. */
export function nextHop(hop: Hop, status: number, location: string | undefined): Hop | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  const url = URL.parse(location, hop.url.href);
  if (url === null) return undefined;
  const sameOrigin = url.origin === hop.url.origin;
  const keepsBody = KEEPS_METHOD.has(status) && hop.body !== undefined;
  const headers = Object.entries(hop.headers).filter(([name]) => {
    const lower = name.toLowerCase();
    if (BODY_HEADERS.has(lower)) return keepsBody;
    return sameOrigin || HARMLESS_HEADERS.has(lower);
  });
  const toGet = !KEEPS_METHOD.has(status) && hop.method !== 'HEAD';
  return {
    url,
    method: toGet ? 'GET' : hop.method,
    headers: Object.fromEntries(headers),
    body: keepsBody ? hop.body : undefined,
  };
}
