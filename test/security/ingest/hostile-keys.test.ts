import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIngestEngine } from '../../formats/ingest/ingest-engine.ts';

const feature = (properties: unknown, id?: unknown) =>
  `{"type":"Feature","id":${JSON.stringify(id ?? null)},"properties":${JSON.stringify(properties)},"geometry":null}`;
const collection = (...features: string[]) => `{"type":"FeatureCollection","features":[${features.join(',')}]}`;

/** Upserts one version over another. */
async function upsert(first: string, second: string, key: string[], name = 'a.geojson') {
  const engine = createIngestEngine({ files: { 'base.geojson': first, [name]: second } });
  const inputs = { dataset: 'a', outputs: ['flatgeobuf', 'geojson-seq'] };
  await engine.run({ ...inputs, source: 's3://sources/base.geojson' });
  const { job, reports } = await engine.run({ ...inputs, source: `s3://sources/${name}`, mode: 'upsert', key });
  return { job, changes: reports[0]?.changes, errors: await engine.errors(job.jobId) };
}

describe('a hostile key', () => {
  it.each([
    '__proto__',
    'constructor',
    'toString',
    'length',
    '\u0000id',
    'geometry',
    'bbox',
    'id_2',
    '\ud800',
    ' a ',
    '𝒂'.repeat(128),
    '$[0]',
    "'; DROP TABLE features; --",
  ])('of the column %j replaces by its values, and by nothing else', async (name) => {
    const row = (value: string, other: number) => `{${JSON.stringify(name)}:${JSON.stringify(value)},"other":${other}}`;
    const place = (properties: string) => `{"type":"Feature","properties":${properties},"geometry":null}`;
    const first = collection(place(row('x', 1)), place(row('y', 2)));
    const { job, changes, errors } = await upsert(first, collection(place(row('x', 3)), place(row('z', 4))), [name]);
    expect([job.state, errors]).toEqual(['succeeded', []]);
    expect(changes).toMatchObject({ kept: 1, added: 2, replaced: 1, superseded: 0 });
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'geometry', 'type'])(
    'of the column %j, which no feature has, rejects each',
    async (name) => {
      const places = collection(feature({ other: 1 }), feature({ other: 2 }));
      const { job, errors } = await upsert(places, places, [name]);
      expect(job).toMatchObject({ state: 'failed', failure: { code: 'too-many-rejects' } });
      expect(errors.map(({ code }) => code)).toEqual(['key-missing', 'key-missing']);
    },
  );

  it('whose values are of every kind, nested, vast or no numbers ends the job in order', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('', 'x'.repeat(100_000), 1e308, -0, 2 ** 53, '__proto__', '2026-01-01', '2026-01-01T00:00:00Z'),
    );
    const version = fc.array(fc.tuple(value, value), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(version, version, async (first, second) => {
        const text = (rows: [unknown, unknown][]) => collection(...rows.map(([k, id]) => feature({ k, other: 1 }, id)));
        const { job } = await upsert(text(first), text(second), ['k', 'id']);
        expect(job.failure?.code ?? 'published').toMatch(/^(published|too-many-rejects)$/);
      }),
      { numRuns: 40 },
    );
  });

  it('of a table whose header repeats it takes what the reader calls the columns', async () => {
    const { job } = await upsert(collection(feature({ k: 1 })), 'k,k,lon,lat\n1,2,3,4\n', ['k'], 'a.csv');
    expect(job.failure?.code ?? job.state).toMatch(/^(succeeded|too-many-rejects)$/);
  });
});
