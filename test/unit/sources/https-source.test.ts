import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import type { Outbound, OutboundRequest } from '../../../shared/http/outbound/create-outbound.ts';
import { openHttpsSource } from '../../../shared/sources/https-source.ts';

const URL_OF_FILE = new URL('https://files.example/scene.tif?signature=secret');
const CONTENT = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** A server of one file, as RFC 9110 describes it; `change` alters its answers. */
function server(
  change: (answer: Answer, request: OutboundRequest) => Answer = (answer) => answer,
  version: Record<string, string> = { etag: '"v1"', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' },
): { outbound: Outbound; requests: OutboundRequest[] } {
  const requests: OutboundRequest[] = [];
  return {
    requests,
    outbound: {
      close: async () => undefined,
      async fetch(url, request) {
        requests.push(request);
        const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers?.['range'] ?? '') ?? [];
        const end = Math.min(Number(to) + 1, CONTENT.length);
        const body = CONTENT.slice(Number(from), end);
        const headers = { ...version, 'content-range': `bytes ${from}-${end - 1}/${CONTENT.length}` };
        const answer = { ...change({ status: 206, headers, body }, request), url: new URL(url) };
        request.onHead?.(answer);
        return answer;
      },
    },
  };
}

const failing = (details: ConstructorParameters<typeof LonghaulError>[0]): Outbound => ({
  close: async () => undefined,
  fetch: async () => {
    throw new LonghaulError(details);
  },
});

