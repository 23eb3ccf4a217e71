import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/notifications/create-handler.ts';
import { createOutbound, type Outbound } from '../../../shared/http/outbound/create-outbound.ts';
import { createSources } from '../../../shared/sources/sources.ts';
import { createTestApi } from '../../unit/api/test-api.ts';
import { invocation } from '../../unit/functions/engine-at.ts';
import { startLocalHttp, type LocalHttp } from '../../helpers/local-http.ts';
import { notationsOf, privateUrl } from '../corpus/addresses.ts';

const LOOPBACK = [127, 0, 0, 1] as const;

describe('a canary on this machine', () => {
  let canary: LocalHttp;
  let outbound: Outbound;
  beforeAll(async () => {
    canary = await startLocalHttp((_request, response) => response.end('"secret"'));
    // Connects for real, and every name leads here: nothing but the checks stands between a caller and the canary.
    outbound = createOutbound({ clock: { now: () => 0 }, ports: [canary.port], resolver: async () => ['127.0.0.1'] });
  });
  afterAll(async () => {
    await outbound.close();
    await canary[Symbol.asyncDispose]();
  });

  const urls = [...notationsOf(LOOPBACK).map((host) => `https://${host}:<port>/`), ...privateUrl];
  const withPort = (url: string) => url.replaceAll('<port>', String(canary.port));

  it.each(urls)('is not asked for an input by reference to %s', async (url) => {
    const api = createTestApi({ api: { references: outbound } });
    const response = await api.call({
      method: 'POST',
      path: '/processes/echo/execution',
      body: { inputs: { stringInput: { href: withPort(url), type: 'application/json' } } },
    });
    expect(response.json).toMatchObject({ status: 400, field: '/inputs/stringInput/href' });
    expect(response.body).not.toContain('secret');
    expect(canary.connections()).toBe(0);
  });

  it.each(urls)('is not called back at %s', async (url) => {
    const api = createTestApi();
    const { platform } = api.test.engine;
    const submitted = await api.call({
      method: 'POST',
      path: '/processes/echo/execution',
      headers: { prefer: 'respond-async' },
      body: { inputs: { stringInput: 'a' }, subscriber: { successUri: withPort(url) } },
    });
    await api.test.engine.runUntilIdle();
    const messages = api.test.engine.queue.receive('notifications', 10);
    expect(messages.length > 0).toBe(submitted.statusCode === 201);
    const handler = createHandler({ platform, outbound, presign: async (file) => file.href, root: '' });
    const Records = messages.map(({ messageId, body }) => ({ messageId, body, eventSource: 'aws:sqs' }));
    await handler({ Records } as unknown as SQSEvent, invocation());
    expect(canary.connections()).toBe(0);
  });

  it.each(urls)('is not read as a source at %s', async (url) => {
    const parsed = URL.parse(withPort(url));
    if (parsed === null) return;
    const opening = createSources({ https: outbound }).open(parsed);
    await expect(opening).rejects.toMatchObject({
      code: expect.stringMatching(/^source-/) as string,
      retryable: false,
    });
    expect(canary.connections()).toBe(0);
  });
});
