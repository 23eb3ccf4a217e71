import { beforeEach, describe, expect, it } from 'vitest';
import { jobItemKey } from '../../../shared/jobs/items/keys.ts';
import type { JobStore } from '../../../shared/jobs/ports/job-store.ts';
import { listJobs } from '../../../shared/jobs/list-jobs.ts';
import { readRequest } from '../../../shared/jobs/stored-plan.ts';
import { completeUpload } from '../../../shared/uploads/complete-upload.ts';
import { deleteUpload } from '../../../shared/uploads/delete-upload.ts';
import { handleObjectCreated } from '../../../shared/uploads/handlers/handle-object-created.ts';
import { openUpload } from '../../../shared/uploads/open-upload.ts';
import { resolveSources } from '../../../shared/uploads/resolve-sources.ts';
import { signRequests } from '../../../shared/uploads/sign-requests.ts';
import {
  createUploadBench,
  PART,
  readerProcess,
  sha256,
  TENANT,
  text,
  type UploadBench,
} from '../../helpers/upload-bench.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const TIFF = Uint8Array.from([0x49, 0x49, 0x2a, 0x00, 1, 2, 3, 4]);
const LARGE = (() => {
  const content = new Uint8Array(PART + 4).fill(7);
  content.set(TIFF);
  return content;
})();

let bench: UploadBench;
beforeEach(() => {
  bench = createUploadBench();
});

const jobs = async () => (await listJobs(bench.platform, TENANT, { limit: 100 })).jobs;

describe('an upload in parts', () => {
  it('reserves its bytes before anything is signed, and keeps them when it is stored', async () => {
    const upload = await bench.send(LARGE);
    expect(await bench.inUse()).toEqual({ committedBytes: PART + 4, inFlightBytes: PART + 4, openUploads: 1 });
    expect(await completeUpload(bench.platform, upload)).toMatchObject({ state: 'stored', bytes: PART + 4 });
    expect(await bench.inUse()).toEqual({ committedBytes: PART + 4, inFlightBytes: 0, openUploads: 0 });
  });

  it('is stored once, however often it is completed and its event comes', async () => {
    const upload = await bench.send(LARGE);
    await completeUpload(bench.platform, upload);
    await bench.follow(3);
    expect(await completeUpload(bench.platform, upload)).toMatchObject({ state: 'stored' });
    expect(await bench.inUse()).toEqual({ committedBytes: PART + 4, inFlightBytes: 0, openUploads: 0 });
    expect(await bench.row(upload.uploadId)).toMatchObject({ format: 'tiff', versionId: expect.any(String) as string });
  });

  it('is not complete while a part is missing, and says which', async () => {
    const upload = await bench.send(LARGE, {}, [2]);
    await expect(completeUpload(bench.platform, upload)).rejects.toMatchObject({
      code: 'upload-incomplete',
      detail: expect.stringContaining('part 2 of 2 has not arrived') as string,
    });
    expect(await bench.row(upload.uploadId)).toMatchObject({ state: 'open' });
  });

  it.each([
    [{ partNumber: 1, sha256: sha256(TIFF) }, 'upload-part-mismatch', '/parts/0/sha256'],
    [{ partNumber: 1, etag: '"other"' }, 'upload-part-mismatch', '/parts/0/etag'],
    [{ partNumber: 3 }, 'upload-part-unknown', '/parts/0/partNumber'],
  ])('is not complete when its owner believes in another part: %j', async (part, code, field) => {
    const upload = await bench.send(LARGE);
    await expect(completeUpload(bench.platform, upload, [part])).rejects.toMatchObject({ code, field });
    expect(await bench.row(upload.uploadId)).toMatchObject({ state: 'open' });
  });

  it('signs each part once, by the numbers that it has', async () => {
    const upload = await bench.open();
    const sign = (...numbers: number[]) =>
      signRequests(
        bench.platform,
        upload,
        numbers.map((partNumber) => ({ partNumber, sha256: sha256(TIFF) })),
        '/parts',
      );
    const { requests } = await sign(1, 2);
    expect(requests.map(({ partNumber, bytes }) => [partNumber, bytes])).toEqual([
      [1, PART],
      [2, 4],
    ]);
    await expect(sign(3)).rejects.toMatchObject({ code: 'upload-part-unknown', field: '/parts/0/partNumber' });
    await expect(sign(1, 1)).rejects.toMatchObject({ code: 'upload-part-unknown', field: '/parts/1/partNumber' });
  });

  it('is signed for no more once it has ended', async () => {
    const upload = await bench.open();
    await deleteUpload(bench.platform, upload);
    const wanted = [{ partNumber: 1, sha256: sha256(TIFF) }];
    await expect(signRequests(bench.platform, upload, wanted, '')).rejects.toMatchObject({ code: 'upload-not-open' });
  });
});

