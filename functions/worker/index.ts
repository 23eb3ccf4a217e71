import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { handleMessage } from '../../shared/jobs/handlers/handle-message.ts';
import { createEnginePlatform } from '../engine-platform.ts';
import { withinTimeLimit } from '../time-limit.ts';

const { platform } = createEnginePlatform('worker', process.env);
const batch = new BatchProcessor(EventType.SQS);

/** Works on the messages of one process's queue: the bundle holds that process alone. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const [definition] = platform.processes.values();
  if (definition === undefined) throw new TypeError('this bundle holds no process');
  const handle = ({ body, attributes }: SQSRecord): Promise<void> =>
    withinTimeLimit(context, (signal) => {
      const receiveCount = Number(attributes.ApproximateReceiveCount);
      return handleMessage(platform, definition, { body, receiveCount, signal });
    });
  return processPartialResponse(event, handle, batch, { context, throwOnFullBatchFailure: false });
}
