import type { AttributeValue as SdkAttributeValue } from '@aws-sdk/client-dynamodb';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { AttributeValue, Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { fromAttributes, fromKeyAttributes } from '../../shared/aws/attribute-value.ts';
import { handleStreamRecord } from '../../shared/jobs/handlers/handle-stream-record.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import type { Item } from '../../shared/jobs/ports/job-store.ts';

export type StreamHandler = (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>;

/** Follows the changes of job rows. Never throws: what could not be done is reported by record, and comes again. */
export function createHandler(platform: Platform): StreamHandler {
  const batch = new BatchProcessor(EventType.DynamoDBStreams);
  return async (event, context) => {
    const handle = async ({ dynamodb }: DynamoDBRecord): Promise<void> =>
      handleStreamRecord(platform, {
        sequence: dynamodb?.SequenceNumber ?? '',
        key: fromKeyAttributes(sdk(dynamodb?.Keys) ?? {}),
        before: itemOf(dynamodb?.OldImage),
        after: itemOf(dynamodb?.NewImage),
      });
    return processPartialResponse(event, handle, batch, { context, throwOnFullBatchFailure: false });
  };
}

type Image = Record<string, AttributeValue> | undefined;

/** An image; one that cannot be decoded as text, which no job row is: so it is put aside whole, and holds up nobody. */
function itemOf(image: Image): Item | undefined {
  const attributes = sdk(image);
  if (attributes === undefined) return undefined;
  let reason = 'it holds a number beyond 2^53';
  try {
    const item = fromAttributes(attributes);
    if (!holdsBigInt(item)) return item;
  } catch (error) {
    reason = String(error);
  }
  return { undecoded: JSON.stringify(image), reason };
}

/** Integers that a number cannot hold come as `bigint`, which nothing here counts with and JSON cannot say. */
function holdsBigInt(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  const members: Iterable<unknown> = value instanceof Set ? (value as Set<unknown>) : Object.values(value);
  return [...members].some(holdsBigInt);
}

/** Events carry what the SDK carries, but for binary values, of which the table has none. */
function sdk(image: Image): Record<string, SdkAttributeValue> | undefined {
  return image as Record<string, SdkAttributeValue> | undefined;
}