describe('an upload of one PUT', () => {
  it('is stored by its event alone', async () => {
    const upload = await bench.send(TIFF);
    await bench.follow();
    expect(await bench.row(upload.uploadId)).toMatchObject({ state: 'stored', format: 'tiff' });
    expect(await bench.inUse()).toEqual({ committedBytes: 8, inFlightBytes: 0, openUploads: 0 });
  });

  it('needs the checksum that it is signed for', async () => {
    const opening = { tenant: TENANT, subject: 'ann', fileName: 'a', contentType: 'text/plain', bytes: 8 };
    await expect(openUpload(bench.platform, opening)).rejects.toMatchObject({ code: 'upload-checksum-missing' });
    await expect(bench.open({ sha256: sha256(TIFF) })).rejects.toMatchObject({ code: 'upload-checksum-unverifiable' });
  });

  it('is found by the sweeper when its event was lost', async () => {
    const upload = await bench.send(TIFF);
    bench.bucket.takeEvents();
    bench.clock.advance(20 * MINUTE);
    await bench.sweep();
    expect(await bench.row(upload.uploadId)).toMatchObject({ state: 'stored', format: 'tiff' });
  });

  it.each([
    ['more bytes', text('much more than was announced'), 'upload-size-mismatch'],
    ['other bytes', Uint8Array.from([...TIFF].reverse()), 'upload-checksum-mismatch'],
  ])('is rejected when %s have come past the signature, and leaves nothing', async (_, content, code) => {
    const upload = await bench.openSingle(TIFF);
    bench.bucket.put(upload.url, content);
    await bench.follow(2);
    expect(await bench.row(upload.uploadId)).toMatchObject({ state: 'rejected', failure: { code } });
    expect(await bench.inUse()).toEqual({ committedBytes: 0, inFlightBytes: 0, openUploads: 0 });
    expect(bench.bucket.places).toEqual([]);
  });

  it('keeps the pinned version and removes one that comes after it', async () => {
    const upload = await bench.send(TIFF, { job: { processId: 'reader', inputs: {} } });
    await bench.follow();
    const pinned = (await bench.row(upload.uploadId))!.versionId!;
    const later = bench.bucket.put(upload.url, TIFF);
    await bench.follow(2);
    expect(await bench.bucket.stat(upload.url, later)).toBeUndefined();
    expect(await bench.bucket.stat(upload.url, pinned)).toBeDefined();
    expect(await jobs()).toHaveLength(1);
  });
});

