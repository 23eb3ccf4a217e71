import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { bareHost, checkUrl } from '../../../shared/http/outbound/check-url.ts';
import * as errors from '../../../shared/http/outbound/errors.ts';
import { createPinnedConnector, type Connector } from '../../../shared/http/outbound/pinned-connector.ts';
import { isLoopbackAddress, isPublicAddress } from '../../../shared/http/outbound/public-address.ts';
import { readBody } from '../../../shared/http/outbound/read-body.ts';
import { nextHop, type Hop } from '../../../shared/http/outbound/redirect.ts';
import { resolveHost, systemResolver } from '../../../shared/http/outbound/resolve-host.ts';
import { parseRetryAfter } from '../../../shared/http/outbound/retry-after.ts';

const RULES = { ports: new Set([8443]), loopbackOrigins: new Set(['http://127.0.0.1:9000']) };
const PUBLIC = '93.184.216.34';

const refusal = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error;
  }
  return 'nothing was refused';
};
const notAllowed = (host: string, reason: string) => ({
  code: 'outbound-not-allowed',
  retryable: false,
  detail: `Requests to ${host} are not allowed: ${reason}.`,
  remedy: 'Give an https URL of a host on the public internet.',
});

describe('checkUrl', () => {
  it.each([
    ['/relative', 'this URL', 'it is not an absolute URL'],
    ['data:text/plain,x', 'this URL', 'the scheme is data, not https'],
    ['http://a.example/', 'a.example', 'the scheme is http, not https'],
    ['https://ann@a.example/', 'a.example', 'the URL carries a user name or a password'],
    ['https://:secret@a.example/', 'a.example', 'the URL carries a user name or a password'],
    ['https://a.example:8444/', 'a.example', 'port 8444 is not allowed'],
    ['https://127.0.0.1/', '127.0.0.1', 'the address is not a public one'],
    ['https://[::1]/', '[::1]', 'the address is not a public one'],
    ['https://10.0.0.1./', '10.0.0.1', 'the address is not a public one'],
    ['http://127.0.0.1:9001/', '127.0.0.1', 'the scheme is http, not https'],
  ])('refuses %s', (url, host, reason) => {
    expect(refusal(() => checkUrl(url, RULES))).toMatchObject(notAllowed(host, reason));
  });

  it('takes up to 8,192 characters', () => {
    const url = (characters: number) => 'https://a.example/'.padEnd(characters, 'x');
    expect(checkUrl(url(8_192), RULES).href).toHaveLength(8_192);
    const reason = 'the URL has more than 8192 characters';
    expect(refusal(() => checkUrl(url(8_193), RULES))).toMatchObject(notAllowed('a.example', reason));
  });

  it.each([
    ['https://a.example/x?y#z', 'https://a.example/x?y'],
    ['https://a.example:443/', 'https://a.example/'],
    ['https://a.example:8443/', 'https://a.example:8443/'],
    [`https://${PUBLIC}/`, `https://${PUBLIC}/`],
    ['https://[2606:4700::1]/', 'https://[2606:4700::1]/'],
    ['http://127.0.0.1:9000/x', 'http://127.0.0.1:9000/x'],
  ])('takes %s', (url, expected) => {
    expect(checkUrl(url, RULES).href).toBe(expected);
    expect(checkUrl(new URL(url), RULES).href).toBe(expected);
  });
});

describe('bareHost', () => {
  it.each([
    ['[2001:db8::1]', '2001:db8::1'],
    ['a.example.', 'a.example'],
    ['a.example', 'a.example'],
    ['a[b]', 'a[b]'],
    ['[a]b', '[a]b'],
  ])('of %s is %s', (hostname, expected) => {
    expect(bareHost(hostname)).toBe(expected);
  });
});

