/** The sections of docs/runbook.md: one for each alarm, by the anchor of its heading. */
export const RUNBOOK_TOPICS = [
  'process-needs-attention',
  'process-dead-letter',
  'process-dead-letters-wait',
  'process-queue-age',
  'process-errors',
  'process-throttles',
  'platform-needs-attention',
  'api-errors',
  'authorizer-errors',
  'stream-behind',
  'stream-dead-letter',
  'stream-record-dead',
  'sweeper-silent',
  'sweeper-errors',
  'sweep-job-failed',
  'sweeper-behind',
  'sweeper-dead-letter',
  'dead-letter-consumer-errors',
  'notification-dead-letter',
  'upload-dead-letter',
  'upload-consumer-errors',
  'upload-queue-age',
  'table-write-throttles',
  'table-read-throttles',
] as const;
export type RunbookTopic = (typeof RUNBOOK_TOPICS)[number];

/**
 * What an alarm says: what is wrong in one sentence, and where to read what to do.
 * @param url where docs/runbook.md can be read
 */
export function alarmDescription(summary: string, url: string, topic: RunbookTopic): string {
  return `${summary} Runbook: ${url}#${topic}`;
}
