import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutbound, type OutboundOptions } from '../../../shared/http/outbound/create-outbound.ts';
import type { Connector } from '../../../shared/http/outbound/pinned-connector.ts';
import { internetOf, startLocalHttp } from '../../helpers/local-http.ts';

const ADDRESS = '93.184.216.34';
const HOST = 'https://a.example/';

const opened: (() => PromiseLike<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** A client of `a.example`, which a local server plays. */
async function clientOf(listener: RequestListener, options: Partial<OutboundOptions> = {}) {
  const server = await startLocalHttp(listener);
  const client = createOutbound({
    clock: { now: () => 0 },
    resolver: async () => [ADDRESS],
    connector: internetOf({ [ADDRESS]: server }),
    ...options,
  });
  opened.push(
    () => server[Symbol.asyncDispose](),
    () => client.close(),
  );
  return { client, server };
}

/** A client whose connections fail. */
function clientThatFails(error: Error) {
  const connector: Connector = (_options, callback) => callback(error, null);
  const client = createOutbound({ clock: { now: () => 0 }, resolver: async () => [ADDRESS], connector });
  opened.push(() => client.close());
  return client;
}

describe('a request', () => {
  it('is a GET that says who asks, and takes no encoding, unless told otherwise', async () => {
    const { client, server } = await clientOf((_request, response) => response.end());
    await client.fetch(HOST, { maxBytes: 1 });
    await client.fetch(HOST, { maxBytes: 1, method: 'DELETE', headers: { 'user-agent': 'me' } });
    const seen = server.requests.map(({ method, headers }) => [
      method,
      headers['user-agent'],
      headers['accept-encoding'],
    ]);
    expect(seen).toEqual([
      ['GET', 'longhaul', 'identity'],
      ['DELETE', 'me', 'identity'],
    ]);
  });

  it('offers a server HTTP/1.1 alone, where connections are not shared between names', async () => {
    const offered: string[][] = [];
    const server = createServer({
      ALPNCallback: ({ protocols }) => {
        offered.push(protocols);
        // It has no certificate: the handshake ends here.
        return undefined;
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createOutbound({ clock: { now: () => 0 }, loopbackOrigins: [origin] });
    opened.push(
      () => new Promise((resolve) => server.close(resolve)),
      () => client.close(),
    );
    await expect(client.fetch(origin, { maxBytes: 1 })).rejects.toThrow();
    expect(offered).toEqual([['http/1.1']]);
  });

  it('of HEAD may be answered with any length, for there is no body', async () => {
    const { client } = await clientOf((_request, response) => response.writeHead(200, { 'content-length': 99 }).end());
    const { body, headers } = await client.fetch(HOST, { maxBytes: 1, method: 'HEAD' });
    expect([body.length, headers['content-length']]).toEqual([0, '99']);
  });

  it('gives a repeated header as one, and takes any case of an encoding that is none', async () => {
    const { client } = await clientOf((_request, response) => {
      response.setHeader('X-Kind', ['a', 'b']);
      response.setHeader('Content-Encoding', 'Identity');
      response.end();
    });
    const { headers } = await client.fetch(HOST, { maxBytes: 1 });
    expect(headers['x-kind']).toBe('a, b');
  });

  it('follows as many redirects as it is told, up to five', async () => {
    const { client, server } = await clientOf((_request, response) => {
      response.writeHead(302, { location: '/again' }).end();
    });
    const asked = async (maxRedirects?: number) => {
      server.requests.length = 0;
      const wanted = { maxBytes: 1, ...(maxRedirects === undefined ? {} : { maxRedirects }) };
      await expect(client.fetch(HOST, wanted)).rejects.toMatchObject({ code: 'outbound-too-many-redirects' });
      return server.requests.length;
    };
    expect([await asked(0), await asked(1), await asked(9), await asked()]).toEqual([1, 2, 6, 6]);
  });

  it('is redirected within an origin of this machine, and to it from nowhere else', async () => {
    const local = await startLocalHttp((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
      else response.end('local');
    });
    opened.push(() => local[Symbol.asyncDispose]());
    const own = createOutbound({ clock: { now: () => 0 }, loopbackOrigins: [local.origin] });
    opened.push(() => own.close());
    expect((await own.fetch(`${local.origin}/a`, { maxBytes: 9 })).url.href).toBe(`${local.origin}/b`);
    const { client } = await clientOf(
      (_request, response) => response.writeHead(302, { location: `${local.origin}/b` }).end(),
      { loopbackOrigins: [local.origin] },
    );
    await expect(client.fetch(HOST, { maxBytes: 9 })).rejects.toMatchObject({ code: 'outbound-not-allowed' });
  });
});

describe('a request that fails', () => {
  it('names the status that a server gives', async () => {
    const { client } = await clientOf((_request, response) => response.writeHead(503).end());
    const error = await client.fetch(HOST, { maxBytes: 1 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'outbound-unavailable',
      detail: 'a.example does not answer as it should: status 503.',
      retryAfterMs: undefined,
    });
  });

  it.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_X'])(
    'with %s is not trusted',
    async (code) => {
      const client = clientThatFails(Object.assign(new Error('x'), { code }));
      await expect(client.fetch(HOST, { maxBytes: 1 })).rejects.toMatchObject({
        code: 'outbound-not-trusted',
        detail: 'a.example does not prove with its certificate that it is this host.',
      });
    },
  );

  it('with an error of TLS is not trusted, and with any other is tried again', async () => {
    const codeOf = async (error: Error) =>
      clientThatFails(error)
        .fetch(HOST, { maxBytes: 1 })
        .catch((reason: unknown) => (reason as { code: string }).code);
    expect(await codeOf(Object.assign(new Error('x'), { code: 'ERR_TLS_HANDSHAKE' }))).toBe('outbound-not-trusted');
    expect(await codeOf(Object.assign(new Error('x'), { code: 'NO_ERR_TLS' }))).toBe('outbound-unavailable');
    expect(await codeOf(new Error('CERT'))).toBe('outbound-unavailable');
  });

  it('says why, in 200 characters', async () => {
    const client = clientThatFails(new Error('m'.repeat(300)));
    await expect(client.fetch(HOST, { maxBytes: 1 })).rejects.toMatchObject({
      detail: `a.example does not answer as it should: ${'m'.repeat(200)}.`,
    });
  });

  it('says that it takes too long', async () => {
    const whole = await clientOf(() => undefined, { wholeTimeoutMs: 30 });
    await expect(whole.client.fetch(HOST, { maxBytes: 1 })).rejects.toMatchObject({
      code: 'outbound-unavailable',
      detail: 'a.example does not answer as it should: it takes too long.',
    });
  });

  it('keeps no connection once it is closed', async () => {
    const { client } = await clientOf((_request, response) => response.end());
    await client.fetch(HOST, { maxBytes: 1 });
    await client.close();
    await expect(client.fetch(HOST, { maxBytes: 1 })).rejects.toMatchObject({ code: 'outbound-unavailable' });
  });
});
