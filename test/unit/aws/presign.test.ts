import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { presignDownload } from '../../../shared/aws/presign.ts';

const client = new S3Client({
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: 'session' },
});
const ARCHIVE = new URL('s3://data/outputs/alpha/1/a%20b.pmtiles');

describe('presignDownload', () => {
  it('signs a link to the object that lives as long as is asked for', async () => {
    const link = await presignDownload(client, ARCHIVE, 60);
    expect(link.origin + link.pathname).toBe('https://data.s3.us-east-1.amazonaws.com/outputs/alpha/1/a%20b.pmtiles');
    expect(link.searchParams.get('X-Amz-Expires')).toBe('60');
    expect(link.searchParams.get('X-Amz-SignedHeaders')).toBe('host');
  });

  it('signs for an hour unless told otherwise', async () => {
    expect((await presignDownload(client, ARCHIVE)).searchParams.get('X-Amz-Expires')).toBe('3600');
  });

  it.each([0, 3601, 1.5, Number.NaN])('refuses a life of %d s', async (seconds) => {
    await expect(presignDownload(client, ARCHIVE, seconds)).rejects.toMatchObject({ code: 'object-request-invalid' });
  });

  it('refuses what is no object of S3', async () => {
    const url = new URL('https://data/outputs/a');
    await expect(presignDownload(client, url)).rejects.toMatchObject({ code: 'object-request-invalid' });
  });
});
