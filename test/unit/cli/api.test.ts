import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CliContext } from '../../../cli/context.ts';
import { retryableError } from '../../helpers/numbers-process.ts';
import { createTestApi, ROOT, type TestApi, type TestApiOptions } from '../api/test-api.ts';
import { createTestCli, type CliResult, type TestCli } from './test-cli.ts';

interface ApiCli extends TestCli {
  api: TestApi;
  /** Requests that reached the API. */
  requests: { method: string; url: string; headers: Headers }[];
  /** Errors that `fetch` throws, one for each next request; none where there is `undefined`. */
  failures: (Error | undefined)[];
}

const TOKEN = 'lh_secret';

/** The command in front of the real API handler, over the engine in memory; it works while the command sleeps. */
function createApiCli(options: TestApiOptions = {}, parts: Partial<CliContext> = {}): ApiCli {
  const api = createTestApi(options);
  const requests: ApiCli['requests'] = [];
  const failures: Error[] = [];
  const fetch: CliContext['fetch'] = async (input, init = {}) => {
    const request = new Request(input, init);
    requests.push(request);
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    const { pathname, search } = new URL(request.url);
    const text = await request.text();
    const answer = await api.call({
      method: request.method,
      path: pathname + search,
      headers: Object.fromEntries(request.headers),
      ...(text === '' ? {} : { body: text }),
      anonymous: request.headers.get('authorization') !== `Bearer ${TOKEN}`,
    });
    const empty = answer.statusCode === 204 || answer.statusCode === 304;
    return new Response(empty ? null : answer.bytes, { status: answer.statusCode, headers: answer.headers });
  };
  const clock = {
    now: () => api.test.clock.now(),
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      api.test.clock.advance(milliseconds);
      // What is to go wrong, goes wrong while the job runs.
      if (failures.length === 0) await api.test.engine.runUntilIdle();
    },
  };
  const environment = { LONGHAUL_API: ROOT, LONGHAUL_TOKEN: TOKEN };
  return { api, requests, failures, ...createTestCli({ fetch, clock, environment, ...parts }) };
}

const datasets = (units: number): string => JSON.stringify([{ id: 'a', units }]);

const jobOf = ({ out }: CliResult): { jobID: string; state: string } =>
  JSON.parse(out) as { jobID: string; state: string };

const submit = async ({ run }: ApiCli, ...more: string[]) =>
  jobOf(await run('submit', 'numbers', '--datasets', datasets(10), '--json', ...more));

