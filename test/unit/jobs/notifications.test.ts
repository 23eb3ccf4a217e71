import { describe, expect, it } from 'vitest';
import { JOB_STATES } from '../../../shared/jobs/job.ts';
import {
  isSubscriberEvent,
  notificationMessage,
  parseNotification,
  subscriberUri,
} from '../../../shared/jobs/notifications.ts';

const KEY = { tenant: 'acme', jobId: '01J00000000000000000000001' };
const SUBSCRIBER = { successUri: 'https://a/ok', inProgressUri: 'https://a/now', failedUri: 'https://a/bad' };

describe('notifications', () => {
  it('tell a subscriber that a job runs, and how it ended', () => {
    const told = JOB_STATES.filter(isSubscriberEvent);
    expect(told.map((event) => [event, subscriberUri(SUBSCRIBER, event)])).toEqual([
      ['running', 'https://a/now'],
      ['succeeded', 'https://a/ok'],
      ['partial', 'https://a/ok'],
      ['failed', 'https://a/bad'],
      ['cancelled', 'https://a/bad'],
    ]);
    expect(subscriberUri({}, 'running')).toBeUndefined();
  });

  it('are read as they were sent', () => {
    const message = notificationMessage({ ...KEY, ...{ more: 1 } }, 'partial');
    expect(message).toEqual({ schema: 1, ...KEY, event: 'partial', attempt: 1 });
    expect(parseNotification(JSON.stringify(message))).toEqual(message);
    expect(parseNotification(JSON.stringify({ ...message, attempt: 20 })).attempt).toBe(20);
  });

  it.each([
    '{',
    'null',
    JSON.stringify({ ...notificationMessage(KEY, 'failed'), event: 'accepted' }),
    JSON.stringify({ ...notificationMessage(KEY, 'failed'), schema: 2 }),
    JSON.stringify({ ...notificationMessage(KEY, 'failed'), tenant: 'A' }),
    JSON.stringify({ ...notificationMessage(KEY, 'failed'), jobId: 'x' }),
    JSON.stringify({ ...notificationMessage(KEY, 'failed'), attempt: 0 }),
    JSON.stringify({ ...notificationMessage(KEY, 'failed'), attempt: 21 }),
    JSON.stringify({ ...notificationMessage(KEY, 'failed'), more: 1 }),
  ])('are refused when they are %s', (body) => {
    expect(() => parseNotification(body)).toThrow(
      expect.objectContaining({
        code: 'message-invalid',
        retryable: false,
        detail: 'The notification cannot be read.',
        cause: expect.any(Error) as unknown,
      }),
    );
  });
});
