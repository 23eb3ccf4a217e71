import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CliContext } from '../../../cli/context.ts';
import { handleObjectCreated } from '../../../shared/uploads/handlers/handle-object-created.ts';
import { readerProcess } from '../../helpers/upload-bench.ts';
import { createTestApi, ROOT, type TestApi } from '../api/test-api.ts';
import { createTestCli, type TestCli } from './test-cli.ts';

const MIB = 1024 * 1024;
const TOKEN = 'lh_secret';
const MODIFIED = new Date('2026-01-01T00:00:00Z');

interface UploadCli extends TestCli {
  api: TestApi;
  /** Part numbers, or 0 for a whole file, that have reached the bucket, in their order. */
  sent: number[];
  /** Told of each PUT, counted from 1: gives a status in its place. */
  onPut: (put: number) => number | undefined;
  file: (name: string, content: Uint8Array) => void;
}

/** The command in front of the real API handler and a bucket in memory, whose events are followed while it sleeps. */
function createUploadCli(
  parts: Partial<CliContext> = {},
  api = createTestApi({ processes: [readerProcess] }),
): UploadCli {
  const sent: number[] = [];
  let puts = 0;
  const put = async (request: Request): Promise<Response> => {
    const fault = result.onPut(++puts);
    if (fault !== undefined) return new Response(null, { status: fault });
    const content = new Uint8Array(await request.arrayBuffer());
    const headers = { 'content-length': String(content.length) };
    const status = api.bucket.send({ method: 'PUT', url: new URL(request.url), headers }, content);
    if (status === 200) sent.push(content[0] ?? 0);
    return new Response(null, { status });
  };
  const fetch: CliContext['fetch'] = async (input, init = {}) => {
    const request = new Request(input, init);
    if (request.url.startsWith('s3:')) return put(request);
    const { pathname, search } = new URL(request.url);
    const text = await request.text();
    const answer = await api.call({
      method: request.method,
      path: pathname + search,
      headers: Object.fromEntries(request.headers),
      ...(text === '' ? {} : { body: text }),
    });
    return new Response(answer.bytes, { status: answer.statusCode, headers: answer.headers });
  };
  const clock = {
    now: () => api.test.clock.now(),
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      api.test.clock.advance(milliseconds);
      for (const { url, versionId } of api.bucket.takeEvents()) await handleObjectCreated(api.platform, url, versionId);
      await api.test.engine.runUntilIdle();
    },
  };
  const cli = createTestCli({ fetch, clock, environment: { LONGHAUL_API: ROOT, LONGHAUL_TOKEN: TOKEN }, ...parts });
  const file = (name: string, content: Uint8Array): void => {
    writeFileSync(join(cli.folder, name), content);
    utimesSync(join(cli.folder, name), MODIFIED, MODIFIED);
  };
  const result: UploadCli = { api, sent, onPut: () => undefined, file, ...cli };
  return result;
}

/** Three parts, each of its own number. */
function threeParts(): Uint8Array {
  const content = new Uint8Array(12 * MIB);
  for (const part of [1, 2, 3]) content.fill(part, (part - 1) * 5 * MIB, part * 5 * MIB);
  return content;
}

const inParts = ['upload', 'scene.tif', '--part-size', '5', '--parallel', '1', '--json'];
const jsonOf = ({ out }: { out: string }): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;

