import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/notifications/create-handler.ts';
import type { Outbound, OutboundRequest } from '../../../shared/http/outbound/create-outbound.ts';
import { outboundUnavailable } from '../../../shared/http/outbound/errors.ts';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import { finalError } from '../../helpers/numbers-process.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';
import { capturedEvents } from '../api/captured-events.ts';
import { invocation } from './engine-at.ts';

interface Call {
  url: string;
  method: string | undefined;
  headers: OutboundRequest['headers'];
  body: unknown;
}

interface Expected {
  given: { failing?: boolean; subscriberStatus?: number; unreachable?: string };
  answer: SQSBatchResponse;
  calls: Call[];
}

const SUBSCRIBER = {
  successUri: 'https://subscriber.example/done',
  inProgressUri: 'https://subscriber.example/progress',
  failedUri: 'https://subscriber.example/failed',
};

/** A subscriber that answers with one status, or cannot be reached at one address. */
function subscriber({ subscriberStatus: status = 204, unreachable }: Expected['given']): Outbound & { calls: Call[] } {
  const calls: Call[] = [];
  return {
    calls,
    fetch: async (input, { method, headers, body }) => {
      const url = new URL(input);
      calls.push({ url: url.href, method, headers, body: JSON.parse(String(body)) as unknown });
      if (url.href === unreachable) throw outboundUnavailable(url.hostname, 'connection refused');
      return { status, headers: {}, url, body: new Uint8Array() };
    },
    close: () => Promise.resolve(),
  };
}

async function endedJob(failing: boolean) {
  const { engine } = createTestEngine(failing ? { planError: () => finalError() } : {});
  const inputs = { datasets: [{ id: 'a', units: 4 }], chunkUnits: 2, failing: [], empty: [] };
  await submitJob(engine.platform, {
    tenant: 'acme',
    subject: 'ann',
    processId: 'numbers',
    request: { inputs, subscriber: SUBSCRIBER },
  });
  await engine.runUntilIdle();
  return engine.platform;
}

describe('events of the notification queue', () => {
  it.each(capturedEvents<SQSEvent, Expected>('notifications'))('$name', async ({ event, expected }) => {
    const { given, answer, calls } = expected;
    const outbound = subscriber(given);
    const handler = createHandler({
      platform: await endedJob(given.failing === true),
      outbound,
      presign: async (url) => `https://signed.example${url.pathname}`,
      root: 'https://longhaul.example',
    });
    expect(await handler(event, invocation())).toEqual(answer);
    const made = outbound.calls.toSorted((a, b) => a.url.localeCompare(b.url));
    expect(made).toHaveLength(calls.length);
    expect(made).toMatchObject(calls);
  });
});
