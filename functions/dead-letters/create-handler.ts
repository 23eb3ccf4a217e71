import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { REASON_CODE, REASON_DETAIL } from '../../shared/adapters/dead-letter-attributes.ts';
import { handleDeadLetter } from '../../shared/jobs/handlers/handle-dead-letter.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import type { DeadLetterReason } from '../../shared/jobs/ports/queue.ts';

export type DeadLetterHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Archives what was given up, and settles what it was for. @param processOf process of a dead-letter queue's ARN */
export function createHandler(platform: Platform, processOf: (queueArn: string) => string): DeadLetterHandler {
  const batch = new BatchProcessor(EventType.SQS);
  return async (event, context) => {
    const handle = async (record: SQSRecord): Promise<void> => {
      const reason = reasonOf(record);
      await handleDeadLetter(platform, {
        messageId: record.messageId,
        processId: processOf(record.eventSourceARN),
        body: record.body,
        attributes: attributesOf(record),
        ...(reason === undefined ? {} : { reason }),
      });
    };
    return processPartialResponse(event, handle, batch, { context, throwOnFullBatchFailure: false });
  };
}

function reasonOf({ messageAttributes }: SQSRecord): DeadLetterReason | undefined {
  const code = messageAttributes[REASON_CODE]?.stringValue;
  return code === undefined ? undefined : { code, detail: messageAttributes[REASON_DETAIL]?.stringValue ?? '' };
}

/** Everything that the queue says of a message, as text: receive count, times, group, and its own attributes. */
function attributesOf({ attributes, messageAttributes }: SQSRecord): Record<string, string> {
  const own = Object.entries(messageAttributes).map(([name, { stringValue }]) => [name, stringValue ?? '']);
  const given = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries([...given, ...own]) as Record<string, string>;
}
