import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetItemKey } from '../../../shared/jobs/items/keys.ts';
import { absent } from '../../../shared/jobs/conditions.ts';
import ingest from '../../../shared/processes/ingest/process.ts';
import { finalError } from '../../helpers/numbers-process.ts';
import { createIngestEngine, type IngestEngine } from './ingest-engine.ts';

type Properties = Record<string, unknown>;

const feature = (properties: Properties, longitude: unknown = 1, latitude = 2) => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Point', coordinates: [longitude, latitude] },
});
const collection = (features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features });
const source = (name: string) => `s3://sources/${name}`;
const OUTPUTS = ['geojson-seq'];
const PLACES = { dataset: 'places', outputs: OUTPUTS };

/** Publishes files one after the other as versions of one dataset: the first as it is, the others in a mode. */
async function publish(
  files: Record<string, string>,
  mode: Properties,
  more: Properties = {},
  engineOptions: Partial<Parameters<typeof createIngestEngine>[0]> = {},
) {
  const engine = createIngestEngine({ files, ...engineOptions });
  const ended = [];
  for (const [index, name] of Object.keys(files).entries()) {
    ended.push(await engine.run({ ...PLACES, ...more, source: source(name), ...(index === 0 ? {} : mode) }));
  }
  return { engine, ended, last: ended.at(-1)! };
}

const rows = (engine: IngestEngine, jobId: string): Properties[] =>
  engine.features(jobId, 'places.geojsonl.gz').map(({ properties }) => properties);
const sorted = (all: unknown[]): string[] => all.map((each) => JSON.stringify(each)).sort();