describe('longhaul submit', () => {
  it('makes its options from the description that the API gives of the process', async () => {
    const { run } = createApiCli();
    const { code, out } = await run('submit', 'numbers', '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/--chunk-units <integer>\s+chunkUnits \(at least 1; default: 2\)/);
    expect(out).toContain('--idempotency-key');
  });

  it('submits inputs and tags, and says how to go on', async () => {
    const { run } = createApiCli();
    const { code, out, err } = await run('submit', 'numbers', '--datasets', datasets(3), '--tag', 'nightly', 'b');
    expect(code).toBe(0);
    expect(out).toMatch(/state {5}accepted/);
    expect(out).toContain('tags      nightly, b');
    expect(err).toMatch(/Progress: longhaul watch 01J/);
  });

  it('gives the same job for the same request, another with --new, and by key', async () => {
    const cli = createApiCli();
    const first = await submit(cli);
    expect(await submit(cli)).toEqual(first);
    expect((await submit(cli, '--new')).jobID).not.toBe(first.jobID);
    const keyed = await submit(cli, '--idempotency-key', 'k1');
    expect((await submit(cli, '--idempotency-key', 'k1')).jobID).toBe(keyed.jobID);
    const other = await cli.run('submit', 'numbers', '--datasets', datasets(4), '--idempotency-key', 'k1');
    expect(other.code).toBe(1);
    expect(other.err).toMatch(/code: idempotency-/);
  });

  it('watches to the end with --watch, and ends with the outcome of the job', async () => {
    const { run } = createApiCli();
    const good = await run('submit', 'numbers', '--datasets', datasets(10), '--watch');
    expect(good).toMatchObject({ code: 0 });
    expect(good.err).toMatch(/Results: longhaul results 01J/);
    const partial = await run('submit', 'numbers', '--datasets', datasets(10), '--failing', '3', '--watch');
    expect(partial.code).toBe(3);
    expect(partial.out).toContain('error     a: Unit 3 is bad. (unit-bad)');
  });

  it('shows what the API refuses as sentence, field, limit and remedy', async () => {
    const { run } = createApiCli();
    const { code, err } = await run('submit', 'echo', '--pause', '1000', '--string-input', 'a');
    expect(code).toBe(1);
    expect(err).toContain('field: /inputs/pause');
    expect(err).toContain('limit: 600');
    expect(err).toContain('what to do: ');
  });

  it('names the processes that there are not', async () => {
    const { code, err } = await createApiCli().run('submit', 'nothing');
    expect(code).toBe(1);
    expect(err).toContain('There is no process "nothing".');
  });
});

describe('longhaul estimate', () => {
  it('says what a job would do', async () => {
    const { code, out } = await createApiCli().run('estimate', 'echo', '--pause', '5');
    expect(code).toBe(0);
    expect(out).toContain('1 unit in 1 chunk');
    expect(out).toContain('within your limits');
  });
});

describe('longhaul watch', () => {
  it('asks with the ETag of the last answer', async () => {
    const cli = createApiCli({ hooks: { beforeChunk: async () => undefined } });
    const { jobID } = await submit(cli);
    cli.requests.length = 0;
    expect((await cli.run('watch', jobID)).code).toBe(0);
    const etags = cli.requests.map(({ headers }) => headers.get('if-none-match'));
    expect(etags[0]).toBeNull();
    expect(etags[1]).toMatch(/^(W\/)?"/);
  });

  it('survives a network that fails for a while', async () => {
    const cli = createApiCli();
    const { jobID } = await submit(cli);
    cli.failures.push(...Array.from({ length: 5 }, () => new TypeError('fetch failed')));
    const { code, err } = await cli.run('watch', jobID);
    expect(code).toBe(0);
    expect(err).toContain('asking again in 16 s (4 of 15)');
  });

  it('counts only failures in a row', async () => {
    const cli = createApiCli();
    const { jobID } = await submit(cli);
    const ten = Array.from({ length: 10 }, () => new TypeError('fetch failed'));
    cli.failures.push(...ten, undefined, ...ten);
    expect(await cli.run('watch', jobID)).toMatchObject({ code: 0 });
  });

  it('gives up when too many polls in a row fail', async () => {
    const cli = createApiCli();
    const { jobID } = await submit(cli);
    cli.failures.push(
      ...Array.from({ length: 16 }, () => new TypeError('fetch failed', { cause: new Error('reset') })),
    );
    const { code, err } = await cli.run('watch', jobID);
    expect(code).toBe(1);
    expect(err).toContain('does not answer: reset.');
  });

  it('ends 130 on Ctrl+C, and says that the job goes on', async () => {
    const interruption = new AbortController();
    const cli = createApiCli(
      {
        hooks: {
          beforeChunk: async () => {
            interruption.abort(new Error('Ctrl+C'));
            throw retryableError();
          },
        },
      },
      { signal: interruption.signal },
    );
    const { jobID } = await submit(cli);
    const { code, err } = await cli.run('watch', jobID);
    expect(code).toBe(130);
    expect(err).toContain(`The job goes on: longhaul watch ${jobID}`);
    expect((await cli.api.test.read(jobID)).job.state).toBe('running');
  });
});

describe('longhaul job, jobs, errors, results, datasets, cancel and retry', () => {
  it('show one job and the list of all, by filter and page by page', async () => {
    const cli = createApiCli();
    const first = await submit(cli, '--tag', 'one');
    const second = await submit(cli, '--new');
    expect((await cli.run('job', first.jobID)).out).toContain(`job       ${first.jobID}`);
    expect((await cli.run('jobs', '--tag', 'one')).out).toMatch(new RegExp(`JOB[^]*\\n${first.jobID}  numbers`));
    const page = await cli.run('jobs', '--limit', '1', '--json');
    expect(JSON.parse(page.out)).toMatchObject([{ jobID: second.jobID }]);
    expect(page.err).toContain('--all lists every page');
    const all = await cli.run('jobs', '--limit', '1', '--all', '--json');
    expect(JSON.parse(all.out)).toMatchObject([{ jobID: second.jobID }, { jobID: first.jobID }]);
    expect((await cli.run('jobs', '--status', 'failed')).out).toBe('No jobs.\n');
    expect((await cli.run('jobs', '--process', 'echo')).out).toBe('No jobs.\n');
  });

  it('list every error of a job, its results, and what was published', async () => {
    const cli = createApiCli();
    const { jobID } = await submit(cli, '--failing', '1,2,3');
    await cli.api.test.engine.runUntilIdle();
    const errors = await cli.run('errors', jobID, '--limit', '1', '--all');
    expect(errors.out.trim().split('\n')).toHaveLength(3);
    const results = await cli.run('results', jobID);
    expect(JSON.parse(results.out)).toMatchObject({
      lists: [{ dataset: 'a', href: expect.stringContaining('https') as string }],
    });
    expect((await cli.run('datasets')).out).toMatch(new RegExp(`a +${jobID}`));
  });

  it('cancel a job, and refuse to cancel one that has ended', async () => {
    const cli = createApiCli();
    const { jobID } = await submit(cli);
    expect((await cli.run('cancel', jobID)).out).toContain('state     cancelled');
    const done = await submit(cli, '--new');
    await cli.api.test.engine.runUntilIdle();
    expect(await cli.run('cancel', done.jobID)).toMatchObject({ code: 1 });
    expect((await cli.run('watch', jobID)).code).toBe(1);
  });

  it('retry the failed units, or those in the area of a GeoJSON file', async () => {
    const failing = new Set([4]);
    const cli = createApiCli({ hooks: { failing } });
    const { jobID } = await submit(cli);
    await cli.api.test.engine.runUntilIdle();
    failing.clear();
    const retried = await cli.run('retry', jobID, '--watch');
    expect(retried).toMatchObject({ code: 0 });
    expect(retried.out).toContain(`retry of  ${jobID}`);
    const ring = [
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 0],
    ];
    const feature = { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } };
    writeFileSync(join(cli.folder, 'area.geojson'), JSON.stringify(feature));
    const area = await cli.run('retry', jobID, '--area', 'area.geojson', '--json');
    expect(jobOf(area)).toMatchObject({ retryOf: jobID });
    expect((await cli.run('retry', jobID, '--area', 'none.json')).code).toBe(2);
  });
});

