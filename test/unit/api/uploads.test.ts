import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { responseSchemas } from '../../../functions/api/documents/schemas.ts';
import { handleObjectCreated } from '../../../shared/uploads/handlers/handle-object-created.ts';
import { readerProcess } from '../../helpers/upload-bench.ts';
import type { TestRequest } from './api-event.ts';
import { createTestApi, ROOT, type TestApi, type TestResponse } from './test-api.ts';

const MIB = 1024 * 1024;
const CONTENT = new TextEncoder().encode('name,lat,lon\nhut,47,11\n');
const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const SMALL = { fileName: 'huts.csv', contentType: 'text/csv', bytes: CONTENT.length, sha256: sha256(CONTENT) };
const LARGE = { fileName: 'scene.tif', contentType: 'image/tiff', bytes: 12 * MIB, partBytes: 5 * MIB };

let api: TestApi;
beforeEach(() => {
  api = createTestApi({
    processes: [readerProcess],
    quotas: { maxStoredBytes: 20 * MIB, maxInFlightBytes: 20 * MIB, maxOpenUploads: 2 },
  });
});

const post = (path: string, body: unknown, more: Partial<TestRequest> = {}): Promise<TestResponse> =>
  api.call({ method: 'POST', path, body, ...more });
const open = async (body: unknown = SMALL, more: Partial<TestRequest> = {}): Promise<UploadJson> =>
  uploadOf(await post('/uploads', body, more));

const schema = responseSchemas.upload;
type UploadJson = z.output<typeof schema>;
function uploadOf(response: TestResponse): UploadJson {
  expect(response.statusCode, response.body).toBeLessThan(300);
  return z.strictObject(schema.shape).parse(response.json);
}

/** What the holder of a signed request does. */
function send({ requests = [] }: UploadJson, content: (partNumber: number | undefined) => Uint8Array): number[] {
  return requests.map(({ href, headers, partNumber }) =>
    api.bucket.send({ method: 'PUT', url: new URL(href), headers }, content(partNumber)),
  );
}

async function follow(): Promise<void> {
  for (const { url, versionId } of api.bucket.takeEvents()) await handleObjectCreated(api.platform, url, versionId);
}

