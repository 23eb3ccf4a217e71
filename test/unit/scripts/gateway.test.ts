import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type Gateway } from '../../../scripts/local/gateway/gateway.ts';
import { LOOPBACK, START_PORTS } from '../../../scripts/local/ports.ts';

const ARCHIVE = Buffer.from('PMTiles and then some');

let upstream: Server;
let gateway: Gateway;
/** Requests that reached the API, as `METHOD path`. */
let seen: string[] = [];

/** An API with one tileset and one other dataset; every other path is echoed. */
async function startApi(): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    const address = `http://${incoming.headers.host}`;
    const dataset = (id: string, mediaType: string) => ({
      id,
      mediaType,
      jobID: 'job',
      bytes: ARCHIVE.length,
      published: '2026-01-01T00:00:00Z',
      links: [
        { rel: 'self', type: 'application/json', href: `${address}/api/datasets/${id}` },
        { rel: 'enclosure', type: mediaType, href: `${address}/bucket/${id}?signature=x` },
      ],
    });
    const tileset = dataset('scene', 'application/vnd.pmtiles');
    const table = dataset('table', 'application/json');
    if (incoming.url === '/api/datasets?limit=100') outgoing.end(JSON.stringify({ datasets: [tileset, table] }));
    else if (incoming.url === '/api/datasets/scene') outgoing.end(JSON.stringify(tileset));
    else if (incoming.url === '/api/datasets/table') outgoing.end(JSON.stringify(table));
    else if (incoming.url?.startsWith('/api/datasets/')) outgoing.writeHead(404).end();
    else if (incoming.url?.startsWith('/bucket/')) sendRange(incoming.headers.range, outgoing);
    else
      text(incoming).then(
        (body) => outgoing.setHeader('x-echo', '1').end(body),
        // The gateway cut the request off.
        () => outgoing.destroy(),
      );
  }).listen(0, LOOPBACK);
  await once(server, 'listening');
  return server;
}

function sendRange(range: string | undefined, outgoing: ServerResponse): void {
  const [, first, last] = /bytes=(\d+)-(\d+)/.exec(range ?? '') ?? [];
  const part = ARCHIVE.subarray(Number(first ?? 0), Number(last ?? ARCHIVE.length) + 1);
  outgoing.writeHead(range === undefined ? 200 : 206, { etag: '"v1"', 'content-length': part.length }).end(part);
}

/** A request as it is written: `fetch` would tidy the path and the host. */
async function send(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const { hostname, port } = gateway.origin;
  const { method = 'GET', headers } = options;
  const outgoing = request({ hostname, port, path, method, headers, agent: false });
  outgoing.end(options.body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

beforeAll(async () => {
  upstream = await startApi();
  const api = new URL(`http://${LOOPBACK}:${(upstream.address() as AddressInfo).port}/api/`);
  // A port that was free a moment ago.
  const probe = createServer().listen(0, LOOPBACK);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  gateway = await startGateway({
    port: { number: port, setting: START_PORTS.web },
    api,
    token: 'secret',
    tenant: 'local',
  });
});
afterAll(async () => {
  await gateway.close();
  upstream.closeAllConnections();
  upstream.close();
});

describe('gateway, API', () => {
  it('hands method, path, query and body on, and the answer back', async () => {
    seen = [];
    const answer = await send('/jobs?limit=2', { method: 'POST', body: '{"a":1}' });
    expect(answer).toMatchObject({ status: 200, body: '{"a":1}', headers: { 'x-echo': '1' } });
    expect(seen).toEqual(['POST /api/jobs?limit=2']);
  });

  it.each(['/../../_ministack/reset', '/jobs/../../../_ministack/reset', '/%2e%2e/%2e%2e/_ministack/reset'])(
    'keeps %s behind the API',
    async (path) => {
      seen = [];
      await send(path, { method: 'POST' });
      expect(seen).toEqual(['POST /api/_ministack/reset']);
    },
  );

  it('refuses a body that is larger than the API takes, and one whose length is not told', async () => {
    const body = 'x'.repeat(10_000_001);
    await expect(
      send('/jobs', { method: 'POST', headers: { 'content-length': String(body.length) } }),
    ).resolves.toMatchObject({
      status: 413,
    });
    await expect(
      send('/jobs', { method: 'POST', headers: { 'transfer-encoding': 'chunked' }, body }),
    ).resolves.toMatchObject({ status: 413 });
  });

  it('answers to no other host: a name that points here is not ours', async () => {
    await expect(send('/jobs', { headers: { host: 'evil.example' } })).resolves.toMatchObject({ status: 421 });
  });
});

describe('gateway, map', () => {
  it('serves the page with a policy that lets nothing in from outside', async () => {
    const { status, headers } = await send('/map/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self'/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
  });

  it.each(['/map/lib/maplibre-gl.mjs', '/map/lib/maplibre-gl-worker.mjs', '/map/lib/pmtiles.js', '/map/viewer.js'])(
    'has %s',
    async (path) => {
      await expect(send(path)).resolves.toMatchObject({
        status: 200,
        headers: { 'x-content-type-options': 'nosniff' },
      });
    },
  );

  it.each([
    '/map/package.json',
    '/map/lib/',
    '/map/..%2f..%2fpackage.json',
    '/map/%2e%2e%2fpackage.json',
    '/map/toString',
  ])('has no %s', async (path) => {
    await expect(send(path)).resolves.toMatchObject({ status: 404 });
  });

  it('can only be read', async () => {
    await expect(send('/map/', { method: 'POST' })).resolves.toMatchObject({ status: 405 });
  });

  it('lists the tilesets and leaves out what is none', async () => {
    const { body } = await send('/map/datasets.json');
    expect(JSON.parse(body)).toMatchObject({
      tilesets: [{ id: 'scene', archive: '/map/archives/local/scene.pmtiles' }],
    });
    expect(body).not.toContain('signature');
  });
});

describe('gateway, archives', () => {
  it('serves a range of a published archive', async () => {
    await expect(send('/map/archives/local/scene.pmtiles', { headers: { range: 'bytes=0-6' } })).resolves.toMatchObject(
      {
        status: 206,
        body: 'PMTiles',
        headers: { etag: '"v1"', 'content-type': 'application/vnd.pmtiles' },
      },
    );
  });

  it.each([
    ['another tenant', '/map/archives/other/scene.pmtiles'],
    ['an unknown dataset', '/map/archives/local/none.pmtiles'],
    ['a dataset that is no archive', '/map/archives/local/table.pmtiles'],
    ['a path that is no name', '/map/archives/local/..%2f..%2fsecret.pmtiles'],
    ['encoding that is none', '/map/archives/local/%E0%A4%A.pmtiles'],
  ])('has none for %s', async (_case, path) => {
    await expect(send(path)).resolves.toMatchObject({ status: 404 });
  });

  it('takes one range only', async () => {
    const range = { headers: { range: 'bytes=0-1,4-5' } };
    await expect(send('/map/archives/local/scene.pmtiles', range)).resolves.toMatchObject({ status: 416 });
  });
});
