import { describe, expect, it } from 'vitest';
import { notify } from '../../functions/notifications/notify.ts';
import { fromAttributes } from '../../shared/aws/attribute-value.ts';
import { parseApiToken, verifyApiToken } from '../../shared/http/api-tokens.ts';
import { openCursor } from '../../shared/http/cursor.ts';
import type { Outbound } from '../../shared/http/outbound/create-outbound.ts';
import { readDataset } from '../../shared/jobs/datasets.ts';
import { isTerminal, JOB_STATES, type Job } from '../../shared/jobs/job.ts';
import { readErrors } from '../../shared/jobs/read-errors.ts';
import { readJob } from '../../shared/jobs/read-job.ts';
import { readResults } from '../../shared/jobs/read-results.ts';
import { retryJob } from '../../shared/jobs/retry-job.ts';
import { verifyPmtiles } from '../helpers/verify-pmtiles.ts';
import { contentsOf } from './contents.ts';
import { endsOf, goldenVersions, type GoldenWorld } from './golden.ts';
import { SCHEMAS, type Kind } from './schemas.ts';
import { UpgradeWorld } from './upgrade-world.ts';
import { validatorOf } from './validate.ts';

const VERSIONS = goldenVersions();
const worldsOf = (worlds: Record<string, GoldenWorld>) =>
  Object.entries(worlds).map(([name, world]) => ({ name, world }));

describe('the golden files', () => {
  it('begin with version 0.1.0', () => {
    expect(VERSIONS.map(({ version }) => version)).toContain('0.1.0');
  });
});

describe.each(VERSIONS)('what version $version stored', ({ worlds, access, schemas }) => {
  const all = worldsOf(worlds);

  it('has a job in each state, and every kind of thing that is stored', () => {
    expect(new Set(all.flatMap(({ world }) => world.states))).toEqual(new Set(JOB_STATES));
    const contents = all.flatMap(({ world }) => contentsOf(world));
    const kinds = new Set<string>([...contents.map(({ kind }) => kind), 'tokenRow']);
    expect([...kinds].sort()).toEqual(Object.keys(schemas).sort());
    const messages = contents.filter(({ kind }) => kind === 'message');
    expect(new Set(messages.map(({ value }) => (value as { kind: string }).kind))).toEqual(
      new Set(['plan', 'chunk', 'finish']),
    );
  });

  it.each(all)('$name: is what its own schemas say', ({ world }) => {
    const validate = validatorOf({ schemas });
    expect(contentsOf(world).flatMap(validate)).toEqual([]);
  });

  it.each(all)('$name: is read by today’s code', async ({ world }) => {
    for (const { kind, where, value } of contentsOf(world)) {
      expect(SCHEMAS[kind].safeParse(value).error, where).toBeUndefined();
    }
    const { engine, jobs } = await restored(world);
    expect(jobs.map(({ state }) => state)).toEqual(world.states);
    for (const job of jobs) expect((await readJob(engine.platform, job))?.job).toEqual(job);
  });

  it.each(all)('$name: goes on to the ends that its own version gave it', async ({ world }) => {
    const { ends, after } = await endsOf(world);
    expect(ends).toEqual(world.ends);
    for (const job of after.jobs()) await expectResults(after, job);
  });

  it.each(all.filter(({ world }) => world.states.every(isTerminal)))(
    '$name: is left as it is, because it had ended',
    async ({ world }) => {
      const before = (await restored(world)).jobs;
      expect((await endsOf(world)).after.jobs()).toEqual(before);
    },
  );

  it.each(all.filter(({ world }) => ['partial', 'failed', 'cancelled'].includes(world.states.at(-1)!)))(
    '$name: can be retried',
    async ({ world }) => {
      const { engine, jobs, world: today } = await restored(world);
      // What could not be read then is there now.
      for (const name of ['a.tif', 'down.tif', 'missing.tif'])
        today.sources[name] = worlds['raster-finishing']!.sources['a.tif']!;
      const { job } = await retryJob(engine.platform, jobs.at(-1)!, { subject: 'ann' });
      const last = (await today.goOn()).find(({ jobId }) => jobId === job.jobId)!;
      expect(last.state).toBe('succeeded');
      await expectResults(today, last);
    },
  );

  it('lists every unit that failed', async () => {
    const { engine, jobs } = await restored(worlds['raster-partial']!);
    const [job] = jobs;
    const page = await readErrors(engine.platform, job!, { limit: 100 });
    expect(page?.errors).toHaveLength(job!.counts[0]!.failed);
    expect(page?.errors[0]).toMatchObject({ code: 'raster-block-corrupt', dataset: 'a' });
  });

  it('has notifications that subscribers are sent', async () => {
    const world = worlds['echo-subscribed']!;
    const { engine } = await restored(world);
    const calls: unknown[][] = [];
    const outbound = {
      fetch: async (url: string | URL, options: { body?: unknown }) => {
        calls.push([String(url), JSON.parse(String(options.body))]);
        return { status: 204, headers: {}, body: new Uint8Array(), url: new URL(url) };
      },
    };
    const options = {
      platform: engine.platform,
      outbound: outbound as unknown as Outbound,
      presign: async (url: URL) => url.href,
      root: 'https://longhaul.example',
      signal: new AbortController().signal,
    };
    for (const { body } of world.messages) await notify(options, body);
    expect(calls).toMatchObject([
      ['https://subscriber.example/progress', { processID: 'echo' }],
      ['https://subscriber.example/success', { stringOutput: 'hello' }],
    ]);
  });

  it('has tokens that open, and cursors that go on', () => {
    const now = Date.UTC(2026, 6, 1);
    const principals = access.tokens.map(({ token, row }) =>
      verifyApiToken(parseApiToken(token)!, fromAttributes(row), now),
    );
    expect(principals).toEqual([
      { tenant: 'acme', subject: 'ann', scopes: ['jobs:read', 'jobs:write'] },
      { tenant: 'acme', subject: 'ann', scopes: ['jobs:operate'] },
    ]);
    for (const { key, scope, cursor, after } of access.cursors) {
      expect(openCursor(Buffer.from(key, 'base64'), scope, cursor)).toBe(after);
    }
    for (const { row } of access.tokens) {
      expect(
        validatorOf({ schemas })({ kind: 'tokenRow' satisfies Kind, where: '', value: fromAttributes(row) }),
      ).toEqual([]);
    }
  });
});

async function restored(stored: GoldenWorld) {
  const world = await UpgradeWorld.restore(stored);
  return { world, engine: world.engine, jobs: world.jobs() };
}

/** What a job that was published gives to its callers is there, and whole. */
async function expectResults({ engine, objects }: UpgradeWorld, job: Job): Promise<void> {
  if (job.state !== 'succeeded' && job.state !== 'partial') return;
  const found = await readResults(engine.platform, job);
  if (job.processId === 'echo') {
    expect(found?.results).toEqual({ stringOutput: 'hello', arrayOutput: [1, 2, 3] });
    return;
  }
  const tilesets = found?.results['tilesets'] as { dataset: string; href: URL; bytes: number }[];
  expect(tilesets.length).toBeGreaterThan(0);
  for (const { dataset, href, bytes } of tilesets) {
    const archive = objects.objects.get(href.href)?.bytes ?? new Uint8Array();
    expect(archive).toHaveLength(bytes);
    expect(verifyPmtiles(archive).addressedTiles).toBeGreaterThan(0);
    const pointer = await readDataset(engine.platform, 'acme', dataset);
    if (pointer?.jobId === job.jobId) expect(pointer.url).toEqual(href);
    else expect(pointer?.jobId).toBeDefined();
  }
}