describe('the mode append', () => {
  it('publishes what the features of both would be as one source, byte for byte', async () => {
    const place = fc.record({
      id: fc.option(fc.integer({ min: -5, max: 2 ** 40 }), { nil: null }),
      name: fc.option(fc.string({ maxLength: 6 }), { nil: null }),
      day: fc.option(fc.constantFrom('2026-01-02', '1999-12-31'), { nil: null }),
      longitude: fc.integer({ min: -179, max: 179 }),
    });
    const places = fc.array(place, { minLength: 1, maxLength: 12 });
    // Each has a place of its own, so that there is one order, and a value of each field.
    const features = (all: { longitude: number }[], latitude: number) =>
      all.map(({ longitude, ...properties }, index) =>
        feature({ ...properties, all: 1 }, longitude, latitude + index / 1000),
      );
    await fc.assert(
      fc.asyncProperty(places, places, fc.constantFrom(200, 100_000), async (first, second, blockBytes) => {
        const [a, b] = [features(first, 10), features(second, 20)];
        const files = {
          'a.geojson': collection(a),
          'b.geojson': collection(b),
          'both.geojson': collection([...a, ...b]),
        };
        const engine = createIngestEngine({ files, blockBytes });
        const inputs = { dataset: 'places', outputs: ['flatgeobuf'] };
        await engine.run({ ...inputs, source: source('a.geojson') });
        const appended = await engine.run({ ...inputs, source: source('b.geojson'), mode: 'append' });
        const whole = await engine.run({ ...inputs, source: source('both.geojson') });
        expect(appended.reports[0]?.changes).toMatchObject({
          kept: a.length,
          added: b.length,
          replaced: 0,
          superseded: 0,
        });
        const bytes = ({ job }: typeof whole) =>
          Buffer.from(engine.output(job.jobId, 'places.fgb')!).toString('base64');
        expect(bytes(appended)).toBe(bytes(whole));
        expect(appended.reports[0]?.statistics).toEqual(whole.reports[0]?.statistics);
      }),
      { numRuns: 15 },
    );
  });

  it.each(['flatgeobuf', 'geoparquet', 'geojson-seq'])('reads a version that is published as %s', async (format) => {
    const engine = createIngestEngine({
      files: {
        'a.geojson': collection([feature({ id: 1, name: 'a', day: '2026-01-02' })]),
        'b.csv': 'id,name,day,lon,lat\n2,b,2026-01-03,5,6\n',
      },
    });
    await engine.run({ dataset: 'places', source: source('a.geojson'), outputs: [format] });
    const { job, reports } = await engine.run({ ...PLACES, source: source('b.csv'), mode: 'append' });
    expect(job.state).toBe('succeeded');
    expect(rows(engine, job.jobId)).toEqual([
      { id: 1, name: 'a', day: '2026-01-02' },
      { id: 2, name: 'b', day: '2026-01-03' },
    ]);
    expect(
      reports[0]?.fields.map(({ name, reasons }) => [name, reasons.filter((why) => why.includes('published'))]),
    ).toEqual([
      ['id', []],
      ['name', []],
      ['day', []],
    ]);
  });

  it('builds upon the version that was published last, and names its job', async () => {
    const one = (id: number) => collection([feature({ id })]);
    const { engine, ended } = await publish(
      { 'a.geojson': one(1), 'b.geojson': one(2), 'c.geojson': one(3) },
      { mode: 'append' },
    );
    const [first, second, third] = ended.map(({ job }) => job.jobId);
    expect(
      rows(engine, third!)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([1, 2, 3]);
    expect(ended.map(({ reports }) => reports[0]?.changes)).toEqual([
      undefined,
      { base: first, kept: 1, added: 1, replaced: 0, superseded: 0 },
      { base: second, kept: 2, added: 1, replaced: 0, superseded: 0 },
    ]);
    expect((await engine.dataset('places'))?.jobId).toBe(third);
  });

  it('reads the file that tells most, whichever the pointer leads to', async () => {
    const files = { 'a.geojson': collection([feature({ id: 1 }, 0.1 + 0.2)]), 'b.geojson': collection([]) };
    const engine = createIngestEngine({ files });
    await engine.run({
      dataset: 'places',
      source: source('a.geojson'),
      outputs: ['geojson-seq', 'geoparquet', 'flatgeobuf'],
    });
    const { job } = await engine.run({ ...PLACES, source: source('b.geojson'), mode: 'append' });
    expect(job.state).toBe('succeeded');
    const plan = JSON.parse(
      new TextDecoder().decode(engine.objects.objects.get(`s3://data/work/acme/${job.jobId}/plan.json`)!.bytes),
    ) as {
      datasets: { detail: { base: { file: { url: string } } } }[];
    };
    expect(plan.datasets[0]?.detail.base.file.url).toMatch(/\/places\.fgb$/);
  });

  it('gives a column the type of the values of both versions, and says which it was', async () => {
    const files = {
      'a.geojson': collection([feature({ code: 7 })]),
      'b.geojson': collection([feature({ code: 'x7' })]),
    };
    const { engine, last } = await publish(files, { mode: 'append' }, { outputs: ['flatgeobuf', 'geojson-seq'] });
    expect(last.reports[0]?.fields).toEqual([
      {
        source: 'code',
        name: 'code',
        type: 'text',
        reasons: [
          'It has values of several types: integer, text.',
          'In the published version it is of the type int32.',
        ],
      },
    ]);
    expect(sorted(rows(engine, last.job.jobId))).toEqual(['{"code":"7"}', '{"code":"x7"}']);
  });

  it('brings a version in another CRS to that of the new one, and notes it', async () => {
    const files = {
      'a.geojson': collection([feature({ id: 1 }, 9, 48)]),
      'b.geojson': collection([feature({ id: 2 }, 10, 49)]),
    };
    const engine = createIngestEngine({ files });
    const first = await engine.run({ dataset: 'places', source: source('a.geojson'), targetCrs: 'EPSG:25832' });
    expect(first.job.state).toBe('succeeded');
    const { job, reports } = await engine.run({ ...PLACES, source: source('b.geojson'), mode: 'append' });
    const [a, b] = engine
      .features(job.jobId, 'places.geojsonl.gz')
      .map(({ geometry }) => (geometry as { coordinates: number[] }).coordinates);
    for (const [index, expected] of [
      [a, [9, 48]],
      [b, [10, 49]],
    ].flatMap(([found, wanted]) => wanted!.map((value, at) => [found![at]!, value]))) {
      expect(index).toBeCloseTo(expected!, 8);
    }
    expect(reports[0]?.notes).toContainEqual({
      code: 'published-version-transformed',
      reason: 'The published version is in another CRS, and was brought to OGC:CRS84.',
      count: 1,
    });
  });

  it('publishes nothing when a feature of the published version has no place in the CRS that is asked for', async () => {
    const files = {
      'a.geojson': collection([feature({ id: 1 }, 1, 90), feature({ id: 2 })]),
      'b.geojson': collection([feature({ id: 3 })]),
    };
    const engine = createIngestEngine({ files });
    const first = await engine.run({ dataset: 'places', source: source('a.geojson') });
    const inputs = {
      dataset: 'places',
      source: source('b.geojson'),
      mode: 'append',
      targetCrs: 'EPSG:3857',
      toleratedRejects: { percentage: 100 },
    };
    const { job } = await engine.run(inputs);
    expect(job).toMatchObject({ state: 'failed', failure: { code: 'published-features-lost', dataset: 'places' } });
    expect((await engine.dataset('places'))?.jobId).toBe(first.job.jobId);
    expect(await engine.errors(job.jobId)).toMatchObject([
      { unit: expect.stringMatching(/^feature \d of the published version$/) as string },
    ]);
  });

  it('judges the features of the source alone by what is tolerated, and numbers them from the first', async () => {
    const bad = feature({ id: 9 }, 'x');
    const good = Array.from({ length: 19 }, (_, id) => feature({ id }));
    const { engine, last } = await publish(
      { 'a.geojson': collection(good), 'b.geojson': collection([good[0], bad]) },
      { mode: 'append' },
    );
    expect(last.job).toMatchObject({ state: 'failed', failure: { code: 'too-many-rejects' } });
    expect(last.job.failure?.detail).toContain('1 of 2 features');
    expect(await engine.errors(last.job.jobId)).toMatchObject([{ unit: 'feature 1', number: 1 }]);
  });

  it('leaves a version that another job has built upon meanwhile to that job, and fails by name', async () => {
    const files = {
      'a.geojson': collection([feature({ id: 1 })]),
      'b.geojson': collection([feature({ id: 2 })]),
      'c.geojson': collection([feature({ id: 3 })]),
    };
    const engine = createIngestEngine({ files });
    await engine.run({ ...PLACES, source: source('a.geojson') });
    const append = (name: string) => ({ ...PLACES, source: source(name), mode: 'append' });
    const [one, two] = await engine.runTogether(append('b.geojson'), append('c.geojson'));
    const failed = [one, two].find((ended) => ended!.job.state === 'failed')!;
    expect([one, two].map((ended) => ended!.job.state).sort()).toEqual(['failed', 'succeeded']);
    expect(failed.job.failure).toMatchObject({ code: 'dataset-changed' });

    const retried = await engine.retry(failed.job.jobId);
    expect(retried.job).toMatchObject({ state: 'failed', failure: { code: 'retry-source-changed' } });
    const name = failed === one ? 'b.geojson' : 'c.geojson';
    const again = await engine.run(append(name), 'again');
    expect(
      rows(engine, again.job.jobId)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([1, 2, 3]);
  });

  it('creates the dataset when there is none, once', async () => {
    const files = { 'a.geojson': collection([feature({ id: 1 })]), 'b.geojson': collection([feature({ id: 2 })]) };
    const engine = createIngestEngine({ files });
    const append = (name: string) => ({ ...PLACES, source: source(name), mode: 'append' });
    const ended = await engine.runTogether(append('a.geojson'), append('b.geojson'));
    expect(ended.map(({ job }) => job.failure?.code ?? job.state).sort()).toEqual(['dataset-changed', 'succeeded']);
    const { reports } = ended.find(({ job }) => job.state === 'succeeded')!;
    expect(reports[0]?.changes).toEqual({ kept: 0, added: 1, replaced: 0, superseded: 0 });
  });

  it('refuses a dataset that features cannot be read from', async () => {
    const engine = createIngestEngine({ files: { 'a.geojson': collection([feature({ id: 1 })]) } });
    await engine.engine.store.write({
      kind: 'put',
      key: datasetItemKey('acme', 'places'),
      item: {
        jobId: 'tiles',
        url: 's3://data/outputs/acme/tiles/a.pmtiles',
        mediaType: 'application/vnd.pmtiles',
        bytes: 9,
        publishedAt: 0,
      },
      condition: absent('jobId'),
    });
    const { job } = await engine.run({ ...PLACES, source: source('a.geojson'), mode: 'append' });
    expect(job.failure).toMatchObject({ code: 'dataset-without-features' });
    expect(job.failure?.detail).toContain('application/vnd.pmtiles');
  });

  it('fails when the published file is no longer there', async () => {
    const engine = createIngestEngine({ files: { 'a.geojson': collection([feature({ id: 1 })]) } });
    const first = await engine.run({ ...PLACES, source: source('a.geojson') });
    engine.objects.remove(new URL(`s3://data/outputs/acme/${first.job.jobId}/places.geojsonl.gz`));
    const { job } = await engine.run({ ...PLACES, source: source('a.geojson'), mode: 'append' });
    expect(job).toMatchObject({ state: 'failed', failure: { code: 'dataset-file-missing' } });
  });

  it('retries what failed of it, upon the version that it was planned upon', async () => {
    let isBroken = true;
    const files = {
      'a.geojson': collection([feature({ id: 1 }), feature({ id: 2 })]),
      'b.geojson': collection([feature({ id: 3 })]),
    };
    const blocks: number[] = [];
    const beforeChunk = (block: number) => {
      blocks.push(block);
      if (isBroken && block === 1) throw finalError('It is broken.');
    };
    const { engine, last } = await publish(
      files,
      { mode: 'append' },
      { outputs: ['flatgeobuf', 'geojson-seq'] },
      { beforeChunk },
    );
    // The version that is published has block 0, and the source block 1.
    expect(last.job.state).toBe('failed');
    isBroken = false;
    blocks.length = 0;
    const retried = await engine.retry(last.job.jobId);
    expect(blocks).toEqual([1]);
    expect(retried.job.state).toBe('succeeded');
    expect(
      rows(engine, retried.job.jobId)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([1, 2, 3]);
  });
});

describe('the mode upsert', () => {
  const upsert = (...key: string[]) => ({ mode: 'upsert', key });

  it('publishes what a Map would hold', async () => {
    const place = fc.record({
      a: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
      b: fc.option(fc.constantFrom('x', 'y'), { nil: null }),
      value: fc.nat(),
      longitude: fc.integer({ min: -170, max: 170 }),
    });
    const places = fc.array(place, { maxLength: 14 });
    const toFeatures = (all: { longitude: number }[]) =>
      all.map(({ longitude, ...properties }) => feature(properties, longitude));
    await fc.assert(
      fc.asyncProperty(places, places, fc.constantFrom(150, 100_000), async (first, second, blockBytes) => {
        const files = {
          'a.geojson': collection(toFeatures(first)),
          'b.geojson': collection([...toFeatures(second), feature({ a: 9, b: 'z', value: 0 })]),
        };
        const more = { toleratedRejects: { percentage: 100 }, outputs: ['flatgeobuf', 'geojson-seq'] };
        const { engine, last } = await publish(files, upsert('a', 'b'), more, { blockBytes });
        const keyOf = ({ a, b }: { a: number | null; b: string | null }) =>
          a === null || b === null ? undefined : `${a} ${b}`;
        const wanted = new Map(
          second.flatMap((row) => (keyOf(row) === undefined ? [] : [[keyOf(row)!, row.value] as const])),
        );
        const kept = first.filter((row) => !wanted.has(keyOf(row) ?? ''));
        const values = [...kept.map(({ value }) => value), ...wanted.values(), 0].sort((x, y) => x - y);
        expect(
          rows(engine, last.job.jobId)
            .map(({ value }) => value as number)
            .sort((x, y) => x - y),
        ).toEqual(values);
        const keyed = second.filter((row) => keyOf(row) !== undefined).length;
        expect(last.reports[0]?.changes).toMatchObject({
          kept: kept.length,
          added: wanted.size + 1,
          replaced: first.length - kept.length,
          superseded: keyed - wanted.size,
        });
        expect(last.reports[0]?.statistics).toMatchObject({ features: values.length, rejected: second.length - keyed });
        const errors = await engine.errors(last.job.jobId);
        expect(errors.map(({ code, number }) => [code, number])).toEqual(
          second.flatMap((row, index) => (keyOf(row) === undefined ? [['key-missing', index]] : [])),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('compares values as those of the column, whatever the formats', async () => {
    const files = {
      'a.geojson': collection([feature({ id: 1, name: 'old' }), feature({ id: 2, name: 'stays' })]),
      'b.csv': 'id,name,lon,lat\n1,new,5,6\n',
    };
    const { engine, last } = await publish(files, upsert('id'));
    expect(sorted(rows(engine, last.job.jobId))).toEqual(['{"id":1,"name":"new"}', '{"id":2,"name":"stays"}']);
  });

  it('takes `id` for the identifier that features have beside their properties, too', async () => {
    const identified = (id: string, name: string) => ({ ...feature({ name }), id });
    const files = {
      'a.geojson': collection([identified('a', 'old'), identified('b', 'stays')]),
      'b.geojson': collection([identified('a', 'new'), feature({ name: 'without' })]),
    };
    for (const outputs of [OUTPUTS, ['flatgeobuf', 'geojson-seq']]) {
      const { engine, last } = await publish(files, upsert('id'), { outputs, toleratedRejects: { count: 1 } });
      const found = engine
        .features(last.job.jobId, 'places.geojsonl.gz')
        .map(({ id, properties }) => [id, properties['name']]);
      expect(found.sort()).toEqual([
        ['a', 'new'],
        ['b', 'stays'],
      ]);
    }
  });

  it('gives a column the type and the statistics of the values that are left', async () => {
    const files = {
      'a.geojson': collection([feature({ id: 1, size: 2 ** 40 }), feature({ id: 2, size: 5 })]),
      'b.geojson': collection([feature({ id: 1, size: 6 })]),
    };
    const { engine, last } = await publish(files, upsert('id'));
    expect(sorted(rows(engine, last.job.jobId))).toEqual(['{"id":1,"size":6}', '{"id":2,"size":5}'].sort());
    expect(last.reports[0]?.fields.find(({ name }) => name === 'size')).toMatchObject({ type: 'int32' });
    expect(last.reports[0]?.statistics.fields.find(({ name }) => name === 'size')).toMatchObject({ min: 5, max: 6 });
  });

  it('says when the published version has no value of a column of the key', async () => {
    const files = { 'a.geojson': collection([feature({ name: 'a' })]), 'b.geojson': collection([feature({ id: 1 })]) };
    const { last } = await publish(files, upsert('id'));
    expect(last.reports[0]?.notes).toContainEqual(expect.objectContaining({ code: 'key-not-published', count: 1 }));
  });

  it('refuses a column that a table does not have before anything is read', async () => {
    const files = { 'a.csv': 'id,lon,lat\n1,2,3\n' };
    const { last } = await publish({ ...files, 'b.csv': files['a.csv'] }, upsert('id', 'Id'));
    expect(last.job.failure).toMatchObject({ code: 'key-column-missing' });
    expect(last.job.failure?.detail).toContain('it has id');
  });

  it.each([
    ['is missing', { mode: 'upsert' }, ['key']],
    ['comes with another mode', { mode: 'append', key: ['id'] }, ['key']],
    ['comes without a mode', { key: ['id'] }, ['key']],
    ['is empty', { mode: 'upsert', key: [] }, ['key']],
    ['has more than eight columns', { mode: 'upsert', key: [...'abcdefghi'] }, ['key']],
    ['names a column twice', { mode: 'upsert', key: ['a', 'b', 'a'] }, ['key']],
    ['has a name that is too long', { mode: 'upsert', key: ['a', 'b'.repeat(257)] }, ['key', 1]],
    ['has a name that is no text', { mode: 'upsert', key: [7] }, ['key', 0]],
  ])('refuses a key that %s, and says where', (_, inputs, path) => {
    const parsed = ingest.inputs.safeParse({ source: source('a.geojson'), ...inputs });
    expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path]);
  });
});
