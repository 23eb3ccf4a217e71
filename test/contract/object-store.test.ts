import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3ObjectStore } from '../../shared/aws/s3-object-store.ts';
import type { ObjectStore } from '../../shared/jobs/ports/object-store.ts';
import { FileObjectStore } from '../../shared/local/file-object-store.ts';
import { MemoryObjectStore } from '../../shared/local/memory-object-store.ts';
import { createBucket, endpoint, freshName, onEmulator, s3 } from './emulator.ts';

const MIB = 1024 * 1024;
const TYPE = 'application/octet-stream';

/** A store, and the folder in it that is the suite's own. */
interface Bench {
  store: ObjectStore;
  folder: URL;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

function contract(bench: () => Bench): void {
  const fresh = (): { store: ObjectStore; url: URL } => {
    const { store, folder } = bench();
    return { store, url: new URL(`${freshName('object')}/a%20tile.bin`, folder) };
  };

  it('keeps an object whole', async () => {
    const { store, url } = fresh();
    expect(await store.putIfAbsent(url, bytes('first'), TYPE)).toBe('written');
    expect(await store.get(url, 5)).toEqual(bytes('first'));
  });

  it('keeps an empty object', async () => {
    const { store, url } = fresh();
    await store.putIfAbsent(url, new Uint8Array(0), TYPE);
    expect(await store.get(url, 10)).toEqual(new Uint8Array(0));
    expect(await store.getRange(url, 0, 10)).toEqual(new Uint8Array(0));
  });

  it('lets the first writer win', async () => {
    const { store, url } = fresh();
    expect(await store.putIfAbsent(url, bytes('first'), TYPE)).toBe('written');
    expect(await store.putIfAbsent(url, bytes('second'), TYPE)).toBe('exists');
    expect(await store.get(url, 100)).toEqual(bytes('first'));
  });

  it('lets one of many writers at once win', async () => {
    const { store, url } = fresh();
    const writers = Array.from({ length: 8 }, (_, index) => bytes(`writer ${index}`));
    const outcomes = await Promise.all(writers.map((content) => store.putIfAbsent(url, content, TYPE)));
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
    expect(await store.get(url, 100)).toEqual(writers[outcomes.indexOf('written')]);
  });

  it('lists what lies below a folder by name, and takes away what is named', async () => {
    const { store, url } = fresh();
    const folder = new URL(`${url.href}/`);
    for (const name of ['b.txt', 'a%20b.txt', 'deeper/c.txt', 'd.txt']) {
      await store.putIfAbsent(new URL(name, folder), bytes(name), TYPE);
    }
    const names = async (limit: number) =>
      (await store.list(folder, limit)).map(({ href }) => href.slice(folder.href.length));
    expect(await names(1_000)).toEqual(['a%20b.txt', 'b.txt', 'd.txt', 'deeper/c.txt']);
    expect(await names(2)).toEqual(['a%20b.txt', 'b.txt']);
    await store.delete(new URL('b.txt', folder));
    await store.delete(new URL('b.txt', folder));
    expect(await names(1_000)).toEqual(['a%20b.txt', 'd.txt', 'deeper/c.txt']);
    expect(await store.list(new URL('nothing/', folder), 10)).toEqual([]);
  });

  it.each([0, 1_001, 1.5])('refuses to list %d objects', async (limit) => {
    const { store, url } = fresh();
    await expect(store.list(new URL(`${url.href}/`), limit)).rejects.toMatchObject({ code: 'object-request-invalid' });
  });

  it('finds nothing where nothing was written', async () => {
    const { store, url } = fresh();
    expect(await store.get(url, 10)).toBeUndefined();
    expect(await store.getRange(url, 0, 10)).toBeUndefined();
  });

  it('refuses to read more than it is allowed to', async () => {
    const { store, url } = fresh();
    await store.putIfAbsent(url, bytes('12345'), TYPE);
    await expect(store.get(url, 4)).rejects.toMatchObject({
      code: 'object-too-large',
      retryable: false,
      limit: 4,
      actual: 5,
    });
  });

  it.each([
    [0, 3, '012'],
    [3, 4, '3456'],
    [8, 10, '89'],
    [10, 1, ''],
    [99, 5, ''],
  ])('reads from %i %i bytes: "%s"', async (offset, length, expected) => {
    const { store, url } = fresh();
    await store.putIfAbsent(url, bytes('0123456789'), TYPE);
    expect(await store.getRange(url, offset, length)).toEqual(bytes(expected));
  });

  it.each([
    [-1, 5],
    [0, 0],
    [0.5, 1],
    [0, Number.NaN],
  ])('refuses the range of %d, %d', async (offset, length) => {
    const { store, url } = fresh();
    await expect(store.getRange(url, offset, length)).rejects.toMatchObject({ code: 'object-request-invalid' });
  });

  it('joins parts in the order of their numbers, shown when the upload is complete', async () => {
    const { store, url } = fresh();
    const upload = await store.createUpload(url, TYPE);
    await Promise.all([upload.putPart(7, bytes('tail')), upload.putPart(2, filled(5 * MIB, 1))]);
    await upload.putPart(2, filled(5 * MIB, 2));
    expect(await store.get(url, 20 * MIB)).toBeUndefined();
    await upload.complete();
    expect(await store.getRange(url, 5 * MIB - 2, 10)).toEqual(Uint8Array.from([2, 2, ...bytes('tail')]));
    expect((await store.get(url, 20 * MIB))?.byteLength).toBe(5 * MIB + 4);
  });

  it('leaves a file as it is that an earlier upload completed', async () => {
    const { store, url } = fresh();
    const uploads = [await store.createUpload(url, TYPE), await store.createUpload(url, TYPE)];
    for (const [index, upload] of uploads.entries()) await upload.putPart(1, bytes(`upload ${index}`));
    for (const upload of uploads) await upload.complete();
    expect(await store.get(url, 100)).toEqual(bytes('upload 0'));
  });

  it('refuses a part below 5 MiB that is not the last, and an upload without parts', async () => {
    const { store, url } = fresh();
    const upload = await store.createUpload(url, TYPE);
    await expect(upload.complete()).rejects.toMatchObject({ code: 'upload-invalid', retryable: false });
    await upload.putPart(1, filled(5 * MIB - 1, 1));
    await upload.putPart(2, bytes('tail'));
    await expect(upload.complete()).rejects.toMatchObject({
      code: 'upload-invalid',
      limit: 5 * MIB,
      actual: 5 * MIB - 1,
    });
    expect(await store.get(url, 1)).toBeUndefined();
  });

  it.each([0, 10_001, 1.5])('refuses the part number %d', async (partNumber) => {
    const { store, url } = fresh();
    const upload = await store.createUpload(url, TYPE);
    await expect(upload.putPart(partNumber, bytes('a'))).rejects.toMatchObject({ code: 'upload-invalid' });
  });

  it('leaves nothing of an upload that is aborted, even twice', async () => {
    const { store, url } = fresh();
    const upload = await store.createUpload(url, TYPE);
    await upload.putPart(1, bytes('a'));
    await upload.abort();
    await upload.abort();
    expect(await store.get(url, 10)).toBeUndefined();
  });
}

describe('MemoryObjectStore', () => {
  const store = new MemoryObjectStore();
  contract(() => ({ store, folder: new URL('s3://data/work/') }));
});

describe('FileObjectStore', () => {
  let path: string;
  let bench: Bench;
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'longhaul-objects-'));
    const folder = pathToFileURL(`${path}/`);
    bench = { store: new FileObjectStore(folder), folder };
  });
  afterAll(() => rm(path, { recursive: true }));
  contract(() => bench);

  it('leaves no temporary files of what is written, completed or aborted', async () => {
    const folder = new URL('tidy/', bench.folder);
    await bench.store.putIfAbsent(new URL('put', folder), bytes('a'), TYPE);
    for (const [name, end] of [
      ['one', 'complete'],
      ['two', 'complete'],
      ['two', 'complete'],
      ['three', 'abort'],
    ] as const) {
      const upload = await bench.store.createUpload(new URL(name, folder), TYPE);
      await upload.putPart(1, bytes('a'));
      await upload[end]();
    }
    expect((await readdir(folder)).sort()).toEqual(['one', 'put', 'two']);
  });
});

describe.runIf(endpoint)(onEmulator('S3ObjectStore'), () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = { store: new S3ObjectStore(s3), folder: new URL(`s3://${await createBucket()}/work/`) };
  });
  contract(() => bench);
});
