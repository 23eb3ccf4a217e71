import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { isUnavailable, statusOf } from '../../../shared/aws/service-error.ts';
import type { CannedAnswer } from './canned-server.ts';
import { jsonError, startCannedServer } from './canned-server.ts';

/** What the SDK throws for an answer, or when nothing listens. */
async function thrownFor(answer: CannedAnswer | 'nothing listens'): Promise<unknown> {
  await using server = await startCannedServer(answer === 'nothing listens' ? 'reset' : answer);
  if (answer === 'nothing listens') await server[Symbol.asyncDispose]();
  return await new DynamoDBClient(server.config).send(new ListTablesCommand({})).catch((error: unknown) => error);
}

describe('isUnavailable', () => {
  it.each<[string, CannedAnswer | 'nothing listens', boolean, number | undefined]>([
    ['nothing listens', 'nothing listens', true, undefined],
    ['the connection breaks', 'reset', true, undefined],
    ['the service fails', jsonError(500, 'InternalServerError'), true, 500],
    ['it answers 429', jsonError(429, 'Whatever'), true, 429],
    ['it throttles with 400', jsonError(400, 'ThrottlingException'), true, 400],
    ['it refuses', jsonError(400, 'ValidationException'), false, 400],
    ['it denies access', jsonError(403, 'AccessDenied'), false, 403],
  ])('tells what may pass when %s', async (_what, answer, expected, status) => {
    const error = await thrownFor(answer);
    expect([isUnavailable(error), statusOf(error)]).toEqual([expected, status]);
  });

  it.each(['EAI_AGAIN', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EPIPE'])(
    'takes %s for a network that is not there',
    (code) => {
      expect(isUnavailable(Object.assign(new Error(code), { code }))).toBe(true);
    },
  );

  it.each([[new TypeError('a defect')], [Object.assign(new Error('disk'), { code: 'ENOENT' })], ['text'], [undefined]])(
    'takes %s for something else',
    (error) => {
      expect([isUnavailable(error), statusOf(error)]).toEqual([false, undefined]);
    },
  );
});
