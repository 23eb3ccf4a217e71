import { isIP } from 'node:net';
import { outboundNotAllowed } from './errors.ts';
import { isPublicAddress } from './public-address.ts';

/** Longest URL: what servers take. */
const MAX_URL_CHARACTERS = 8192;
const HTTPS_PORT = 443;

export interface UrlRules {
  /** Ports besides 443. */
  ports: ReadonlySet<number>;
  /** Origins of this machine that may be asked, over http too: for tests and local use. */
  loopbackOrigins: ReadonlySet<string>;
}

/**
 * Checks a URL before anything is looked up or connected. A host that is an address is checked here in every notation,
 * since the URL parser has turned octal, hexadecimal and short forms into dotted decimal; names are checked by what
 * they resolve to, when they are connected.
 * @returns the URL without its fragment
 * @throws LonghaulError `outbound-not-allowed` (final)
 */
export function checkUrl(input: URL | string, rules: UrlRules): URL {
  const url = parse(input);
  url.hash = '';
  const host = url.hostname === '' ? 'this URL' : url.hostname;
  if (url.href.length > MAX_URL_CHARACTERS) {
    throw outboundNotAllowed(host, `the URL has more than ${MAX_URL_CHARACTERS} characters`);
  }
  if (url.username !== '' || url.password !== '') {
    throw outboundNotAllowed(host, 'the URL carries a user name or a password');
  }
  if (rules.loopbackOrigins.has(url.origin)) return url;
  if (url.protocol !== 'https:')
    throw outboundNotAllowed(host, `the scheme is ${url.protocol.slice(0, -1)}, not https`);
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  if (port !== HTTPS_PORT && !rules.ports.has(port)) throw outboundNotAllowed(host, `port ${port} is not allowed`);
  const address = bareHost(url.hostname);
  if (isIP(address) !== 0 && !isPublicAddress(address))
    throw outboundNotAllowed(host, 'the address is not a public one');
  return url;
}

/** The host without the brackets of an IPv6 address and without the dot of the root. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

function parse(input: URL | string): URL {
  const url = URL.parse(input.toString());
  if (url === null) throw outboundNotAllowed('this URL', 'it is not an absolute URL');
  return url;
}
