import ipaddr from 'ipaddr.js';

/** 2000::/3, all that is given out as global unicast (RFC 4291); mapped and translated IPv4 lies outside of it. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is a public unicast one, by the special-purpose registers of IANA: not private, loopback,
 * link-local, shared (carrier-grade NAT), multicast, documentation, benchmarking or reserved; and not an IPv6 address
 * with an IPv4 address in it (mapped, compatible, NAT64, 6to4, Teredo), which a gateway might turn into any of those.
 * @param address IPv4 in dotted decimal, or IPv6 without brackets
 */
export function isPublicAddress(address: string): boolean {
  // A zone (RFC 4007, 11) names an interface of this machine: no public address has one.
  if (address.includes('%')) return false;
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
}

/** Whether an address is this machine itself. */
export function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === 'loopback';
}