describe('the quota of a tenant', () => {
  it.each([
    ['openUploads', { maxOpenUploads: 1 }, { used: 0, reserved: 1, limit: 1 }],
    ['inFlightBytes', { maxInFlightBytes: PART + 10 }, { used: 0, reserved: PART + 4, limit: PART + 10 }],
    ['storedBytes', { maxStoredBytes: PART + 10 }, { used: 0, reserved: PART + 4, limit: PART + 10 }],
  ] as const)('refuses what does not fit: %s', async (quota, limits, use) => {
    bench = createUploadBench(limits);
    await bench.open();
    const before = await bench.inUse();
    await expect(bench.open()).rejects.toMatchObject({ code: 'quota-exceeded', use: { quota, ...use } });
    expect(await bench.inUse()).toEqual(before);
  });

  it('refuses, while nothing is in use, what is larger than all of it', async () => {
    bench = createUploadBench({ maxStoredBytes: PART });
    await expect(bench.open()).rejects.toMatchObject({ code: 'quota-exceeded', use: { used: 0, reserved: 0 } });
    expect(await bench.inUse()).toEqual({});
  });

  it('counts what is stored until it is deleted', async () => {
    bench = createUploadBench({ maxStoredBytes: 15 });
    const upload = await bench.send(TIFF);
    await bench.follow();
    await expect(bench.send(TIFF)).rejects.toMatchObject({ use: { quota: 'storedBytes', used: 8, reserved: 0 } });
    await deleteUpload(bench.platform, upload);
    await deleteUpload(bench.platform, upload);
    expect(await bench.inUse()).toEqual({ committedBytes: 0, inFlightBytes: 0, openUploads: 0 });
    await bench.send(TIFF);
  });

  it("is each tenant's own", async () => {
    bench = createUploadBench({ maxOpenUploads: 1 });
    await bench.open();
    await bench.open({ tenant: 'globex' });
    expect(await bench.inUse('globex')).toMatchObject({ openUploads: 1 });
  });
});

describe('an upload that is given up', () => {
  it('gives its bytes back once, and leaves neither parts nor object', async () => {
    const upload = await bench.send(LARGE);
    expect(await deleteUpload(bench.platform, upload)).toMatchObject({ state: 'aborted' });
    expect(await deleteUpload(bench.platform, upload)).toMatchObject({ state: 'aborted' });
    expect(await bench.inUse()).toEqual({ committedBytes: 0, inFlightBytes: 0, openUploads: 0 });
    expect([bench.bucket.places, bench.bucket.multiparts]).toEqual([[], []]);
    await expect(completeUpload(bench.platform, upload)).rejects.toMatchObject({ code: 'upload-not-open' });
  });

  it('removes an object that appears afterwards', async () => {
    const upload = await bench.send(TIFF);
    bench.bucket.takeEvents();
    await deleteUpload(bench.platform, upload);
    bench.bucket.put(upload.url, TIFF);
    await bench.follow();
    expect(bench.bucket.places).toEqual([]);
    expect(await jobs()).toEqual([]);
  });

  it('looks again when no address is valid any more, and then no more', async () => {
    const upload = await bench.send(TIFF);
    await deleteUpload(bench.platform, upload);
    bench.bucket.put(upload.url, TIFF);
    bench.bucket.takeEvents();
    bench.clock.advance(20 * MINUTE);
    await bench.sweep();
    expect(bench.bucket.places).toEqual([]);
    expect((await bench.row(upload.uploadId))!.dueAt).toBeUndefined();
  });

  it('expires after a day without a sign of life', async () => {
    const upload = await bench.send(LARGE, {}, [2]);
    bench.clock.advance(DAY - 1);
    await bench.sweep();
    expect(await bench.row(upload.uploadId)).toMatchObject({ state: 'open' });
    bench.clock.advance(1);
    await bench.sweep();
    expect(await bench.row(upload.uploadId)).toMatchObject({ state: 'expired' });
    expect(await bench.inUse()).toEqual({ committedBytes: 0, inFlightBytes: 0, openUploads: 0 });
    expect([bench.bucket.places, bench.bucket.multiparts]).toEqual([[], []]);
  });

  it('lives on while addresses are asked for, for seven days and no longer', async () => {
    const upload = await bench.open();
    const wanted = [{ partNumber: 1, sha256: sha256(TIFF) }];
    for (let hours = 0; hours < 7 * 24 - 12; hours += 12) {
      bench.clock.advance(12 * HOUR);
      await signRequests(bench.platform, upload, wanted, '');
      await bench.sweep();
    }
    expect(await bench.row(upload.uploadId)).toMatchObject({ state: 'open', expiresAt: upload.createdAt + 7 * DAY });
    bench.clock.advance(12 * HOUR);
    await bench.sweep();
    expect(await bench.row(upload.uploadId)).toMatchObject({ state: 'expired' });
  });
});

