import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOutput } from './helpers/read-output.ts';
import { hasStack, testStack, type TestStack } from './helpers/stack.ts';

const MIB = 1024 * 1024;
const TIB = 1024 ** 4;
/** Two whole parts of 5 MiB, and a third. */
const LARGE_BYTES = 12 * MIB;
const CLI = fileURLToPath(new URL('../../cli/longhaul.mjs', import.meta.url));
const SCENE = new URL('../../examples/scene.tif', import.meta.url);
const INPUTS = { minzoom: 6, maxzoom: 9, tileSize: 512, format: 'png' };

interface UploadJson {
  uploadID: string;
  state: string;
  format?: string;
  jobID?: string;
  parts?: number;
  requests?: { href: string; headers: Record<string, string> }[];
}

describe.runIf(hasStack)('uploads on the deployed stack', () => {
  let stack: TestStack;
  let folder: string;

  beforeAll(async () => {
    stack = await testStack();
    folder = await mkdtemp(join(tmpdir(), 'longhaul-e2e-'));
    // A TIFF is read by the offsets in it: what stands behind them only makes the file larger.
    const scene = await readFile(SCENE);
    await writeFile(join(folder, 'scene.tif'), Buffer.concat([scene, Buffer.alloc(LARGE_BYTES - scene.length)]));
    await writeFile(join(folder, 'inputs.json'), JSON.stringify({ ...INPUTS, datasets: [{ id: 'uploaded' }] }));
  });

  afterAll(async () => {
    stack.clients.destroy();
    await rm(folder, { recursive: true });
  });

  /** Runs the command as a user does. */
  const longhaul = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const { api, token } = stack.description;
      const environment = { PATH: process.env['PATH'], LONGHAUL_API: api, LONGHAUL_TOKEN: token };
      execFile(process.execPath, [CLI, ...args], { cwd: folder, env: environment }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  const request = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<UploadJson> =>
    (await stack.api.request(method, path, body)).body as UploadJson;
  /** Versions and parts that lie under an upload. */
  const left = async (uploadId: string): Promise<number> => {
    const Prefix = `uploads/${stack.description.tenant}/${uploadId}/`;
    const list = new ListObjectVersionsCommand({ Bucket: stack.description.buckets.data, Prefix });
    return ((await stack.clients.s3.send(list)).Versions ?? []).length;
  };
  const untilStored = async (path: string): Promise<UploadJson> => {
    for (;;) {
      const upload = await request('GET', path);
      if (upload.state !== 'open' && upload.state !== 'completing' && upload.format !== undefined) return upload;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };

  it('take a GeoTIFF in parts by the command, whose event starts a job that publishes its tiles', async () => {
    const args = ['upload', 'scene.tif', '--part-size', '5', '--process', 'raster-preseed', '--inputs', 'inputs.json'];
    const { code, out, err } = await longhaul(...args, '--json');
    expect(code, err).toBe(0);
    const upload = JSON.parse(out) as UploadJson;
    expect(upload).toMatchObject({ state: 'stored', parts: 3, format: 'tiff' });
    const job = await stack.api.wait(upload.jobID ?? '');
    expect(job).toMatchObject({ state: 'succeeded' });
    const archive = await readOutput(stack, job.jobID, 'uploaded.pmtiles');
    expect(Buffer.from(archive.subarray(0, 7)).toString()).toBe('PMTiles');
    const again = JSON.parse((await longhaul(...args, '--json')).out) as UploadJson;
    expect([again.uploadID, again.jobID]).toEqual([upload.uploadID, upload.jobID]);
    // The same file by its id, executed by hand: the pinned version is read.
    const source = `upload:${upload.uploadID}`;
    const other = await stack.api.submit('raster-preseed', { ...INPUTS, datasets: [{ id: 'by-id', source }] });
    expect(await stack.api.wait(other.jobID)).toMatchObject({ state: 'succeeded', counts: job.counts });
  });

  it('start a job for a file that is dropped under the prefix of its process, once for each version', async () => {
    const name = `scene ü+1 ${basename(folder)}.tif`;
    const Key = `incoming/${stack.description.tenant}/raster-preseed/2026/${name}`;
    await stack.clients.s3.send(
      new PutObjectCommand({ Bucket: stack.description.buckets.data, Key, Body: await readFile(SCENE) }),
    );
    for (;;) {
      const { uploads } = (await stack.api.request('GET', 'uploads?process=raster-preseed')).body as {
        uploads: (UploadJson & { fileName: string })[];
      };
      const dropped = uploads.filter(({ fileName }) => fileName === name);
      if (dropped[0]?.jobID !== undefined) {
        expect(dropped).toHaveLength(1);
        expect(dropped[0]).toMatchObject({ state: 'stored', format: 'tiff' });
        expect(await stack.api.cancel(dropped[0].jobID)).toMatchObject({ state: 'cancelled' });
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  });

  it('refuse what is over the quota, before anything is signed, and take it when room was made', async () => {
    const body = { fileName: 'planet.tif', contentType: 'image/tiff', bytes: 4 * TIB };
    const first = await request('POST', 'uploads', body);
    const refused = await stack.api.request('POST', 'uploads', body);
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { code: 'quota-exceeded', used: expect.any(Number) as number, reserved: 4 * TIB, limit: 5 * TIB },
    ]);
    expect(await request('DELETE', `uploads/${first.uploadID}`)).toMatchObject({ state: 'aborted' });
    const second = await request('POST', 'uploads', body);
    expect(second.state).toBe('open');
    await request('DELETE', `uploads/${second.uploadID}`);
  });

  it('take exactly the body that was announced, and leave nothing of what was given up', async () => {
    const content = new TextEncoder().encode('name,lat,lon\nhut,47,11\n');
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', content)).toString('hex');
    const body = { fileName: 'huts.csv', contentType: 'text/csv', bytes: content.length, sha256 };
    const upload = await request('POST', 'uploads', body);
    const [signed] = upload.requests ?? [];
    const put = async (sent: Uint8Array): Promise<number> => {
      const headers = Object.entries(signed?.headers ?? {}).filter(([name]) => name !== 'content-length');
      const answer = await fetch(signed?.href ?? '', { method: 'PUT', headers, body: Buffer.from(sent) });
      await answer.body?.cancel();
      return answer.status;
    };
    expect(await put(new TextEncoder().encode('name,lat,lon\nhut,47,12\n'))).toBe(400);
    expect(await put(new TextEncoder().encode('longer than it was announced'))).toBe(403);
    expect(await put(content)).toBe(200);
    expect(await put(content)).toBe(412);
    const stored = await untilStored(`uploads/${upload.uploadID}`);
    expect(stored).toMatchObject({ state: 'stored', format: 'csv' });
    expect(await left(upload.uploadID)).toBe(1);
    expect(await request('DELETE', `uploads/${upload.uploadID}`)).toMatchObject({ state: 'deleted' });
    expect(await left(upload.uploadID)).toBe(0);
  });
});
