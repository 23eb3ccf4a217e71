import { z } from 'zod';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { MAX_ATTEMPTS } from './backoff.ts';
import type { Subscriber } from './execute-request.ts';
import type { JobKey, JobState } from './job.ts';
import { jobIdSchema, MESSAGE_SCHEMA, tenantSchema } from './messages.ts';

/** The queue of subscriber callbacks; no process has this id. */
export const NOTIFICATION_QUEUE = 'notifications';

const SUBSCRIBER_STATES = ['running', 'succeeded', 'partial', 'failed', 'cancelled'] as const;
export type SubscriberEvent = (typeof SUBSCRIBER_STATES)[number];

export const notificationSchema = z.strictObject({
  schema: z.literal(MESSAGE_SCHEMA),
  tenant: tenantSchema,
  jobId: jobIdSchema,
  event: z.enum(SUBSCRIBER_STATES),
  attempt: z.int().min(1).max(MAX_ATTEMPTS),
});
export type NotificationMessage = z.output<typeof notificationSchema>;

/** True for the states that a subscriber is told of. */
export function isSubscriberEvent(state: JobState): state is SubscriberEvent {
  return SUBSCRIBER_STATES.some((event) => event === state);
}

export function notificationMessage({ tenant, jobId }: JobKey, event: SubscriberEvent): NotificationMessage {
  return { schema: MESSAGE_SCHEMA, tenant, jobId, event, attempt: 1 };
}

/** @throws LonghaulError `message-invalid` (final) */
export function parseNotification(body: string): NotificationMessage {
  try {
    return notificationSchema.parse(JSON.parse(body));
  } catch (cause) {
    throw new LonghaulError({
      code: 'message-invalid',
      retryable: false,
      detail: 'The notification cannot be read.',
      cause,
    });
  }
}

/** Which of a subscriber's addresses is told of an event; a partial result is a success that says so. */
export function subscriberUri(subscriber: Subscriber, event: SubscriberEvent): string | undefined {
  switch (event) {
    case 'running':
      return subscriber.inProgressUri;
    case 'succeeded':
    case 'partial':
      return subscriber.successUri;
    case 'failed':
    case 'cancelled':
      return subscriber.failedUri;
  }
}