describe('longhaul upload', () => {
  it('sends a small file by one request, and prints how a job names it', async () => {
    const { file, run } = createUploadCli();
    file('huts.csv', new TextEncoder().encode('a,b\n1,2\n'));
    const { code, out } = await run('upload', 'huts.csv', '--content-type', 'text/csv');
    expect(code).toBe(0);
    expect(out).toMatch(/^Upload (\w{26}) is stored: huts.csv, 8 B\nSource: upload:\1\n$/);
  });

  it('sends a large file in parts, and what it sent once not again', async () => {
    const { file, run, sent, api } = createUploadCli();
    file('scene.tif', threeParts());
    const first = await run(...inParts);
    expect([first.code, jsonOf(first)['state'], sent]).toEqual([0, 'stored', [1, 2, 3]]);
    const again = await run(...inParts);
    expect([jsonOf(again)['uploadID'], sent.length]).toEqual([jsonOf(first)['uploadID'], 3]);
    const other = await run(...inParts, '--new');
    expect(jsonOf(other)['uploadID']).not.toBe(jsonOf(first)['uploadID']);
    expect(api.bucket.places).toHaveLength(2);
  });

  it('goes on after Ctrl+C with the parts that are missing', async () => {
    const interruption = new AbortController();
    const stopped = createUploadCli({ signal: interruption.signal });
    stopped.file('scene.tif', threeParts());
    stopped.onPut = (put) => {
      if (put < 2) return undefined;
      interruption.abort(new Error('Ctrl+C'));
      return 503;
    };
    const first = await stopped.run(...inParts);
    expect([first.code, stopped.sent]).toEqual([130, [1]]);
    expect(first.err).toContain('the same command resumes it');
    const resumed = createUploadCli({}, stopped.api);
    resumed.file('scene.tif', threeParts());
    const done = await resumed.run(...inParts);
    expect([done.code, jsonOf(done)['state'], resumed.sent]).toEqual([0, 'stored', [2, 3]]);
  });

  it('tries a part again that did not arrive, and gives up after six tries', async () => {
    const cli = createUploadCli();
    cli.file('scene.tif', threeParts());
    cli.onPut = (put) => (put === 2 || put === 3 ? 503 : undefined);
    expect((await cli.run(...inParts)).code).toBe(0);
    const lost = createUploadCli();
    lost.file('scene.tif', threeParts());
    let puts = 0;
    lost.onPut = () => ((puts += 1), 503);
    const { code, err } = await lost.run(...inParts);
    expect([code, puts]).toEqual([1, 6]);
    expect(err).toContain('part-not-sent');
  });

  it('begins anew when the upload was given up', async () => {
    const { file, run, api } = createUploadCli();
    file('scene.tif', threeParts());
    const first = jsonOf(await run(...inParts));
    await api.call({ method: 'DELETE', path: `/uploads/${String(first['uploadID'])}` });
    const second = jsonOf(await run(...inParts));
    expect([second['state'], second['uploadID'] === first['uploadID']]).toEqual(['stored', false]);
  });

  it('starts a job with the file, and tells its id', async () => {
    const { file, run } = createUploadCli();
    file('huts.csv', new TextEncoder().encode('a,b\n1,2\n'));
    file('inputs.json', new TextEncoder().encode('{"zoom":7}'));
    const { code, out, err } = await run('upload', 'huts.csv', '--process', 'reader', '--inputs', 'inputs.json');
    expect([code, err]).toEqual([0, expect.stringContaining('longhaul watch ')]);
    expect(out).toMatch(/, csv\nSource: upload:\w{26}\nJob: \w{26}\n$/);
  });

  it('says what is wrong with the inputs before it sends anything', async () => {
    const { file, run, sent } = createUploadCli();
    file('huts.csv', new TextEncoder().encode('a,b\n'));
    file('inputs.json', new TextEncoder().encode('{"zoom":99}'));
    const { code, err } = await run('upload', 'huts.csv', '--process', 'reader', '--inputs', 'inputs.json');
    expect([code, sent]).toEqual([1, []]);
    expect(err).toContain('/inputs/zoom');
  });

  it('takes inputs as options, which win over those of the file', async () => {
    const { file, run, sent } = createUploadCli();
    file('huts.csv', new TextEncoder().encode('a,b\n'));
    file('far.json', new TextEncoder().encode('{"zoom":99}'));
    file('near.json', new TextEncoder().encode('{"zoom":7}'));
    const command = ['upload', 'huts.csv', '--process', 'reader'];
    const far = await run(...command, '--zoom', '99', '--inputs', 'near.json');
    expect([far.code, far.err, sent]).toEqual([1, expect.stringContaining('/inputs/zoom'), []]);
    const near = await run(...command, '--inputs', 'far.json', '--zoom', '7', '--watch');
    expect([near.code, near.err, sent.length]).toEqual([0, expect.stringMatching(/job \w{26} works on it/), 1]);
    const unknown = await run(...command, '--zooom', '7');
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('Did you mean --zoom?')]);
  });

  it.each([
    [['upload', 'nothing.tif'], 'does not exist'],
    [['upload', '--zoom', '7', 'a.csv'], 'Name the file first'],
    [['upload', 'a.csv', '--zoom', '7'], '--process'],
    [['upload', 'a.csv', 'b.csv'], 'b.csv'],
    [['upload', 'a.csv', 'b.csv', '--process', 'reader'], 'too many arguments'],
    [['upload', '.'], 'not a regular file'],
    [['upload', 'a.csv', '--parallel', '99'], 'from 1 to 32'],
    [['upload', 'a.csv', '--part-size', '4'], 'from 5 to 5120'],
    [['upload', 'a.csv', '--watch'], '--process'],
    [['upload', 'a.csv', '--inputs', 'x.json'], '--process'],
    [['upload', 'empty.csv'], 'it is empty'],
  ])('refuses %j', async (args, words) => {
    const { file, run } = createUploadCli();
    file('a.csv', new TextEncoder().encode('a'));
    file('empty.csv', new Uint8Array());
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  it('says in its help what resuming is', async () => {
    const { run } = createUploadCli();
    expect((await run('upload', '--help')).out).toContain('the same command goes on');
  });
});

describe('longhaul uploads', () => {
  it('lists them by state, and deletes one', async () => {
    const { file, run } = createUploadCli();
    expect((await run('uploads')).out).toBe('No uploads.\n');
    file('huts.csv', new TextEncoder().encode('a,b\n1,2\n'));
    const { uploadID } = jsonOf(await run('upload', 'huts.csv', '--json'));
    expect((await run('uploads', '--state', 'stored')).out).toMatch(/UPLOAD.*\n.*stored.*huts\.csv/);
    expect((await run('delete-upload', String(uploadID))).out).toContain('is deleted');
    expect((await run('uploads', '--state', 'stored')).out).toBe('No uploads.\n');
  });
});
