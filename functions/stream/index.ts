import type { AttributeValue as SdkAttributeValue } from '@aws-sdk/client-dynamodb';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { AttributeValue, Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { fromAttributes, fromKeyAttributes } from '../../shared/aws/attribute-value.ts';
import { handleStreamRecord } from '../../shared/jobs/handlers/handle-stream-record.ts';
import type { Item } from '../../shared/jobs/ports/job-store.ts';
import { createEnginePlatform } from '../engine-platform.ts';

const { platform } = createEnginePlatform('stream', process.env);
const batch = new BatchProcessor(EventType.DynamoDBStreams);

/** Follows the changes of job rows. Never throws: what could not be done is reported by record, and comes again. */
export async function handler(event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> {
  const handle = ({ dynamodb }: DynamoDBRecord): Promise<void> =>
    handleStreamRecord(platform, {
      sequence: dynamodb?.SequenceNumber ?? '',
      key: fromKeyAttributes(sdk(dynamodb?.Keys) ?? {}),
      before: itemOf(dynamodb?.OldImage),
      after: itemOf(dynamodb?.NewImage),
    });
  return processPartialResponse(event, handle, batch, { context, throwOnFullBatchFailure: false });
}

type Image = Record<string, AttributeValue> | undefined;

function itemOf(image: Image): Item | undefined {
  const attributes = sdk(image);
  return attributes && fromAttributes(attributes);
}

/** Events carry what the SDK carries, but for binary values, of which the table has none. */
function sdk(image: Image): Record<string, SdkAttributeValue> | undefined {
  return image as Record<string, SdkAttributeValue> | undefined;
}
