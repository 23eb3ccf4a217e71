import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkUrl } from '../../../shared/http/outbound/check-url.ts';
import { createOutbound } from '../../../shared/http/outbound/create-outbound.ts';
import { isPublicAddress } from '../../../shared/http/outbound/public-address.ts';
import { parseRetryAfter } from '../../../shared/http/outbound/retry-after.ts';
import { parseContentRange } from '../../../shared/sources/content-range.ts';
import { internetOf, startLocalHttp, type LocalHttp } from '../../helpers/local-http.ts';
import { notationsOf, PRIVATE_NETWORKS, privateIpv4, privateUrl } from '../corpus/addresses.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';
import { changedText, hostileText } from '../corpus/texts.ts';

const PUBLIC = '93.184.216.34';
const NOTATIONS = notationsOf([0, 0, 0, 0]).length;
const RULES = { ports: new Set<number>(), loopbackOrigins: new Set<string>() };

describe('an address', () => {
  printCorpora('addresses');

  fuzz(
    'of a private network is refused in every notation, also inside of IPv6',
    fc.record({ octets: privateIpv4, notation: fc.nat(NOTATIONS - 1) }),
    ({ octets, notation }) => {
      const host = notationsOf(octets)[notation]!;
      const refused = expect.objectContaining({ code: 'outbound-not-allowed', retryable: false }) as Error;
      expect(() => checkUrl(`https://${host}/`, RULES), host).toThrow(refused);
      expect(isPublicAddress(octets.join('.'))).toBe(false);
    },
  );

  fuzz(
    'of any text is refused, or leads to https on port 443 without a name or password',
    fc.oneof(
      hostileText,
      changedText(['https://data.example/a.tif?b=c', 'https://user@data.example:443/', 'https://[2606::1]/']),
    ),
    async (text) => {
      const checked = await reading(() => checkUrl(text, RULES));
      if ('refused' in checked) {
        expect(checked.refused.code).toBe('outbound-not-allowed');
        return;
      }
      const { protocol, port, username, password, hash, href } = checked.read;
      expect({ protocol, port, username, password, hash }).toEqual({
        protocol: 'https:',
        port: '',
        username: '',
        password: '',
        hash: '',
      });
      expect(href).toBe(checkUrl(href, RULES).href);
    },
  );

  fuzz(
    'of any text is public for the connection only when it is for the URL',
    fc.oneof(hostileText, changedText(['8.8.8.8', '2606:2800::1', '::ffff:8.8.8.8', 'fe80::1%eth0'])),
    (text) => {
      if (!isPublicAddress(text)) return;
      const { hostname } = checkUrl(`https://${text.includes(':') ? `[${text}]` : text}/`, RULES);
      expect(isPublicAddress(hostname.replace(/[[\]]/g, ''))).toBe(true);
    },
  );

  fuzz(
    'header of an answer is read, or says nothing',
    fc.oneof(hostileText, changedText(['bytes 0-99/1234', 'Thu, 01 Jan 2026 00:01:30 GMT', '120'])),
    (text) => {
      const range = parseContentRange(text);
      if (range !== undefined) expect(range.start <= range.end && range.end < range.size).toBe(true);
      const milliseconds = parseRetryAfter(text, 0);
      if (milliseconds !== undefined) expect(milliseconds >= 0 && milliseconds <= 3_600_000).toBe(true);
    },
  );
});

describe('a private place', () => {
  let canary: LocalHttp;
  let redirector: LocalHttp;
  let target = '';
  beforeAll(async () => {
    canary = await startLocalHttp((_request, response) => response.end('secret'));
    redirector = await startLocalHttp((request, response) => {
      const left = Number(request.url?.slice(1));
      response.writeHead(302, { location: left > 0 ? `/${left - 1}` : target }).end();
    });
  });
  afterAll(async () => {
    await redirector[Symbol.asyncDispose]();
    await canary[Symbol.asyncDispose]();
  });

  const refused = { code: 'outbound-not-allowed', retryable: false };

  it.each(PRIVATE_NETWORKS.flatMap(([network]) => [0, 1, 3, 5].map((hops) => [network, hops] as const)))(
    '%s is not reached behind %i redirects, by an address or by a name that resolves to it',
    async (network, hops) => {
      const address = network.split('/')[0]!;
      const outbound = createOutbound({
        clock: { now: () => 0 },
        ports: [canary.port],
        resolver: async (host) => [host === 'public.example' ? PUBLIC : address],
        connector: internetOf({ [PUBLIC]: redirector, [address]: canary }),
      });
      for (const host of [address, 'inside.example']) {
        target = `https://${host}:${canary.port}/latest/meta-data/`;
        const code = hops < 5 ? refused : { retryable: false };
        await expect(outbound.fetch(`https://public.example/${hops}`, { maxBytes: 100 })).rejects.toMatchObject(code);
      }
      await outbound.close();
      expect(canary.connections()).toBe(0);
    },
  );

  it.each(privateUrl)('is not reached by %s', async (url) => {
    const outbound = createOutbound({
      clock: { now: () => 0 },
      ports: [canary.port],
      resolver: async () => ['127.0.0.1'],
    });
    const withPort = url.replace('<port>', String(canary.port));
    await expect(outbound.fetch(withPort, { maxBytes: 100 })).rejects.toMatchObject({ retryable: false });
    await outbound.close();
    expect(canary.connections()).toBe(0);
  });
});