describe('the opening of an upload', () => {
  it('is the same under the same key, and reserves once', async () => {
    const first = await bench.open({ idempotencyKey: 'k' });
    const again = await bench.open({ idempotencyKey: 'k' });
    expect(again.uploadId).toBe(first.uploadId);
    expect(await bench.inUse()).toMatchObject({ openUploads: 1 });
    await expect(bench.open({ idempotencyKey: 'k', fileName: 'other.tif' })).rejects.toMatchObject({
      code: 'idempotency-conflict',
    });
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\data\\Ünïcode scene (1).TIF', 'Unicode-scene-1-.TIF'],
    ['...', 'file'],
    ['%2e%2e%2fa.tif', '2e-2e-2fa.tif'],
  ])('makes a tame key of the file name %j', async (fileName, name) => {
    const upload = await bench.open({ fileName });
    expect(upload.url.href).toBe(`s3://data/uploads/acme/${upload.uploadId}/${name}`);
  });
});

describe('the job of an upload', () => {
  const job = { processId: 'reader', inputs: { zoom: 7, datasets: [{ id: 'scene' }] } };

  it('is started once with the pinned version, although the event comes often', async () => {
    const upload = await bench.send(LARGE, { job });
    await completeUpload(bench.platform, upload);
    await bench.follow(3);
    const [started, ...others] = await jobs();
    expect(others).toEqual([]);
    const row = (await bench.row(upload.uploadId))!;
    expect(row.jobId).toBe(started!.jobId);
    const { inputs } = await readRequest(bench.platform, started!);
    const source = `${upload.url.href}?versionId=${row.versionId!}`;
    expect(inputs).toEqual({ zoom: 7, datasets: [{ id: 'scene', source }] });
  });

  it('is the same job when the row did not learn of it, even days later', async () => {
    const upload = await bench.send(TIFF, { job });
    const [event] = bench.bucket.takeEvents();
    const store = bench.engine.store.labelled('dying');
    // The process dies before the examination is noted.
    const write: JobStore['write'] = (each) =>
      each.kind === 'update' && each.set?.['examinedAt'] !== undefined
        ? Promise.reject(new Error('died'))
        : store.write(each);
    const dying = { ...bench.platform, store: { ...store, write } };
    await expect(handleObjectCreated(dying, event!.url, event!.versionId)).rejects.toThrow('died');
    bench.clock.advance(3 * DAY);
    await bench.sweep();
    await handleObjectCreated(bench.platform, event!.url, event!.versionId);
    expect(await jobs()).toHaveLength(1);
    expect((await bench.row(upload.uploadId))!.jobId).toBe((await jobs())[0]!.jobId);
  });

  it('is not started by an event that comes after the deletion, or before any row', async () => {
    const upload = await bench.send(TIFF, { job });
    const [event] = bench.bucket.takeEvents();
    await deleteUpload(bench.platform, upload);
    await handleObjectCreated(bench.platform, event!.url, event!.versionId);
    const stranger = new URL('s3://data/uploads/acme/01J00000000000000000000099/scene.tif');
    const versionId = bench.bucket.put(stranger, TIFF);
    await handleObjectCreated(bench.platform, stranger, versionId);
    expect(await jobs()).toEqual([]);
    expect(bench.bucket.places).toEqual([]);
  });

  it('is not started with inputs that its process refuses, and the upload says so', async () => {
    const upload = await bench.send(TIFF, { job: { processId: 'reader', inputs: { zoom: 99 } } });
    await bench.follow();
    expect(await bench.row(upload.uploadId)).toMatchObject({
      state: 'stored',
      failure: { code: 'input-invalid', detail: expect.stringContaining('/inputs/zoom') as string },
    });
  });

  it('waits while the tenant has as many active jobs as it may', async () => {
    Object.assign(bench.platform, { limits: () => ({ maxUnits: 1e9, maxOutputBytes: 1e9, maxActiveJobs: 1 }) });
    const first = await bench.send(TIFF, { job });
    await bench.follow();
    const second = await bench.send(TIFF, { job });
    await bench.follow();
    expect((await bench.row(second.uploadId))!.jobId).toBeUndefined();
    const done = (await bench.row(first.uploadId))!.jobId!;
    await bench.engine.store.write({
      kind: 'update',
      key: jobItemKey({ tenant: TENANT, jobId: done }),
      condition: { operator: 'exists', attribute: 'state' },
      set: { state: 'succeeded' },
    });
    bench.clock.advance(2 * MINUTE);
    await bench.sweep();
    expect((await bench.row(second.uploadId))!.jobId).toEqual(expect.any(String));
  });
});

