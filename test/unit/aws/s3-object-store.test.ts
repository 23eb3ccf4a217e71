import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { S3ObjectStore } from '../../../shared/aws/s3-object-store.ts';
import type { CannedAnswer, CannedServer } from './canned-server.ts';
import { startCannedServer, xmlError } from './canned-server.ts';

const URL_OF_OBJECT = new URL('s3://data/work/a%20b.bin');
const TYPE = 'application/octet-stream';
const BYTES = Uint8Array.from([1, 2, 3]);
const UNAVAILABLE = { code: 'object-store-unavailable', retryable: true };
const STARTED: CannedAnswer = {
  status: 200,
  body: '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>',
};
const PART: CannedAnswer = { status: 200, headers: { etag: '"p1"', 'x-amz-checksum-crc32': 'VTzVyA==' } };

const storeOn = (server: CannedServer): S3ObjectStore =>
  new S3ObjectStore(new S3Client({ ...server.config, forcePathStyle: true }));

describe('S3ObjectStore', () => {
  it('writes only where nothing is, with a checksum', async () => {
    await using server = await startCannedServer({ status: 200 });
    expect(await storeOn(server).putIfAbsent(URL_OF_OBJECT, BYTES, TYPE)).toBe('written');
    expect(server.requests).toMatchObject([
      { method: 'PUT', headers: { 'if-none-match': '*', 'content-type': TYPE, 'x-amz-checksum-crc32': 'VbyAHQ==' } },
    ]);
    expect(server.requests[0]?.url).toMatch(/^\/data\/work\/a%20b\.bin\?/);
  });

  it('finds what another wrote first', async () => {
    await using server = await startCannedServer(xmlError(412, 'PreconditionFailed'));
    expect(await storeOn(server).putIfAbsent(URL_OF_OBJECT, BYTES, TYPE)).toBe('exists');
  });

  it.each<[string, CannedAnswer]>([
    ['another write is under way', xmlError(409, 'ConditionalRequestConflict')],
    ['S3 is slow', xmlError(503, 'SlowDown')],
    ['S3 fails', xmlError(500, 'InternalError')],
    ['the connection breaks', 'reset'],
  ])('is unavailable when %s', async (_what, answer) => {
    await using server = await startCannedServer(answer);
    const store = storeOn(server);
    await expect(store.putIfAbsent(URL_OF_OBJECT, BYTES, TYPE)).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.get(URL_OF_OBJECT, 10)).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.getRange(URL_OF_OBJECT, 0, 10)).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.createUpload(URL_OF_OBJECT, TYPE)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('is unavailable when a body ends early', async () => {
    await using server = await startCannedServer({ cut: 'half', length: 8 });
    await expect(storeOn(server).get(URL_OF_OBJECT, 10)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('refuses a large object before its body comes', async () => {
    await using server = await startCannedServer({ stall: 'some', length: 1_000_000 });
    await expect(storeOn(server).get(URL_OF_OBJECT, 999_999)).rejects.toMatchObject({
      code: 'object-too-large',
      limit: 999_999,
      actual: 1_000_000,
    });
  });

  it('stops reading a body without a length at its limit', async () => {
    await using server = await startCannedServer({
      status: 200,
      headers: { 'transfer-encoding': 'chunked' },
      body: 'x'.repeat(100),
    });
    await expect(storeOn(server).get(URL_OF_OBJECT, 99)).rejects.toMatchObject({ code: 'object-too-large' });
  });

  it('leaves a refusal as it is', async () => {
    await using server = await startCannedServer(xmlError(403, 'AccessDenied'));
    await expect(storeOn(server).get(URL_OF_OBJECT, 10)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('S3Upload', () => {
  it('completes with the checksum of each part, only where nothing is', async () => {
    const done = '<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>';
    await using server = await startCannedServer(STARTED, PART, { status: 200, body: done });
    const upload = await storeOn(server).createUpload(URL_OF_OBJECT, TYPE);
    await upload.putPart(1, BYTES);
    await upload.complete();
    const [start, part, completion] = server.requests;
    expect(start?.headers).toMatchObject({ 'content-type': TYPE, 'x-amz-checksum-algorithm': 'CRC32' });
    expect(part?.headers).toMatchObject({ 'x-amz-checksum-crc32': 'VbyAHQ==' });
    expect(completion?.headers).toMatchObject({ 'if-none-match': '*' });
    expect(completion?.body).toContain('<ChecksumCRC32>VTzVyA==</ChecksumCRC32>');
  });

  it('is content when the file is there already', async () => {
    await using server = await startCannedServer(STARTED, PART, xmlError(412, 'PreconditionFailed'));
    const upload = await storeOn(server).createUpload(URL_OF_OBJECT, TYPE);
    await upload.putPart(1, BYTES);
    await expect(upload.complete()).resolves.toBeUndefined();
  });

  it.each<[string, CannedAnswer]>([
    ['another completion is under way', xmlError(409, 'ConditionalRequestConflict')],
    ['S3 says so in an answer that began well', xmlError(200, 'InternalError')],
    ['the connection breaks', 'reset'],
  ])('is unavailable when %s', async (_what, answer) => {
    await using server = await startCannedServer(STARTED, PART, answer);
    const upload = await storeOn(server).createUpload(URL_OF_OBJECT, TYPE);
    await upload.putPart(1, BYTES);
    await expect(upload.complete()).rejects.toMatchObject(UNAVAILABLE);
  });

  it('is content to abort what is gone', async () => {
    await using server = await startCannedServer(STARTED, xmlError(404, 'NoSuchUpload'), xmlError(403, 'AccessDenied'));
    const upload = await storeOn(server).createUpload(URL_OF_OBJECT, TYPE);
    await expect(upload.abort()).resolves.toBeUndefined();
    await expect(upload.abort()).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
