import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/uploads/create-handler.ts';
import { s3Url } from '../../../shared/aws/s3-location.ts';
import { listJobs } from '../../../shared/jobs/list-jobs.ts';
import { listUploads } from '../../../shared/uploads/list-uploads.ts';
import { createUploadBench, TENANT, text } from '../../helpers/upload-bench.ts';
import { capturedEvents } from '../api/captured-events.ts';
import { invocation } from './engine-at.ts';

interface Expected {
  given: {
    /** An upload of one PUT is open, whose job is to be started. */
    announced?: boolean;
    /** What lies in the bucket, in the order of the versions. */
    objects: { key: string; text: string }[];
  };
  answer: SQSBatchResponse;
  uploads: Record<string, unknown>[];
  jobs: number;
}

const CONTENT = text('name,lat,lon\nhut,47,11\n');

describe('events of the bucket', () => {
  it.each(capturedEvents<SQSEvent, Expected>('uploads'))('$name', async ({ event, expected }) => {
    const { platform, bucket, openSingle } = createUploadBench();
    if (expected.given.announced === true) {
      const job = { processId: 'reader', inputs: {} };
      await openSingle(CONTENT, { fileName: 'huts.csv', job });
    }
    for (const { key, text: content } of expected.given.objects) bucket.put(s3Url('data', key), text(content));
    expect(await createHandler(platform)(event, invocation())).toEqual(expected.answer);
    const { uploads } = await listUploads(platform, TENANT, { limit: 10 });
    expect(uploads).toHaveLength(expected.uploads.length);
    expect(uploads).toMatchObject(expected.uploads);
    expect((await listJobs(platform, TENANT, { limit: 10 })).jobs).toHaveLength(expected.jobs);
  });
});
