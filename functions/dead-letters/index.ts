import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { REASON_CODE, REASON_DETAIL } from '../../shared/adapters/dead-letter-attributes.ts';
import { handleDeadLetter } from '../../shared/jobs/handlers/handle-dead-letter.ts';
import type { DeadLetterReason } from '../../shared/jobs/ports/queue.ts';
import { createEnginePlatform } from '../engine-platform.ts';
import { processOfQueue } from './process-of-queue.ts';

const { platform } = createEnginePlatform('dead-letters', process.env);
const processOf = processOfQueue(process.env);
const batch = new BatchProcessor(EventType.SQS);

/** Archives what was given up, and settles what it was for. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const handle = (record: SQSRecord): Promise<void> => {
    const reason = reasonOf(record);
    return handleDeadLetter(platform, {
      messageId: record.messageId,
      processId: processOf(record.eventSourceARN),
      body: record.body,
      attributes: attributesOf(record),
      ...(reason === undefined ? {} : { reason }),
    });
  };
  return processPartialResponse(event, handle, batch, { context, throwOnFullBatchFailure: false });
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
