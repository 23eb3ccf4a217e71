import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { presignDownload } from '../../shared/aws/presign.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { createOutbound } from '../../shared/http/outbound/create-outbound.ts';
import { createEnginePlatform } from '../engine-platform.ts';
import { withinTimeLimit } from '../time-limit.ts';
import { notify } from './notify.ts';

const { platform, s3 } = createEnginePlatform('notifications', process.env);
const { PUBLIC_URL: root } = readEnvironment(['PUBLIC_URL'], process.env);
const outbound = createOutbound({ clock: platform.clock });
const batch = new BatchProcessor(EventType.SQS);

/** Calls the subscribers of jobs back. A call that fails is delivered again by its queue, eight times in all. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const presign = async (url: URL): Promise<string> => (await presignDownload(s3, url)).href;
  const handle = ({ body }: SQSRecord): Promise<void> =>
    withinTimeLimit(context, (signal) => notify({ platform, outbound, presign, root, signal }, body));
  return processPartialResponse(event, handle, batch, { context, throwOnFullBatchFailure: false });
}
