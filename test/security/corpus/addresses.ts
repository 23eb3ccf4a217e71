import fc from 'fast-check';

/** Networks of IPv4 that are no public unicast (IANA special-purpose registry, RFC 6890), with the bits of each. */
export const PRIVATE_NETWORKS = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

export type Octets = readonly [number, number, number, number];

/** Any address of those networks. */
export const privateIpv4: fc.Arbitrary<Octets> = fc
  .tuple(fc.constantFrom(...PRIVATE_NETWORKS), fc.nat(2 ** 32 - 1))
  .map(([[network, bits], random]) => {
    const base = network.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
    return octetsOf(base + (random % 2 ** (32 - bits)));
  });

const octetsOf = (address: number): Octets => [
  Math.floor(address / 2 ** 24),
  Math.floor(address / 2 ** 16) % 256,
  Math.floor(address / 256) % 256,
  address % 256,
];

/**
 * Notations of an address that URL parsers, C libraries and gateways take: short forms, octal, hexadecimal, one number,
 * a closing dot, digits of other scripts, percent-encoding; and IPv6 addresses with it inside (mapped, compatible,
 * translated, NAT64, 6to4, Teredo, ISATAP of a link).
 */
export function notationsOf([a, b, c, d]: Octets): string[] {
  const dotted = `${a}.${b}.${c}.${d}`;
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const octal = (value: number) => `0${value.toString(8)}`;
  const hex = (value: number) => `0x${value.toString(16)}`;
  const group = (high: number, low: number) => (high * 256 + low).toString(16);
  const [high, low] = [group(a, b), group(c, d)];
  const inverted = `${group(255 - a, 255 - b)}:${group(255 - c, 255 - d)}`;
  return [
    ...[dotted, `${dotted}.`, `${whole}`, hex(whole), octal(whole), `${a}.${(b * 256 + c) * 256 + d}`],
    ...[`${a}.${b}.${c * 256 + d}`, [a, b, c, d].map(octal).join('.'), [a, b, c, d].map(hex).join('.')],
    ...[
      `${hex(a)}.${octal(b)}.${c}.${d}`,
      `0x${'0'.repeat(12)}${whole.toString(16)}`,
      `${'0'.repeat(9)}${a.toString(8)}.${b}.${c}.${d}`,
    ],
    ...[
      dotted.replaceAll('.', '。'),
      dotted.replaceAll('.', '．'),
      dotted.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    ],
    ...[
      dotted.replace(/\d/g, (digit) => `%3${digit}`),
      dotted.replaceAll('.', '%2e'),
      `user@${dotted}`,
      `${dotted}:443`,
    ],
    ...[`[::ffff:${dotted}]`, `[::ffff:${high}:${low}]`, `[0:0:0:0:0:ffff:${high}:${low}]`, `[::${dotted}]`],
    ...[`[::ffff:0:${dotted}]`, `[64:ff9b::${dotted}]`, `[64:ff9b:1::${high}:${low}]`, `[2002:${high}:${low}::1]`],
    ...[`[2001:0:${high}:${low}::1]`, `[2001:0:5db8:d822::${inverted}]`, `[fe80::5efe:${dotted}]`, `[fe80::1%25${a}]`],
  ];
}

/** URLs that lead to this machine in ways of their own; `<port>` is that of the canary. */
export const privateUrl: readonly string[] = [
  'https://localhost:<port>/',
  'https://LOCALHOST.:<port>/',
  'https://localhost.localdomain:<port>/',
  'https://127.0.0.1.nip.io:<port>/',
  'https://xn--lcalhost-54a:<port>/',
  'https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:<port>/',
  'https://metadata.google.internal:<port>/',
  'https://[::1]:<port>/',
  'https://[0:0:0:0:0:0:0:1]:<port>/',
  'https://[::1%25lo0]:<port>/',
  'https://[::ffff:127.0.0.1]:<port>/',
  'https://127.0.0.1:<port>/#@public.example/',
  'https://public.example@127.0.0.1:<port>/',
  'https://public.example%2f@127.0.0.1:<port>/',
  'https://public.example\\@127.0.0.1:<port>/',
  'https:127.0.0.1:<port>/',
  'https:///127.0.0.1:<port>/',
  'https:\\\\127.0.0.1:<port>\\',
  '\thttps://127.0.0.1:<port>/',
  'h\nttps://127.0.0.1:<port>/',
  'https://127.0.0.1:<port>',
  'http://127.0.0.1:<port>/',
  'HTTP://127.0.0.1:<port>/',
  'ws://127.0.0.1:<port>/',
  'wss://127.0.0.1:<port>/',
  'ftp://127.0.0.1:<port>/',
  'gopher://127.0.0.1:<port>/_GET',
  'jar:https://127.0.0.1:<port>/!/',
  'view-source:https://127.0.0.1:<port>/',
  'blob:https://127.0.0.1:<port>/a',
  'https://0:<port>/',
  'https://0x7f.1:<port>/',
  'https://2130706433:<port>/',
  'https://017700000001:<port>/',
];