describe('POST /uploads', () => {
  it('gives a small file one signed PUT, and its address', async () => {
    const response = await post('/uploads', SMALL);
    const upload = uploadOf(response);
    expect([response.statusCode, response.headers['location']]).toEqual([201, `${ROOT}/uploads/${upload.uploadID}`]);
    expect(upload).toMatchObject({ state: 'open', bytes: CONTENT.length, requests: [{ method: 'PUT' }] });
    expect(upload).not.toHaveProperty('partBytes');
    expect(send(upload, () => CONTENT)).toEqual([200]);
  });

  it('signs the first parts of a larger file at once, when it is told their checksums', async () => {
    const parts = [{ partNumber: 3, sha256: sha256(CONTENT) }];
    const upload = await open({ ...LARGE, parts });
    expect(upload).toMatchObject({ parts: 3, partBytes: 5 * MIB, requests: [{ partNumber: 3, bytes: 2 * MIB }] });
  });

  it('chooses the size of parts by the size of the file', async () => {
    const sizes = async (bytes: number): Promise<unknown> => {
      const big = createTestApi({ quotas: { maxStoredBytes: 1e15, maxInFlightBytes: 1e15, maxOpenUploads: 9 } });
      const { json } = await big.call({
        method: 'POST',
        path: '/uploads',
        body: { ...LARGE, bytes, partBytes: undefined },
      });
      return [json['partBytes'], json['parts']];
    };
    expect(await sizes(11 * MIB)).toEqual([16 * MIB, 1]);
    expect(await sizes(160_000 * MIB)).toEqual([16 * MIB, 10_000]);
    expect(await sizes(5 * 1024 * 1024 * MIB)).toEqual([525 * MIB, 9_987]);
  });

  it('gives the same upload under the same key, with fresh addresses, and another request a conflict', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = await open(SMALL, { headers });
    api.test.clock.advance(16 * 60_000);
    const again = await open(SMALL, { headers });
    expect(again.uploadID).toBe(first.uploadID);
    expect(send(first, () => CONTENT)).toEqual([403]);
    expect(send(again, () => CONTENT)).toEqual([200]);
    const other = await post('/uploads', { ...SMALL, fileName: 'b.csv' }, { headers });
    expect([other.statusCode, other.json.code]).toEqual([409, 'idempotency-conflict']);
  });

  it('answers 403 with used, reserved and limit when the quota is full', async () => {
    await open({ ...LARGE });
    const response = await post('/uploads', { ...LARGE });
    expect(response.statusCode).toBe(403);
    expect(response.json).toMatchObject({
      code: 'quota-exceeded',
      quota: 'inFlightBytes',
      used: 0,
      reserved: 12 * MIB,
      limit: 20 * MIB,
      remedy: expect.stringContaining('delete uploads') as string,
    });
  });

  it.each([
    [{ ...SMALL, sha256: undefined }, 'upload-checksum-missing', '/sha256'],
    [{ ...SMALL, sha256: 'ABC' }, 'input-invalid', '/sha256'],
    [{ ...LARGE, sha256: SMALL.sha256 }, 'upload-checksum-unverifiable', '/sha256'],
    [{ ...SMALL, bytes: 0 }, 'input-invalid', '/bytes'],
    [{ ...SMALL, bytes: 5 * 1024 ** 4 + 1 }, 'input-invalid', '/bytes'],
    [{ ...SMALL, fileName: 'a\nb' }, 'input-invalid', '/fileName'],
    [{ ...SMALL, contentType: 'text/csv\r\nx: y' }, 'input-invalid', '/contentType'],
    [{ ...LARGE, partBytes: 1 }, 'input-invalid', '/partBytes'],
    [{ ...LARGE, bytes: 5 * 1024 ** 4 }, 'upload-part-size-invalid', '/partBytes'],
    [{ ...LARGE, parts: [{ partNumber: 4, sha256: SMALL.sha256 }] }, 'upload-part-unknown', '/parts/0/partNumber'],
    [{ ...SMALL, tenant: 'globex' }, 'input-unknown', '/tenant'],
    [{ ...SMALL, process: 'reader', inputs: { zoom: 99 } }, 'input-invalid', '/inputs/zoom'],
    [{ ...SMALL, process: 'reader', inputs: { datasets: 'x' } }, 'input-invalid', '/inputs/datasets'],
    [{ ...SMALL, process: 'echo' }, 'process-takes-no-file', '/process'],
  ])('refuses %j', async (body, code, field) => {
    const response = await post('/uploads', body);
    expect([response.statusCode, response.json.code, response.json['field']]).toEqual([400, code, field]);
  });

  it('knows no process that there is not', async () => {
    expect((await post('/uploads', { ...SMALL, process: 'nothing' })).json.code).toBe('no-such-process');
  });

  it('needs the scope to write', async () => {
    expect((await post('/uploads', SMALL, { scopes: 'jobs:read' })).statusCode).toBe(403);
  });
});

