import { describe, expect, it } from 'vitest';
import type { ApiEvent } from '../../../functions/api/request.ts';
import { capturedEvents } from './captured-events.ts';
import { createTestApi } from './test-api.ts';

interface Expected {
  statusCode: number;
  headers: Record<string, string>;
  json?: Record<string, unknown>;
  bodyContains?: string;
}

describe('events of API Gateway', () => {
  it.each(capturedEvents<ApiEvent, Expected>('api'))('$name', async ({ event, expected }) => {
    const { send } = createTestApi();
    const { statusCode, headers, json, bytes } = await send(event);
    expect({ statusCode, headers }).toMatchObject({ statusCode: expected.statusCode, headers: expected.headers });
    if (expected.json !== undefined) expect(json).toMatchObject(expected.json);
    expect(bytes.toString()).toContain(expected.bodyContains ?? '');
  });
});