describe('a dropped file', () => {
  const url = new URL('s3://data/incoming/acme/reader/2026/scene%20%C3%BC.tif');

  it('starts one job for each version, and counts as stored', async () => {
    bench.bucket.put(url, TIFF);
    await bench.follow(3);
    bench.bucket.put(url, text('{"type":"Feature"}'));
    await bench.follow(2);
    expect(await jobs()).toHaveLength(2);
    expect(await bench.inUse()).toMatchObject({ committedBytes: 8 + 18 });
  });

  it('is recorded with what is wrong when its process takes no file', async () => {
    bench.bucket.put(new URL('s3://data/incoming/acme/numbers/a.csv'), text('a,b\n1,2'));
    await bench.follow();
    const { items } = await bench.platform.store.list({ pk: 'TENANT#acme', prefix: 'UPLOAD#', limit: 5 });
    expect(items.map(({ item }) => item)).toMatchObject([
      { origin: 'dropped', format: 'csv', failure: { code: 'process-takes-no-file' } },
    ]);
  });

  it('stays where it is and starts nothing when its tenant has no room', async () => {
    bench = createUploadBench({ maxStoredBytes: 7 });
    bench.bucket.put(url, TIFF);
    await bench.follow(2);
    expect(await jobs()).toEqual([]);
    expect(bench.bucket.places).toEqual([url.href]);
    const { items } = await bench.platform.store.list({ pk: 'TENANT#acme', prefix: 'UPLOAD#', limit: 5 });
    expect(items.map(({ item }) => item)).toMatchObject([{ state: 'rejected', failure: { code: 'quota-exceeded' } }]);
    expect(await bench.inUse()).toEqual({});
  });

  it.each([
    's3://data/incoming/acme/reader/',
    's3://data/incoming/acme/scene.tif',
    's3://data/incoming/ACME/reader/a.tif',
    's3://data/elsewhere/acme/reader/a.tif',
  ])('is none at %s', async (place) => {
    const at = new URL(place);
    const versionId = bench.bucket.put(at, TIFF);
    bench.bucket.takeEvents();
    await handleObjectCreated(bench.platform, at, versionId);
    expect((await bench.platform.store.list({ pk: 'TENANT#acme', prefix: 'UPLOAD#', limit: 5 })).items).toEqual([]);
  });
});

describe('an upload as the source of a job', () => {
  const resolve = (source: unknown, tenant = TENANT) =>
    resolveSources(bench.platform, tenant, readerProcess, { datasets: [{ source: 's3://b/a.tif' }, { source }] });

  it('becomes its pinned version', async () => {
    const upload = await bench.send(TIFF);
    await bench.follow();
    const { versionId } = (await bench.row(upload.uploadId))!;
    expect(await resolve(`upload:${upload.uploadId}`)).toEqual({
      datasets: [{ source: 's3://b/a.tif' }, { source: `${upload.url.href}?versionId=${versionId!}` }],
    });
  });

  it('is none of another tenant, none that is open, and none that is not named as one; each names the field', async () => {
    const upload = await bench.send(TIFF);
    const field = '/inputs/datasets/1/source';
    await expect(resolve(`upload:${upload.uploadId}`)).rejects.toMatchObject({ code: 'upload-not-stored', field });
    await bench.follow();
    await expect(resolve(`upload:${upload.uploadId}`, 'globex')).rejects.toMatchObject({
      code: 'upload-not-found',
      field,
    });
    await expect(resolve('upload:../acme')).rejects.toMatchObject({ code: 'upload-not-found', field });
  });

  it.each([[7], [null], [{ upload: 'x' }], [[]]])('leaves %j to the schema of the process', async (source) => {
    expect(await resolve(source)).toEqual({ datasets: [{ source: 's3://b/a.tif' }, { source }] });
  });
});
