import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createS3Source } from '../../../shared/aws/s3-source.ts';
import type { OpenOptions, RangeReader } from '../../../shared/sources/range-reader.ts';
import type { CannedAnswer, CannedServer } from './canned-server.ts';
import { startCannedServer, xmlError } from './canned-server.ts';

const SCENE = new URL('s3://data/sources/alpha/scene.tif');
const HEAD: CannedAnswer = { status: 200, headers: { etag: '"v1"', 'content-length': '10' } };
const part = (body: string): CannedAnswer => ({ status: 206, headers: { etag: '"v1"' }, body });

const sourceOn = (server: CannedServer): ((url: URL, options?: OpenOptions) => Promise<RangeReader>) =>
  createS3Source({
    client: new S3Client({ ...server.config, forcePathStyle: true }),
    tenant: 'alpha',
    dataBucket: 'data',
    sourceBuckets: ['imagery', 'data'],
  });

describe('createS3Source', () => {
  it.each(['s3://data/sources/alpha/a.tif', 's3://data/sources/alpha/deep/a%20b.tif', 's3://imagery/any/where.tif'])(
    'opens %s',
    async (url) => {
      await using server = await startCannedServer(HEAD);
      expect(await sourceOn(server)(new URL(url))).toMatchObject({ size: 10, etag: '"v1"' });
    },
  );

  it.each([
    's3://data/sources/beta/a.tif',
    's3://data/sources/alphabet/a.tif',
    's3://data/sources/alpha',
    's3://data/work/alpha/job/plan.json',
    's3://data/outputs/alpha/job/a.pmtiles',
    's3://data/sources/alpha/../beta/a.tif',
    's3://data/sources/alpha/%2e%2e/beta/a.tif',
    's3://data/sources/alpha%2f..%2f..%2fwork/plan.json',
    's3://data/sources/alpha//a.tif',
    's3://data/sources/alpha/a.tif?versionId=1',
    's3://data/sources/alpha/%ff.tif',
    's3://user:password@data/sources/alpha/a.tif',
    's3://imagery:8080/a.tif',
    's3://imagery.evil/a.tif',
    's3://Data/sources/alpha/a.tif',
    's3://imagery/',
    's3:///sources/alpha/a.tif',
    's3:data/sources/alpha/a.tif',
    'https://data/sources/alpha/a.tif',
  ])('asks nothing of S3 for %s', async (url) => {
    await using server = await startCannedServer(HEAD);
    await expect(sourceOn(server)(new URL(url))).rejects.toMatchObject({
      code: 'source-not-allowed',
      retryable: false,
    });
    expect(server.requests).toEqual([]);
  });

  it('pins every read to the version that was opened', async () => {
    await using server = await startCannedServer(HEAD, part('234'), part('89'));
    const source = await sourceOn(server)(SCENE, { etag: '"v1"' });
    await source.read(2, 3);
    await source.read(8, 100);
    expect(await source.read(10, 5)).toEqual(new Uint8Array(0));
    expect(server.requests.map(({ headers }) => [headers['if-match'], headers.range])).toEqual([
      ['"v1"', undefined],
      ['"v1"', 'bytes=2-4'],
      ['"v1"', 'bytes=8-9'],
    ]);
  });

  it.each<[string, boolean, CannedAnswer]>([
    ['source-replaced', false, xmlError(412, 'PreconditionFailed')],
    ['source-not-found', false, xmlError(404, 'NoSuchKey')],
    ['source-access-denied', false, xmlError(403, 'AccessDenied')],
    ['source-unavailable', true, xmlError(503, 'SlowDown')],
    ['source-unavailable', true, xmlError(500, 'InternalError')],
    ['source-unavailable', true, xmlError(429, 'TooManyRequests')],
    ['source-unavailable', true, 'reset'],
  ])('says %s (retryable: %s), when it opens and when it reads', async (code, retryable, answer) => {
    await using opening = await startCannedServer(answer);
    await expect(sourceOn(opening)(SCENE)).rejects.toMatchObject({ code, retryable });
    await using reading = await startCannedServer(HEAD, answer);
    const source = await sourceOn(reading)(SCENE);
    await expect(source.read(0, 5)).rejects.toMatchObject({ code, retryable });
  });

  it.each<[string, CannedAnswer]>([
    ['fewer bytes than were asked for', part('012')],
    ['more bytes than were asked for', part('0123456789')],
    ['a body that is cut', { cut: '01', length: 5 }],
  ])('takes %s for an interruption', async (_what, answer) => {
    await using server = await startCannedServer(HEAD, answer);
    const source = await sourceOn(server)(SCENE);
    await expect(source.read(0, 5)).rejects.toMatchObject({ code: 'source-unavailable', retryable: true });
  });

  it('ends a read that is cancelled in the middle of its body, with the reason', async () => {
    await using server = await startCannedServer(HEAD, { stall: '01', length: 5 });
    const source = await sourceOn(server)(SCENE);
    const cancellation = new AbortController();
    const reason = new Error('the job was cancelled');
    const read = source.read(0, 5, cancellation.signal);
    while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    cancellation.abort(reason);
    await expect(read).rejects.toBe(reason);
  });

  it('asks nothing once it is cancelled', async () => {
    await using server = await startCannedServer(HEAD);
    const reason = new Error('the job was cancelled');
    await expect(sourceOn(server)(SCENE, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
  });
});
