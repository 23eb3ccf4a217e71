import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { parseS3Url, s3Url } from '../../shared/aws/s3-location.ts';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { handleObjectCreated } from '../../shared/uploads/handlers/handle-object-created.ts';
import { parseObjectEvents, type ObjectCreated } from '../../shared/uploads/handlers/object-events.ts';
import type { UploadPlatform } from '../../shared/uploads/platform.ts';

export type UploadsHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Follows the events of the bucket. What cannot be read, or fails, is delivered again and given up by the queue. */
export function createHandler(platform: UploadPlatform): UploadsHandler {
  const batch = new BatchProcessor(EventType.SQS);
  return async (event, context) => {
    const handle = async ({ body }: SQSRecord): Promise<void> => {
      for (const created of parseObjectEvents(body)) {
        const url = urlOf(created);
        if (url === undefined) platform.logger.warn('upload.object.elsewhere', { versionId: created.versionId });
        else await handleObjectCreated(platform, url, created.versionId);
      }
    };
    return processPartialResponse(event, handle, batch, { context, throwOnFullBatchFailure: false });
  };
}

/** The address of an object; undefined for a key that no address says, such as one with `..` or an empty part. */
function urlOf({ bucket, key }: ObjectCreated): URL | undefined {
  try {
    const url = s3Url(bucket, key);
    return parseS3Url(url).Key === key ? url : undefined;
  } catch (error) {
    // A lone surrogate, or what `parseS3Url` refuses: such an object is none of ours.
    if (error instanceof URIError || error instanceof TypeError || error instanceof LonghaulError) return undefined;
    throw error;
  }
}
