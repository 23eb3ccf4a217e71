import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { bareHost } from './check-url.ts';
import { outboundHostUnknown, outboundNotAllowed, outboundUnavailable } from './errors.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

/** Resolves a host name to its addresses: IPv4 in dotted decimal, IPv6 without brackets. */
export type Resolver = (hostname: string) => Promise<readonly string[]>;

/** Answers that are tried; a host with more is asked at the first ones. */
const MAX_ADDRESSES = 4;

export const systemResolver: Resolver = async (hostname) => {
  const answers = await lookup(hostname, { all: true, order: 'ipv4first' });
  return answers.map((answer) => answer.address);
};

/**
 * The addresses of a host that may be connected to. Every answer must be public: one private answer among public ones
 * is how a name is bound anew between check and use.
 * @param loopback the host is one of the loopback origins: every answer must then be this machine
 * @throws LonghaulError `outbound-not-allowed`, `outbound-host-unknown` (final), `outbound-unavailable` (retryable)
 */
export async function resolveHost(hostname: string, resolver: Resolver, loopback: boolean): Promise<readonly string[]> {
  const host = bareHost(hostname);
  const addresses = isIP(host) === 0 ? await resolveName(host, resolver) : [host];
  if (addresses.length === 0) throw outboundHostUnknown(host, undefined);
  const allowed = loopback ? isLoopbackAddress : isPublicAddress;
  if (!addresses.every(allowed)) {
    throw outboundNotAllowed(host, loopback ? 'it is not this machine' : 'the address is not a public one');
  }
  return addresses.slice(0, MAX_ADDRESSES);
}

async function resolveName(host: string, resolver: Resolver): Promise<readonly string[]> {
  try {
    return await resolver(host);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTFOUND' || code === 'ENODATA') throw outboundHostUnknown(host, error);
    throw outboundUnavailable(host, 'its name cannot be resolved now', { cause: error });
  }
}
