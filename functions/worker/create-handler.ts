import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { handleMessage } from '../../shared/jobs/handlers/handle-message.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import { withinTimeLimit } from '../time-limit.ts';

export type WorkerHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Works on the messages of one process's queue: the bundle holds that process alone. */
export function createHandler(platform: Platform): WorkerHandler {
  const batch = new BatchProcessor(EventType.SQS);
  return async (event, context) => {
    const [definition] = platform.processes.values();
    if (definition === undefined) throw new TypeError('this bundle holds no process');
    const handle = ({ body, attributes }: SQSRecord): Promise<void> =>
      withinTimeLimit(context, (signal) => {
        const receiveCount = Number(attributes.ApproximateReceiveCount);
        return handleMessage(platform, definition, { body, receiveCount, signal });
      });
    return processPartialResponse(event, handle, batch, { context, throwOnFullBatchFailure: false });
  };
}