describe('openHttpsSource', () => {
  it('knows size and version after one request, which serves the header too', async () => {
    const { outbound, requests } = server();
    const reader = await openHttpsSource(outbound, URL_OF_FILE);
    expect(reader).toMatchObject({ size: 100_000, etag: '"v1"' });
    expect([...(await reader.read(1000, 3))]).toEqual([...CONTENT.subarray(1000, 1003)]);
    expect(requests).toHaveLength(1);
  });

  it('reads a range under the condition of the version', async () => {
    const { outbound, requests } = server();
    const reader = await openHttpsSource(outbound, URL_OF_FILE);
    expect([...(await reader.read(50_000, 4))]).toEqual([...CONTENT.subarray(50_000, 50_004)]);
    expect(requests[1]).toMatchObject({ headers: { range: 'bytes=50000-50003', 'if-match': '"v1"' }, maxBytes: 4 });
  });

  it('reads to the end of the file and not beyond', async () => {
    const { outbound, requests } = server();
    const reader = await openHttpsSource(outbound, URL_OF_FILE);
    expect(await reader.read(99_990, 100)).toHaveLength(10);
    expect(requests[1]?.headers?.['range']).toBe('bytes=99990-99999');
    await expect(reader.read(100_000, 1)).rejects.toThrow(RangeError);
  });

  it.each([
    [{ etag: 'W/"v1"', 'last-modified': 'now' }, { 'if-unmodified-since': 'now' }],
    [{ 'last-modified': 'now' }, { 'if-unmodified-since': 'now' }],
    [{ etag: 'W/"v1"' }, {}],
  ])('puts only a strong ETag or a date into a condition: %j', async (version, conditions) => {
    const { outbound, requests } = server(undefined, version);
    const reader = await openHttpsSource(outbound, URL_OF_FILE);
    await reader.read(50_000, 4);
    expect(requests[1]?.headers).toEqual({ range: 'bytes=50000-50003', ...conditions });
  });

  it.each([
    ['another ETag', { headers: { etag: '"v2"', 'content-range': 'bytes 50000-50003/100000' } }],
    ['no ETag', { headers: { 'content-range': 'bytes 50000-50003/100000' } }],
    ['another size', { headers: { etag: '"v1"', 'content-range': 'bytes 50000-50003/100001' } }],
    ['412', { status: 412 }],
    ['416', { status: 416 }],
  ])('notices by %s that the file was replaced', async (_name, change) => {
    let requests = 0;
    const { outbound } = server((answer) => (requests++ === 0 ? answer : { ...answer, ...change }), { etag: '"v1"' });
    const reader = await openHttpsSource(outbound, URL_OF_FILE);
    await expect(reader.read(50_000, 4)).rejects.toMatchObject({ code: 'source-replaced', retryable: false });
  });

  it('opens the version that was opened before, and no other', async () => {
    const { outbound } = server();
    await expect(openHttpsSource(outbound, URL_OF_FILE, { etag: '"v1"' })).resolves.toBeDefined();
    await expect(openHttpsSource(outbound, URL_OF_FILE, { etag: '"v0"' })).rejects.toMatchObject({
      code: 'source-replaced',
    });
  });

  it.each([
    [200, 'source-ranges-unsupported'],
    [204, 'source-ranges-unsupported'],
    [400, 'source-ranges-unsupported'],
    [401, 'source-access-denied'],
    [403, 'source-access-denied'],
    [404, 'source-not-found'],
    [410, 'source-not-found'],
    [416, 'source-ranges-unsupported'],
  ])('calls status %i %s', async (status, code) => {
    const { outbound } = server((answer) => ({ ...answer, status }));
    await expect(openHttpsSource(outbound, URL_OF_FILE)).rejects.toMatchObject({ code, retryable: false });
  });

  it.each([
    ['names no version', (answer: Answer) => ({ ...answer, headers: { 'content-range': 'bytes 0-32767/100000' } })],
    ['names no part', (answer: Answer) => ({ ...answer, headers: { etag: '"v1"' } })],
    ['names no size', (answer: Answer) => ({ ...answer, headers: { 'content-range': 'bytes 0-32767/*' } })],
    [
      'sends parts of its own size',
      (answer: Answer) => ({
        ...answer,
        headers: { etag: '"v1"', 'content-range': 'bytes 0-9/100000' },
        body: answer.body.slice(0, 10),
      }),
    ],
  ])('does not read from a server that %s', async (_name, change) => {
    const { outbound } = server(change);
    await expect(openHttpsSource(outbound, URL_OF_FILE)).rejects.toMatchObject({ code: 'source-ranges-unsupported' });
  });

  it('tries again when another part or fewer bytes come than were asked for', async () => {
    const unavailable = { code: 'source-unavailable', retryable: true };
    const moved = { etag: '"v1"', 'content-range': 'bytes 1-32768/100000' };
    const { outbound: other } = server((answer) => ({ ...answer, headers: moved }));
    await expect(openHttpsSource(other, URL_OF_FILE)).rejects.toMatchObject(unavailable);
    const { outbound: short } = server((answer) => ({ ...answer, body: answer.body.slice(1) }));
    await expect(openHttpsSource(short, URL_OF_FILE)).rejects.toMatchObject(unavailable);
  });

  it.each([
    ['outbound-not-allowed', 'source-not-allowed', false],
    ['outbound-not-trusted', 'source-not-allowed', false],
    ['outbound-too-many-redirects', 'source-not-allowed', false],
    ['outbound-host-unknown', 'source-not-found', false],
    ['response-too-large', 'source-ranges-unsupported', false],
    ['response-encoded', 'source-ranges-unsupported', false],
    ['outbound-unavailable', 'source-unavailable', true],
  ])('calls %s %s', async (from, code, retryable) => {
    const outbound = failing({ code: from, retryable, detail: 'x.', retryAfterMs: 7000 });
    const error: unknown = await openHttpsSource(outbound, URL_OF_FILE).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, retryable });
    if (retryable) expect(error).toMatchObject({ retryAfterMs: 7000 });
  });

  it('shows no query of a URL in an error: it may be a signature', async () => {
    const { outbound } = server((answer) => ({ ...answer, status: 404 }));
    await expect(openHttpsSource(outbound, URL_OF_FILE)).rejects.toThrow(/scene\.tif does not exist/);
    await expect(openHttpsSource(outbound, URL_OF_FILE)).rejects.not.toThrow(/secret/);
  });
});