describe('the address of the API', () => {
  it('is asked for by name when nothing says it', async () => {
    const { code, err } = await createApiCli({}, { environment: {} }).run('jobs');
    expect(code).toBe(2);
    expect(err).toContain('LONGHAUL_API and LONGHAUL_TOKEN');
  });

  it('comes from the local cloud when one is up', async () => {
    const cli = createApiCli({}, { environment: {} });
    mkdirSync(join(cli.folder, '.longhaul'));
    writeFileSync(
      join(cli.folder, '.longhaul/local.json'),
      JSON.stringify({ api: ROOT, token: TOKEN, tenant: 'acme' }),
    );
    expect(await cli.run('jobs')).toMatchObject({ code: 0 });
  });

  it('is not sent the token of a local cloud when it is another', async () => {
    const cli = createApiCli({}, { environment: {} });
    mkdirSync(join(cli.folder, '.longhaul'));
    writeFileSync(join(cli.folder, '.longhaul/local.json'), JSON.stringify({ api: ROOT, token: TOKEN }));
    const { code, err } = await cli.run('jobs', '--api', 'https://other.example');
    expect(code).toBe(1);
    expect(err).toContain('code: unauthenticated');
    expect(cli.requests[0]?.headers.get('authorization')).toBeNull();
  });

  it.each(['http://longhaul.example', 'ftp://longhaul.example', 'nowhere', 'https://u:p@longhaul.example'])(
    'is refused when it is %s',
    async (address) => {
      const cli = createApiCli();
      expect((await cli.run('jobs', '--api', address)).code).toBe(2);
      expect(cli.requests).toEqual([]);
    },
  );
});
