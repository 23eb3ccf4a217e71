import type { DeadLetterReason } from '../jobs/ports/queue.ts';
import { FOREIGN_CHARACTERS, MAX_REQUEST_BYTES } from './check-messages.ts';

/** Message attributes that say why a message was given up; the names are read by the dead-letter consumer. */
export const REASON_CODE = 'reasonCode';
export const REASON_DETAIL = 'reasonDetail';
/** Longest text of each in characters. */
const MAX_CODE_CHARACTERS = 128;
const MAX_DETAIL_CHARACTERS = 1024;
/** What SQS counts beside a value: name and data type, rounded up. */
const ATTRIBUTE_OVERHEAD_BYTES = 64;

/**
 * The reason as attributes that fit beside the body, in characters that SQS takes; what does not fit is left out,
 * for the message itself matters more than why it was given up.
 */
export function deadLetterAttributes(body: string, reason: DeadLetterReason): Record<string, string> {
  let room = MAX_REQUEST_BYTES - Buffer.byteLength(body);
  const texts = [
    [REASON_CODE, bounded(reason.code, MAX_CODE_CHARACTERS)],
    [REASON_DETAIL, bounded(reason.detail, MAX_DETAIL_CHARACTERS)],
  ] as const;
  const attributes: Record<string, string> = {};
  for (const [name, text] of texts) {
    const bytes = Buffer.byteLength(text) + ATTRIBUTE_OVERHEAD_BYTES;
    if (text === '' || bytes > room) continue;
    attributes[name] = text;
    room -= bytes;
  }
  return attributes;
}

function bounded(text: string, characters: number): string {
  return Array.from(text.slice(0, 2 * characters).replace(FOREIGN_CHARACTERS, '\uFFFD'))
    .slice(0, characters)
    .join('');
}
