import { DeleteObjectCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { presignDownload } from '../../shared/aws/presign.ts';
import { createS3Source } from '../../shared/aws/s3-source.ts';
import type { OpenOptions, RangeReader } from '../../shared/sources/range-reader.ts';
import { createBucket, endpoint, freshName, onEmulator, s3 } from './emulator.ts';

const CONTENT = new TextEncoder().encode('0123456789');

describe.runIf(endpoint)(onEmulator('S3 sources and links'), () => {
  let dataBucket: string;
  let open: (url: URL, options?: OpenOptions) => Promise<RangeReader>;

  beforeAll(async () => {
    dataBucket = await createBucket();
    open = createS3Source({ client: s3, tenant: 'alpha', dataBucket, sourceBuckets: ['no-such-bucket-here'] });
  });

  async function upload(body = CONTENT): Promise<{ url: URL; replace: (body: string) => Promise<unknown> }> {
    const Key = `sources/alpha/${freshName('scene')} ü.tif`;
    const put = (Body: Uint8Array | string): Promise<unknown> =>
      s3.send(new PutObjectCommand({ Bucket: dataBucket, Key, Body }));
    await put(body);
    return { url: new URL(`s3://${dataBucket}/${encodeURI(Key)}`), replace: put };
  }

  it('reads ranges, fewer bytes at the end', async () => {
    const { url } = await upload();
    const source = await open(url);
    expect([source.size, source.url]).toEqual([CONTENT.byteLength, url]);
    expect(await source.read(2, 3)).toEqual(CONTENT.slice(2, 5));
    expect(await source.read(8, 100)).toEqual(CONTENT.slice(8));
    expect(await source.read(10, 1)).toEqual(new Uint8Array(0));
  });

  it('says that a source was replaced, in a reader and when it is opened again', async () => {
    const { url, replace } = await upload();
    const source = await open(url);
    expect((await open(url, { etag: source.etag })).etag).toBe(source.etag);
    await replace('other content');
    await expect(source.read(0, 4)).rejects.toMatchObject({ code: 'source-replaced', retryable: false });
    await expect(open(url, { etag: source.etag })).rejects.toMatchObject({ code: 'source-replaced' });
  });

  it('says that a source is not there, before and while it is read', async () => {
    const { url } = await upload();
    const source = await open(url);
    await s3.send(new DeleteObjectCommand({ Bucket: dataBucket, Key: decodeURIComponent(url.pathname.slice(1)) }));
    await expect(source.read(0, 4)).rejects.toMatchObject({ code: 'source-not-found', retryable: false });
    await expect(open(url)).rejects.toMatchObject({ code: 'source-not-found' });
    await expect(open(new URL('s3://no-such-bucket-here/a'))).rejects.toMatchObject({ code: 'source-not-found' });
  });

  it('reads the version that is named, whatever has come after it', async () => {
    const Key = `uploads/alpha/${freshName('scene')}.tif`;
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: dataBucket, VersioningConfiguration }));
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: dataBucket, Key, Body: CONTENT }));
    await s3.send(new PutObjectCommand({ Bucket: dataBucket, Key, Body: 'other content' }));
    const url = new URL(`s3://${dataBucket}/${Key}`);
    await expect(open(url)).rejects.toMatchObject({ code: 'source-not-allowed' });
    const source = await open(new URL(`${url.href}?versionId=${VersionId!}`));
    expect(source.size).toBe(CONTENT.byteLength);
    expect(await source.read(2, 3)).toEqual(CONTENT.slice(2, 5));
    await expect(open(new URL(`${url.href}?versionId=no-such-version`))).rejects.toMatchObject({
      code: 'source-not-found',
    });
  });

  it('gives links by which anyone reads the object, ranges included', async () => {
    const { url } = await upload();
    const link = await presignDownload(s3, url, 60);
    const response = await fetch(link, { headers: { range: 'bytes=0-3' } });
    expect([response.status, await response.text()]).toEqual([206, '0123']);
  });
});