describe('an upload over HTTP', () => {
  const PARTS = [1, 2, 3].map((partNumber) => new Uint8Array(partNumber < 3 ? 5 * MIB : 2 * MIB).fill(partNumber));
  const wanted = (...numbers: number[]) =>
    numbers.map((partNumber) => ({ partNumber, sha256: sha256(PARTS[partNumber - 1]!) }));
  const content = (partNumber: number | undefined): Uint8Array => PARTS[(partNumber ?? 1) - 1]!;

  it('goes up in batches, shows what has arrived, and is completed once and for all', async () => {
    const upload = await open({ ...LARGE, parts: wanted(1) });
    send(upload, content);
    const path = `/uploads/${upload.uploadID}`;
    const shown = uploadOf(await api.call({ path }));
    expect(shown.uploaded).toMatchObject([{ partNumber: 1, bytes: 5 * MIB, sha256: sha256(PARTS[0]!) }]);
    const early = await post(`${path}/complete`, {});
    expect([early.statusCode, early.json.code]).toEqual([409, 'upload-incomplete']);
    send(uploadOf(await post(`${path}/parts`, { parts: wanted(2, 3) })), content);
    const parts = uploadOf(await api.call({ path })).uploaded!.map(({ partNumber, etag }) => ({ partNumber, etag }));
    const done = uploadOf(await post(`${path}/complete`, { parts }));
    expect(done).toMatchObject({ state: 'stored', source: `upload:${upload.uploadID}` });
    expect(uploadOf(await post(`${path}/complete`, undefined))).toMatchObject({ state: 'stored' });
    const late = await post(`${path}/parts`, { parts: wanted(1) });
    expect([late.statusCode, late.json.code]).toEqual([409, 'upload-not-open']);
  });

  it("is the source of a job by its id, and of nobody else's", async () => {
    const upload = await open();
    send(upload, () => CONTENT);
    await follow();
    const body = { inputs: { datasets: [{ source: `upload:${upload.uploadID}` }] } };
    const mine = await post('/processes/reader/execution', body, { headers: { prefer: 'respond-async' } });
    expect(mine.statusCode, mine.body).toBe(201);
    const other = await post('/processes/reader/execution', body, { tenant: 'globex' });
    expect([other.statusCode, other.json.code, other.json['field']]).toEqual([
      404,
      'upload-not-found',
      '/inputs/datasets/0/source',
    ]);
  });

  it('starts the job that was asked for, and links to it', async () => {
    const upload = await open({ ...SMALL, process: 'reader', inputs: { zoom: 5 } });
    send(upload, () => CONTENT);
    await follow();
    const shown = uploadOf(await api.call({ path: `/uploads/${upload.uploadID}` }));
    expect(shown).toMatchObject({ state: 'stored', format: 'csv', processID: 'reader' });
    const link = shown.links.find(({ rel }) => rel === 'monitor');
    const job = await api.call({ path: link!.href.slice(ROOT.length) });
    expect([job.statusCode, job.json.jobID]).toEqual([200, shown.jobID]);
  });

  it('is given up by DELETE, as often as it is sent', async () => {
    const upload = await open();
    const path = `/uploads/${upload.uploadID}`;
    for (let time = 0; time < 2; time++) {
      expect(uploadOf(await api.call({ method: 'DELETE', path }))).toMatchObject({ state: 'aborted' });
    }
    expect(send(upload, () => CONTENT)).toEqual([200]);
    await follow();
    expect(api.bucket.places).toEqual([]);
  });

  it("is nobody else's", async () => {
    const { uploadID } = await open();
    const path = `/uploads/${uploadID}`;
    const requests: TestRequest[] = [
      { path },
      { method: 'DELETE', path },
      { method: 'POST', path: `${path}/parts`, body: { parts: wanted(1) } },
      { method: 'POST', path: `${path}/complete`, body: {} },
    ];
    for (const request of requests) {
      const response = await api.call({ ...request, tenant: 'globex' });
      expect([response.statusCode, response.json.code]).toEqual([404, 'upload-not-found']);
    }
    expect((await api.call({ path: '/uploads', tenant: 'globex' })).json['uploads']).toEqual([]);
    expect((await api.call({ path: '/uploads/../x' })).statusCode).toBe(404);
  });
});

describe('GET /uploads', () => {
  it('lists the newest first, page by page, by state and process', async () => {
    const ids: string[] = [];
    for (const process of ['reader', undefined]) ids.unshift((await open({ ...SMALL, process })).uploadID);
    const list = async (query: string) => {
      const response = await api.call({ path: `/uploads${query}` });
      const { uploads, links } = responseSchemas.uploadList.parse(response.json);
      return { ids: uploads.map(({ uploadID }) => uploadID), next: links.find(({ rel }) => rel === 'next')?.href };
    };
    const first = await list('?limit=1');
    expect(first.ids).toEqual([ids[0]]);
    expect((await list(new URL(first.next!).search)).ids).toEqual([ids[1]]);
    expect((await list('?process=reader')).ids).toEqual([ids[1]]);
    expect((await list('?state=stored,aborted')).ids).toEqual([]);
    expect((await list('?state=open')).ids).toEqual(ids);
    expect((await api.call({ path: '/uploads?state=nothing' })).json).toMatchObject({ code: 'parameter-invalid' });
  });
});
