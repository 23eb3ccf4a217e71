import type { OutgoingMessage } from '../jobs/ports/queue.ts';
import { MAX_BATCH_MESSAGES, MAX_DELAY_SECONDS } from '../jobs/ports/queue.ts';
import { messageInvalid } from './errors.ts';

/** Bytes of one request, and so of one message, attributes included (SQS). */
export const MAX_REQUEST_BYTES = 1024 * 1024;
/** Letters, digits and punctuation, at most 128 (SQS MessageGroupId). */
const GROUP = /^[!-~]{1,128}$/;
/** Characters that SQS takes: those of XML 1.0. */
export const FOREIGN_CHARACTERS = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * Refuses what SQS refuses, and what an emulator lets through.
 * @throws LonghaulError `queue-message-invalid` (final)
 */
export function checkMessages(messages: readonly OutgoingMessage[]): void {
  const limit = MAX_BATCH_MESSAGES;
  if (messages.length < 1 || messages.length > limit) {
    throw messageInvalid(`A request has 1 to ${limit} messages.`, { limit, actual: messages.length });
  }
  for (const { body, delaySeconds, group } of messages) {
    checkBody(body);
    if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS) {
      throw messageInvalid('A message is delayed by whole seconds from 0 on.', {
        limit: MAX_DELAY_SECONDS,
        actual: delaySeconds,
      });
    }
    if (!GROUP.test(group)) throw messageInvalid(`"${group}" cannot be the group of a message.`);
  }
  checkBytes(messages.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0));
}

/** @throws LonghaulError `queue-message-invalid` (final) */
export function checkBody(body: string): void {
  if (body === '') throw messageInvalid('A message without a body cannot be sent.');
  if (body.search(FOREIGN_CHARACTERS) >= 0) throw messageInvalid('A message has a character that SQS does not take.');
  checkBytes(Buffer.byteLength(body));
}

function checkBytes(actual: number): void {
  if (actual > MAX_REQUEST_BYTES) {
    throw messageInvalid('The messages of one request are too large.', { limit: MAX_REQUEST_BYTES, actual });
  }
}
