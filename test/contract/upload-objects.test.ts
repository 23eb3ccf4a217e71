import { createHash } from 'node:crypto';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { S3UploadObjects } from '../../shared/aws/s3-upload-objects.ts';
import { systemClock } from '../../shared/config/system.ts';
import { MemoryUploadObjects } from '../../shared/local/memory-upload-objects.ts';
import type { SignedRequest, UploadObjects } from '../../shared/uploads/ports/upload-objects.ts';
import { createBucket, endpoint, freshName, onEmulator, s3 } from './emulator.ts';

const MIB = 1024 * 1024;
const TYPE = 'image/tiff';
const SECONDS = 60;

/** A store, the folder in it that is the suite's own, and what the holder of a signed address does. */
interface Bench {
  store: UploadObjects;
  folder: URL;
  /** @returns the HTTP status */
  send: (request: SignedRequest, content: Uint8Array) => Promise<number>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const bodyOf = (content: Uint8Array) => ({ bytes: content.length, sha256: sha256(content) });

function contract(bench: () => Bench): void {
  const fresh = (): Bench & { url: URL } => ({
    ...bench(),
    url: new URL(`${freshName('upload')}/scene.tif`, bench().folder),
  });
  const HELLO = bytes('hello world');

  const putOnce = async () => {
    const it = fresh();
    const request = await it.store.signPut(it.url, { ...bodyOf(HELLO), contentType: TYPE }, SECONDS);
    return { ...it, request };
  };

  it('takes by a signed PUT the body that it was signed for, and describes its version', async () => {
    const { store, url, send, request } = await putOnce();
    expect(await store.stat(url)).toBeUndefined();
    expect(await send(request, HELLO)).toBe(200);
    const version = await store.stat(url);
    expect(version).toMatchObject({ bytes: 11, contentType: TYPE, sha256: sha256(HELLO) });
    expect(await store.stat(url, version!.versionId)).toEqual(version);
    expect(await store.readStart(url, version!.versionId, 5)).toEqual(bytes('hello'));
    expect(await store.readStart(url, version!.versionId, 1_000)).toEqual(HELLO);
  });

  it.each([
    ['other bytes of the same length', bytes('hello xorld'), 400],
    ['more bytes', bytes('hello world and more'), 403],
    ['fewer bytes', bytes('hello'), 403],
  ])('refuses by a signed PUT %s', async (_, content, status) => {
    const { store, url, send, request } = await putOnce();
    expect(await send(request, content)).toBe(status);
    expect(await store.stat(url)).toBeUndefined();
  });

  it('makes by a signed PUT one version and no second', async () => {
    const { store, url, send, request } = await putOnce();
    await send(request, HELLO);
    const first = await store.stat(url);
    expect(await send(request, HELLO)).toBe(412);
    expect(await store.stat(url)).toEqual(first);
  });

  const FIRST = new Uint8Array(5 * MIB).fill(7);
  const LAST = bytes('tail');

  const twoParts = async () => {
    const it = fresh();
    const id = await it.store.createMultipart(it.url, TYPE);
    for (const [index, content] of [FIRST, LAST].entries()) {
      const part = { partNumber: index + 1, ...bodyOf(content) };
      expect(await it.send(await it.store.signPart(it.url, id, part, SECONDS), content)).toBe(200);
    }
    return { ...it, id };
  };

  it('lists the parts that have arrived, and joins them', async () => {
    const { store, url, id } = await twoParts();
    const parts = (await store.listParts(url, id, 0))!.parts;
    expect(parts).toMatchObject([
      { partNumber: 1, bytes: 5 * MIB, sha256: sha256(FIRST) },
      { partNumber: 2, bytes: 4, sha256: sha256(LAST) },
    ]);
    expect((await store.listParts(url, id, 1))!.parts).toEqual(parts.slice(1));
    expect(await store.stat(url)).toBeUndefined();
    expect(await store.completeMultipart(url, id, parts)).toBe('completed');
    const version = await store.stat(url);
    expect(version).toMatchObject({ bytes: 5 * MIB + 4, contentType: TYPE });
    expect(version).not.toHaveProperty('sha256');
    expect(await store.listParts(url, id, 0)).toBeUndefined();
  });

  it('refuses a part that is not what it was signed for', async () => {
    const { store, url, id, send } = await twoParts();
    const request = await store.signPart(url, id, { partNumber: 2, ...bodyOf(bytes('next')) }, SECONDS);
    expect(await send(request, bytes('nexx'))).toBe(400);
    expect((await store.listParts(url, id, 1))!.parts).toMatchObject([{ sha256: sha256(LAST) }]);
  });

  it('refuses to join parts that have been replaced', async () => {
    const { store, url, id, send } = await twoParts();
    const parts = (await store.listParts(url, id, 0))!.parts;
    const next = bytes('next');
    await send(await store.signPart(url, id, { partNumber: 2, ...bodyOf(next) }, SECONDS), next);
    expect(await store.completeMultipart(url, id, parts)).toBe('refused');
    expect(await store.stat(url)).toBeUndefined();
  });

  it('leaves nothing of a multipart upload that is aborted, even twice', async () => {
    const { store, url, id } = await twoParts();
    await store.abortMultipart(url, id);
    await store.abortMultipart(url, id);
    expect(await store.listParts(url, id, 0)).toBeUndefined();
    expect(await store.completeMultipart(url, id, [{ partNumber: 1, bytes: 4, etag: '"x"' }])).toBe('gone');
  });

  it('takes a version away for good, even twice', async () => {
    const { store, url, send, request } = await putOnce();
    await send(request, HELLO);
    const { versionId } = (await store.stat(url))!;
    await store.deleteVersion(url, versionId);
    await store.deleteVersion(url, versionId);
    expect(await store.stat(url)).toBeUndefined();
    expect(await store.stat(url, versionId)).toBeUndefined();
    expect(await store.readStart(url, versionId, 10)).toBeUndefined();
  });

  it('knows nothing of what was never there', async () => {
    const { store, url } = fresh();
    expect(await store.stat(url)).toBeUndefined();
    expect(await store.stat(url, 'no-such-version')).toBeUndefined();
    expect(await store.readStart(url, 'no-such-version', 10)).toBeUndefined();
    await store.deleteVersion(url, 'no-such-version');
  });
}

describe('MemoryUploadObjects', () => {
  const store = new MemoryUploadObjects({ clock: systemClock });
  const send: Bench['send'] = (request, content) => Promise.resolve(store.send(request, content));
  contract(() => ({ store, folder: new URL('s3://data/uploads/'), send }));
});

describe.runIf(endpoint)(onEmulator('S3UploadObjects'), () => {
  let bench: Bench;
  beforeAll(async () => {
    const Bucket = await createBucket();
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const send: Bench['send'] = async ({ url, headers }, content) => {
      // The length is made from the body, as by every client.
      const sent = Object.entries(headers).filter(([name]) => name !== 'content-length');
      const answer = await fetch(url, { method: 'PUT', headers: sent, body: Buffer.from(content) });
      await answer.body?.cancel();
      return answer.status;
    };
    bench = { store: new S3UploadObjects(s3), folder: new URL(`s3://${Bucket}/uploads/`), send };
  });
  contract(() => bench);
});
