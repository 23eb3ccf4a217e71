import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { withinTimeLimit } from '../time-limit.ts';
import { notify, type NotifyOptions } from './notify.ts';

export type NotificationHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Calls the subscribers of jobs back. A call that fails is delivered again by its queue, eight times in all. */
export function createHandler(options: Omit<NotifyOptions, 'signal'>): NotificationHandler {
  const batch = new BatchProcessor(EventType.SQS);
  return async (event, context) => {
    const handle = ({ body }: SQSRecord): Promise<void> =>
      withinTimeLimit(context, (signal) => notify({ ...options, signal }, body));
    return processPartialResponse(event, handle, batch, { context, throwOnFullBatchFailure: false });
  };
}
