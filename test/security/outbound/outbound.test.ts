import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutbound, type Outbound, type OutboundOptions } from '../../../shared/http/outbound/create-outbound.ts';
import { internetOf, startLocalHttp, type LocalHttp } from '../../helpers/local-http.ts';

const FIRST = '93.184.216.34';
const SECOND = '93.184.216.35';
const MIDNIGHT = Date.parse('2026-01-01T00:00:00Z');

describe('createOutbound', () => {
  const opened: (() => PromiseLike<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  /** `first.example` and `second.example`, served by two listeners. */
  async function internet(
    first: RequestListener,
    second: RequestListener = first,
    options: Partial<OutboundOptions> = {},
  ): Promise<{ outbound: Outbound; first: LocalHttp; second: LocalHttp; dialled: string[] }> {
    const servers = { first: await startLocalHttp(first), second: await startLocalHttp(second) };
    const dialled: string[] = [];
    const outbound = createOutbound({
      clock: { now: () => MIDNIGHT },
      resolver: async (host) => [host === 'second.example' ? SECOND : FIRST],
      connector: internetOf({ [FIRST]: servers.first, [SECOND]: servers.second }, dialled),
      ...options,
    });
    opened.push(
      () => servers.first[Symbol.asyncDispose](),
      () => servers.second[Symbol.asyncDispose](),
    );
    opened.push(() => outbound.close());
    return { outbound, ...servers, dialled };
  }

  it('hands back status, headers, body and the last URL', async () => {
    const { outbound } = await internet((request, response) => {
      if (request.url === '/old') response.writeHead(301, { location: '/new' }).end();
      else response.writeHead(404, { 'X-Kind': 'none' }).end('nothing');
    });
    const response = await outbound.fetch('https://first.example/old#part', { maxBytes: 100 });
    expect(response).toMatchObject({ status: 404, headers: { 'x-kind': 'none' } });
    expect(Buffer.from(response.body).toString()).toBe('nothing');
    expect(response.url.href).toBe('https://first.example/new');
  });

  it('connects to the address and names the host to the server', async () => {
    const { outbound, first, dialled } = await internet((_request, response) => response.end());
    await outbound.fetch('https://first.example/', { maxBytes: 1 });
    expect(dialled).toEqual([`${FIRST} as first.example`]);
    expect(first.requests[0]?.headers.host).toBe('first.example');
  });

  it('tries the next address when one cannot be connected', async () => {
    const { outbound, dialled } = await internet((_request, response) => response.end('here'), undefined, {
      resolver: async () => ['93.184.216.99', FIRST],
    });
    await expect(outbound.fetch('https://first.example/', { maxBytes: 9 })).resolves.toMatchObject({ status: 200 });
    expect(dialled.map((line) => line.split(' ')[0])).toEqual(['93.184.216.99', FIRST]);
  });

  it('keeps credentials from another origin, and harmless headers on the way', async () => {
    const { outbound, second } = await internet(
      (_request, response) => response.writeHead(302, { location: 'https://second.example/b' }).end(),
      (_request, response) => response.end('done'),
    );
    await outbound.fetch('https://first.example/a', {
      maxBytes: 100,
      headers: { Authorization: 'Bearer secret', Cookie: 'a=b', 'X-Api-Key': 'secret', Range: 'bytes=0-3' },
    });
    expect(second.requests[0]?.headers).toMatchObject({ range: 'bytes=0-3' });
    expect(JSON.stringify(second.requests[0])).not.toMatch(/secret|a=b/);
  });

  it('keeps all headers within an origin', async () => {
    const { outbound, first } = await internet((request, response) => {
      if (request.url === '/a') response.writeHead(307, { location: '/b' }).end();
      else response.end();
    });
    await outbound.fetch('https://first.example/a', { maxBytes: 9, headers: { authorization: 'Bearer secret' } });
    expect(first.requests[1]?.headers.authorization).toBe('Bearer secret');
  });

  it.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'payload'],
    [308, 'POST', 'payload'],
  ])('after a %i goes on with %s and the body "%s"', async (status, method, body) => {
    let received = '';
    const { outbound, second } = await internet(
      (_request, response) => response.writeHead(status, { location: 'https://second.example/' }).end(),
      (request, response) => {
        request.on('data', (chunk: Buffer) => (received += chunk.toString()));
        request.on('end', () => response.end());
      },
    );
    await outbound.fetch('https://first.example/', { method: 'POST', body: 'payload', maxBytes: 9 });
    expect([second.requests[0]?.method, received]).toEqual([method, body]);
  });

  it('follows five redirects and no sixth', async () => {
    const { outbound, first } = await internet((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('end');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    await expect(outbound.fetch('https://first.example/5', { maxBytes: 9 })).resolves.toMatchObject({ status: 200 });
    const before = first.requests.length;
    await expect(outbound.fetch('https://first.example/6', { maxBytes: 9 })).rejects.toMatchObject({
      code: 'outbound-too-many-redirects',
      retryable: false,
      limit: 5,
    });
    expect(first.requests.length - before).toBe(6);
  });

  it('refuses an answer whose length is declared above the limit', async () => {
    const { outbound } = await internet((_request, response) => {
      response.writeHead(200, { 'content-length': '1000000' });
      response.write('x');
    });
    await expect(outbound.fetch('https://first.example/', { maxBytes: 10 })).rejects.toMatchObject({
      code: 'response-too-large',
      limit: 10,
    });
  });

  it('lets go of a body without end', async () => {
    let sent = 0;
    const { outbound } = await internet((_request, response) => {
      const chunk = Buffer.alloc(16_384);
      const push = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on('drain', push);
      push();
    });
    await expect(outbound.fetch('https://first.example/', { maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'response-too-large',
    });
    expect(sent).toBeLessThan(64 * 2 ** 20);
  });

  it('lets go of a body without end behind a redirect, and of its connection', async () => {
    const closed = Promise.withResolvers<void>();
    const { outbound } = await internet((request, response) => {
      if (request.url === '/b') return response.end('done');
      request.socket.on('close', closed.resolve);
      response.writeHead(302, { location: '/b' });
      return response.write(Buffer.alloc(65_536));
    });
    await expect(outbound.fetch('https://first.example/a', { maxBytes: 10 })).resolves.toMatchObject({ status: 200 });
    await closed.promise;
  });

  it('refuses headers without end', async () => {
    const { outbound } = await internet((_request, response) => {
      response.writeHead(200, { 'x-long': 'x'.repeat(60_000) }).end();
    });
    await expect(outbound.fetch('https://first.example/', { maxBytes: 10 })).rejects.toMatchObject({
      code: 'outbound-unavailable',
    });
  });

  it('refuses a content encoding: what it becomes has no bound', async () => {
    const { outbound } = await internet((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    });
    await expect(outbound.fetch('https://first.example/', { maxBytes: 10 })).rejects.toMatchObject({
      code: 'response-encoded',
    });
  });

  it('gives up on a server that says nothing', async () => {
    const { outbound } = await internet(() => undefined, undefined, { wholeTimeoutMs: 50 });
    await expect(outbound.fetch('https://first.example/', { maxBytes: 10 })).rejects.toMatchObject({
      code: 'outbound-unavailable',
      retryable: true,
    });
  });

  it('stops with the reason of the signal', async () => {
    const abort = new AbortController();
    const { outbound } = await internet(() => abort.abort(new Error('cancelled')));
    await expect(outbound.fetch('https://first.example/', { maxBytes: 10, signal: abort.signal })).rejects.toThrow(
      'cancelled',
    );
  });

  it.each([
    [429, '7', 7000],
    [503, 'Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
    [503, 'Wed, 31 Dec 2025 00:00:00 GMT', 0],
    [503, '99999999', 3_600_000],
    [500, 'soon', undefined],
    [502, undefined, undefined],
  ])('calls status %i with Retry-After %s a retryable error after %s ms', async (status, after, wait) => {
    const { outbound } = await internet((_request, response) => {
      response.writeHead(status, after === undefined ? {} : { 'retry-after': after }).end();
    });
    await expect(outbound.fetch('https://first.example/', { maxBytes: 10 })).rejects.toMatchObject({
      code: 'outbound-unavailable',
      retryable: true,
      retryAfterMs: wait,
    });
  });

  it('calls a connection that is refused or cut a retryable error', async () => {
    const { outbound } = await internet((request) => request.socket.destroy());
    const unavailable = { code: 'outbound-unavailable', retryable: true };
    await expect(outbound.fetch('https://first.example/', { maxBytes: 10 })).rejects.toMatchObject(unavailable);
    await expect(outbound.fetch('https://93.184.216.99/', { maxBytes: 10 })).rejects.toMatchObject(unavailable);
  });

  it.each([
    ['ENOTFOUND', 'outbound-host-unknown', false],
    ['EAI_AGAIN', 'outbound-unavailable', true],
  ])('calls a name that ends in %s %s', async (reason, code, retryable) => {
    const { outbound } = await internet(() => undefined, undefined, {
      resolver: async () => {
        throw Object.assign(new Error(reason), { code: reason });
      },
    });
    await expect(outbound.fetch('https://first.example/', { maxBytes: 1 })).rejects.toMatchObject({ code, retryable });
  });

  it('asks an origin of this machine where that is allowed, and no other port of it', async () => {
    const { first, second } = await internet((_request, response) => response.end('local'));
    const outbound = createOutbound({ clock: { now: () => 0 }, loopbackOrigins: [first.origin] });
    opened.push(() => outbound.close());
    await expect(outbound.fetch(`${first.origin}/a`, { maxBytes: 9 })).resolves.toMatchObject({ status: 200 });
    await expect(outbound.fetch(second.origin, { maxBytes: 9 })).rejects.toMatchObject({
      code: 'outbound-not-allowed',
    });
    expect(second.connections()).toBe(0);
  });

  it('ends a request whose status is not wanted before its body', async () => {
    const { outbound } = await internet((_request, response) => {
      response.writeHead(200);
      response.write('endless');
    });
    const unwanted = new Error('not wanted');
    await expect(
      outbound.fetch('https://first.example/', {
        maxBytes: 10,
        onHead: () => {
          throw unwanted;
        },
      }),
    ).rejects.toMatchObject({ cause: unwanted });
  });
});
