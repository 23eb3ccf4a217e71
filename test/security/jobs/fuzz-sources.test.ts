import type { GetObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { createS3Source } from '../../../shared/aws/s3-source.ts';
import { createSources } from '../../../shared/sources/sources.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';
import { changedText, hostileText } from '../corpus/texts.ts';

/** A client that finds every object, and remembers what it was asked for. */
function recordingClient(): { client: S3Client; asked: GetObjectCommandInput[] } {
  const asked: GetObjectCommandInput[] = [];
  const send = async ({ input }: { input: GetObjectCommandInput }) => {
    asked.push(input);
    return { ETag: '"1"', ContentLength: 7 };
  };
  return { client: { send } as unknown as S3Client, asked };
}

const OWN = ['s3://data/sources/acme/scene.tif', 's3://data/sources/acme/a%20b/%C3%A4.tif'];
const FOREIGN = [
  ...[
    's3://data/sources/other/scene.tif',
    's3://data/work/acme/job/plan.json',
    's3://data/sources/acme/../other/a.tif',
  ],
  ...['s3://data/sources/acme/%2e%2e/other/a.tif', 's3://data/sources/acme%2f..%2fother/a.tif', 's3://open/a.tif'],
  ...['s3://user:password@data/sources/acme/a', 's3://data:443/sources/acme/a', 's3://data/sources/acme/a?versionId=1'],
  ...['file:///etc/passwd', 'http://127.0.0.1/', 's3:///data/a', 's3:data/sources/acme/a', 'S3://DATA/sources/acme/a'],
];

describe('a source', () => {
  printCorpora('sources');
  const { client, asked } = recordingClient();
  const s3 = createS3Source({ client, tenant: 'acme', dataBucket: 'data', sourceBuckets: ['open', 'data'] });
  const sources = createSources({ s3 });

  fuzz(
    'that a tenant names is its own, or in an open bucket, or refused before anything is asked',
    fc.oneof(
      changedText([...OWN, ...FOREIGN]),
      fc.constantFrom(...OWN, ...FOREIGN),
      hostileText.map((key) => OWN[0] + key),
    ),
    async (text) => {
      const url = URL.parse(text);
      if (url === null) return;
      asked.length = 0;
      const opened = await reading(() => sources.open(url));
      if ('refused' in opened) expect(asked).toEqual([]);
      for (const { Bucket, Key = '' } of asked) {
        expect(['data', 'open']).toContain(Bucket);
        if (Bucket === 'data') expect(Key.startsWith('sources/acme/')).toBe(true);
        for (const part of Key.split('/')) expect(['', '.', '..']).not.toContain(part);
      }
    },
  );
});
