import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutbound, type Outbound } from '../../../shared/http/outbound/create-outbound.ts';
import { internetOf, startLocalHttp, type LocalHttp } from '../../helpers/local-http.ts';

/** Hosts that stand for this machine, a private network, or an address with one of those in it. */
const FORBIDDEN_HOSTS = [
  // IPv4, in the notations that URL parsers and C libraries take.
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '017700000001',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7f.1',
  '0177.0.0.1',
  '0177.0.0.01',
  '00000177.1',
  '127.0.0.1.',
  '127.1.',
  '0',
  '0.0.0.0',
  '0x0',
  '0.0.0.1',
  '10.0.0.1',
  '10.1',
  '0xa.0.0.1',
  '167772161',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '192.168.1',
  '3232235521',
  '169.254.169.254',
  '169.254.170.2',
  '0xa9fea9fe',
  '2852039166',
  '0251.0376.0251.0376',
  '169.254.43518',
  '100.64.0.1',
  '100.100.100.200',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  // Digits of other scripts, which a URL parser maps to ASCII.
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '１２７.0.0.1',
  // IPv6, also with an IPv4 address in it.
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[0000::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[::ffff:93.184.216.34]',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2001:0:7f00:1::]',
  '[2001:db8::1]',
  '[fe80::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[100::1]',
] as const;

/** What a name may resolve to; the check is on every answer. */
const FORBIDDEN_ANSWERS = [
  ['127.0.0.1'],
  ['10.0.0.8'],
  ['169.254.169.254'],
  ['::1'],
  ['::ffff:127.0.0.1'],
  ['fd00:ec2::254'],
  ['93.184.216.34', '127.0.0.1'],
  ['2606:2800:220:1::1', '::1'],
  ['not an address'],
];

const FORBIDDEN_URLS = [
  'http://example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:70/_',
  'data:text/plain,hello',
  'javascript:alert(1)',
  'unix:/var/run/docker.sock',
  'https://user@example.com/',
  'https://user:password@example.com/',
  'https://example.com:22/',
  'https://example.com:80/',
  'https://example.com@127.0.0.1/',
  'https://127.0.0.1\\@example.com/',
  'https://127.0.0.1#@example.com/',
  'https://[::1%25lo]/',
  'https:///',
  '//example.com/',
  `https://example.com/${'a'.repeat(8192)}`,
  '',
];

describe('outbound requests to forbidden places', () => {
  let canary: LocalHttp;
  let redirector: LocalHttp;
  let target = '';
  const dialled: string[] = [];
  const answers = new Map<string, readonly string[]>();
  let outbound: Outbound;
  let direct: Outbound;

  beforeAll(async () => {
    canary = await startLocalHttp((_request, response) => response.end('secret'));
    redirector = await startLocalHttp((_request, response) => response.writeHead(302, { location: target }).end());
    const options = {
      clock: { now: () => 0 },
      ports: [canary.port],
      resolver: async (host: string) => answers.get(host) ?? ['93.184.216.34'],
    };
    outbound = createOutbound({ ...options, connector: internetOf({ '93.184.216.34': redirector }, dialled) });
    // Connects for real: nothing but the check stands between it and the canary.
    direct = createOutbound(options);
  });
  afterAll(async () => {
    await outbound.close();
    await direct.close();
    await redirector[Symbol.asyncDispose]();
    await canary[Symbol.asyncDispose]();
  });

  const refused = { code: expect.stringMatching(/^outbound-(not-allowed|host-unknown)$/) as string, retryable: false };

  it.each(FORBIDDEN_HOSTS)('refuses the host %s', async (host) => {
    await expect(direct.fetch(`https://${host}:${canary.port}/`, { maxBytes: 100 })).rejects.toMatchObject(refused);
    expect(canary.connections()).toBe(0);
  });

  it.each(FORBIDDEN_HOSTS)('does not follow a redirect to %s', async (host) => {
    // A header holds ASCII; a URL parser decodes a host that is percent-encoded.
    const ascii = host.replace(/[^ -~]/g, encodeURIComponent);
    target = `https://${ascii}:${canary.port}/latest/meta-data/`;
    await expect(outbound.fetch('https://public.example/', { maxBytes: 100 })).rejects.toMatchObject(refused);
    expect(canary.connections()).toBe(0);
  });

  it.each(FORBIDDEN_ANSWERS.map((list) => [list]))('refuses a name that resolves to %j', async (list) => {
    answers.set('rebound.example', list);
    await expect(direct.fetch(`https://rebound.example:${canary.port}/`, { maxBytes: 100 })).rejects.toMatchObject(
      refused,
    );
    expect(canary.connections()).toBe(0);
  });

  it.each(FORBIDDEN_URLS)('refuses the URL %s', async (url) => {
    await expect(direct.fetch(url, { maxBytes: 100 })).rejects.toMatchObject(refused);
    expect(canary.connections()).toBe(0);
  });

  it('does not follow a redirect from https to http', async () => {
    target = 'http://public.example/';
    await expect(outbound.fetch('https://public.example/', { maxBytes: 100 })).rejects.toMatchObject(refused);
  });

  it('is not redirected to an origin of this machine that may be asked directly', async () => {
    target = `${canary.origin}/`;
    const local = createOutbound({
      clock: { now: () => 0 },
      loopbackOrigins: [canary.origin],
      resolver: async () => ['93.184.216.34'],
      connector: internetOf({ '93.184.216.34': redirector }),
    });
    await expect(local.fetch('https://public.example/', { maxBytes: 100 })).rejects.toMatchObject(refused);
    await local.close();
    expect(canary.connections()).toBe(0);
  });

  it('connects to the answer that was checked when the next answer is another', async () => {
    const sequence = [['93.184.216.34'], ['127.0.0.1']];
    let lookups = 0;
    const rebinding = createOutbound({
      clock: { now: () => 0 },
      resolver: async () => sequence[lookups++] ?? [],
      connector: internetOf({ '93.184.216.34': redirector }, dialled),
    });
    dialled.length = 0;
    target = '/again';
    await expect(
      rebinding.fetch('https://rebinding.example/', { maxBytes: 100, maxRedirects: 0 }),
    ).rejects.toMatchObject({ code: 'outbound-too-many-redirects' });
    await rebinding.close();
    expect(dialled.map((line) => line.split(' ')[0])).toEqual(['93.184.216.34']);
  });
});