describe('an address', () => {
  it.each([PUBLIC, '2606:4700::1', '2a00::'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '224.0.0.1',
    '0x7f.1',
    '1.2.3',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:93.184.216.34',
    '64:ff9b::5db8:d822',
    '2002:5db8:d822::',
    '4000::1',
    '2606:4700::1%eth0',
    'a.example',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it('is this machine when it loops back', () => {
    expect(['127.0.0.1', '127.1.2.3', '::1', PUBLIC, '10.0.0.1', 'x'].map(isLoopbackAddress)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('resolveHost', () => {
  const answering =
    (...addresses: string[]) =>
    async () =>
      addresses;

  it('asks for a name without its last dot, and for no address', async () => {
    const asked: string[] = [];
    const resolver = async (host: string) => {
      asked.push(host);
      return [PUBLIC];
    };
    expect(await resolveHost('a.example.', resolver, false)).toEqual([PUBLIC]);
    expect(await resolveHost('[2606:4700::1]', resolver, false)).toEqual(['2606:4700::1']);
    expect(asked).toEqual(['a.example']);
  });

  it('asks the system', async () => {
    expect((await systemResolver('localhost'))[0]).toBe('127.0.0.1');
  });

  it('gives the first four addresses', async () => {
    const five = [1, 2, 3, 4, 5].map((last) => `93.184.216.${last}`);
    expect(await resolveHost('a.example', answering(...five), false)).toEqual(five.slice(0, 4));
  });

  it('refuses a name of which one answer is not public, and this machine where it is not meant', async () => {
    await expect(resolveHost('a.example', answering(PUBLIC, '10.0.0.1'), false)).rejects.toMatchObject(
      notAllowed('a.example', 'the address is not a public one'),
    );
    await expect(resolveHost('a.example', answering('127.0.0.1', PUBLIC), true)).rejects.toMatchObject(
      notAllowed('a.example', 'it is not this machine'),
    );
    expect(await resolveHost('a.example', answering('127.0.0.1'), true)).toEqual(['127.0.0.1']);
  });

  it.each(['ENOTFOUND', 'ENODATA'])('knows no host when the answer is %s', async (code) => {
    const cause = Object.assign(new Error(code), { code });
    await expect(resolveHost('a.example', () => Promise.reject(cause), false)).rejects.toMatchObject({
      code: 'outbound-host-unknown',
      retryable: false,
      detail: 'The host a.example does not exist.',
      remedy: 'Correct the host name of the URL.',
      cause,
    });
  });

  it('knows no host without addresses, and tries again later when there is no answer', async () => {
    await expect(resolveHost('a.example', answering(), false)).rejects.toMatchObject({ code: 'outbound-host-unknown' });
    for (const cause of [Object.assign(new Error('x'), { code: 'EAI_AGAIN' }), 'a text']) {
      await expect(resolveHost('a.example', () => Promise.reject(cause as Error), false)).rejects.toMatchObject({
        code: 'outbound-unavailable',
        retryable: true,
        detail: 'a.example does not answer as it should: its name cannot be resolved now.',
        remedy: 'It is tried again later; if it goes on, ask the operator of that host.',
        cause,
      });
    }
  });
});

describe('nextHop', () => {
  const hop: Hop = {
    url: new URL('https://a.example/x'),
    method: 'POST',
    headers: {
      Accept: '1',
      'Accept-Encoding': '2',
      'Accept-Language': '3',
      'If-Match': '4',
      'If-None-Match': '5',
      'If-Range': '6',
      'If-Unmodified-Since': '7',
      Range: '8',
      'User-Agent': '9',
      Authorization: 'secret',
      'Content-Type': 'text/plain',
      'Content-Length': '4',
      'Content-Encoding': 'identity',
    },
    body: 'body',
  };
  const harmless = Object.fromEntries(Object.entries(hop.headers).slice(0, 9));
  const next = (status: number, location: string | undefined, more: Partial<Hop> = {}) =>
    nextHop({ ...hop, ...more }, status, location);

  it('is none without a redirect, or one that leads nowhere', () => {
    expect([200, 204, 300, 304, 305, 404].map((status) => next(status, '/y'))).toEqual(Array(6).fill(undefined));
    expect(next(302, undefined)).toBeUndefined();
    expect(next(302, 'https://')).toBeUndefined();
  });

  it.each([301, 302, 303])('after %i goes on with GET and without the body', (status) => {
    expect(next(status, '/y')).toEqual({
      url: new URL('https://a.example/y'),
      method: 'GET',
      headers: { ...harmless, Authorization: 'secret' },
      body: undefined,
    });
    expect(next(status, '/y', { method: 'HEAD' })?.method).toBe('HEAD');
  });

  it.each([307, 308])('after %i goes on as before', (status) => {
    expect(next(status, 'y')).toEqual({ ...hop, url: new URL('https://a.example/y') });
    expect(next(status, 'y', { body: undefined })).toMatchObject({ method: 'POST', body: undefined });
    expect(next(status, 'y', { body: undefined })?.headers).not.toHaveProperty('Content-Type');
  });

  it('takes along to another origin what tells nothing about who asks', () => {
    expect(next(302, 'https://b.example/')?.headers).toEqual(harmless);
  });
});

describe('parseRetryAfter', () => {
  const NOW = Date.parse('2026-01-01T00:00:00Z');

  it.each([
    [undefined, undefined],
    ['soon', undefined],
    ['', undefined],
    ['0', 0],
    [' 7 ', 7_000],
    ['3600', 3_600_000],
    ['3601', 3_600_000],
    ['9999999999', 3_600_000],
    // No number of seconds: read as a date, long ago.
    ['1.5', 0],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5_000],
    ['Wed, 31 Dec 2025 23:59:59 GMT', 0],
  ])('reads %s as %s ms', (value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected);
  });
});

describe('readBody', () => {
  const body = (...chunks: string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

  it('reads a body up to its limit', async () => {
    expect(Buffer.from(await readBody(body('ab', 'cd'), undefined, 4, 'a.example')).toString()).toBe('abcd');
    expect(Buffer.from(await readBody(body('ab'), '2', 2, 'a.example')).toString()).toBe('ab');
    expect((await readBody(body(), '0', 0, 'a.example')).length).toBe(0);
  });

  it('gives up a body that is declared or found to be longer, and its connection with it', async () => {
    const tooLarge = {
      code: 'response-too-large',
      retryable: false,
      detail: 'The answer of a.example has more than 3 bytes.',
      remedy: 'Give a URL with a smaller answer.',
      limit: 3,
    };
    const declared = body('ab');
    await expect(readBody(declared, '4', 3, 'a.example')).rejects.toMatchObject(tooLarge);
    expect(declared.destroyed).toBe(true);
    const found = body('ab', 'cd');
    await expect(readBody(found, undefined, 3, 'a.example')).rejects.toMatchObject(tooLarge);
    expect(found.destroyed).toBe(true);
  });
});

describe('createPinnedConnector', () => {
  const SECOND = '93.184.216.35';

  /** Connects by a connector that reaches some addresses. */
  async function connect(reached: string[], options: { hostname: string; host?: string; protocol: string }) {
    const tried: string[] = [];
    const connector = ((given: { hostname: string }, callback: (error: Error | null, socket: null) => void) => {
      tried.push(given.hostname);
      callback(reached.includes(given.hostname) ? null : new Error(`no route to ${given.hostname}`), null);
    }) as unknown as Connector;
    const pinned = createPinnedConnector({
      resolver: async () => [PUBLIC, SECOND],
      connector,
      loopbackOrigins: new Set(['http://127.0.0.1:9000']),
    });
    const error = await new Promise<Error | null>((resolve) => {
      pinned({ port: '443', ...options }, (...[reason]) => resolve(reason));
    });
    return { tried, error };
  }

  it('tries one address after the other, and gives the last error', async () => {
    const name = { hostname: 'a.example', host: 'a.example', protocol: 'https:' };
    expect(await connect([PUBLIC], name)).toEqual({ tried: [PUBLIC], error: null });
    expect(await connect([SECOND], name)).toEqual({ tried: [PUBLIC, SECOND], error: null });
    expect(await connect([], name)).toEqual({
      tried: [PUBLIC, SECOND],
      error: new Error(`no route to ${SECOND}`),
    });
  });

  it('reaches this machine at its origins alone', async () => {
    const local = (host: string) => ({ hostname: '127.0.0.1', host, protocol: 'http:' });
    expect((await connect(['127.0.0.1'], local('127.0.0.1:9000'))).error).toBeNull();
    for (const refused of [local('127.0.0.1:9001'), { hostname: '127.0.0.1', protocol: 'http:' }]) {
      const { tried, error } = await connect(['127.0.0.1'], refused);
      expect(tried).toEqual([]);
      expect(error).toMatchObject({ code: 'outbound-not-allowed' });
    }
  });
});

describe('what a caller is told of a host', () => {
  it('is final when the host, its certificate or its answer is wrong', () => {
    const cause = new Error('x');
    expect(errors.outboundNotTrusted('a.example', cause)).toMatchObject({
      code: 'outbound-not-trusted',
      retryable: false,
      detail: 'a.example does not prove with its certificate that it is this host.',
      remedy: 'Use a host with a valid certificate.',
      cause,
    });
    expect(errors.tooManyRedirects('a.example', 5)).toMatchObject({
      code: 'outbound-too-many-redirects',
      retryable: false,
      detail: 'a.example redirects more than 5 times.',
      remedy: 'Give the URL that the redirects lead to.',
      limit: 5,
    });
    expect(errors.responseEncoded('a.example', 'x'.repeat(50))).toMatchObject({
      code: 'response-encoded',
      retryable: false,
      detail: `a.example answers with Content-Encoding ${'x'.repeat(40)}, which was not asked for.`,
      remedy: 'Serve the file without a content encoding.',
    });
  });

  it('may pass when it only does not answer', () => {
    expect(errors.outboundUnavailable('a.example', 'status 503', { retryAfterMs: 7 })).toMatchObject({
      code: 'outbound-unavailable',
      retryable: true,
      detail: 'a.example does not answer as it should: status 503.',
      retryAfterMs: 7,
    });
  });
});
