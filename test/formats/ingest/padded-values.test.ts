import { deserialize } from 'flatgeobuf/lib/mjs/geojson.js';
import { parquetReadObjects } from 'hyparquet';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createIngestEngine } from './ingest-engine.ts';

const OUTPUTS = ['flatgeobuf', 'geoparquet', 'geojson-seq'];

/** A table as programs write it that align their columns. */
const ALIGNED = `lon,lat,small,large,height,open,day,time,code,mixed
1,2,   12,9007199254740993,  3.5 , true,2026-12-01 ," 2026-11-26 10:00:00", 007,  5
3,4,-1000,             1  ,-20   ,false, 2026-01-31,2026-11-26T09:00:00 ,   8,many
`;

describe('values with spaces around them', () => {
  it('are published in all formats as the numbers, dates and booleans that they are, and as they stand in texts', async () => {
    const engine = createIngestEngine({ files: { 'a.csv': ALIGNED } });
    const { job, reports } = await engine.run({ source: 's3://sources/a.csv', outputs: OUTPUTS });
    expect(reports[0]!.fields.map(({ name, type }) => [name, type])).toEqual([
      ['small', 'int32'],
      ['large', 'int64'],
      ['height', 'double'],
      ['open', 'boolean'],
      ['day', 'date'],
      ['time', 'date-time'],
      ['code', 'text'],
      ['mixed', 'text'],
    ]);
    const bySmall = (rows: Record<string, unknown>[]) => rows.sort((a, b) => Number(b['small']) - Number(a['small']));
    const times = ['2026-11-26T10:00:00', '2026-11-26T09:00:00'];
    const first = { small: 12, height: 3.5, open: true, code: ' 007', mixed: '  5' };
    const second = { small: -1000, height: -20, open: false, code: '   8', mixed: 'many' };

    const lines = engine.features(job.jobId, 'a.geojsonl.gz').map(({ properties }) => properties);
    expect(bySmall(lines)).toEqual([
      { ...first, large: '9007199254740993', day: '2026-12-01', time: times[0] },
      { ...second, large: '1', day: '2026-01-31', time: times[1] },
    ]);

    const stored: Record<string, unknown>[] = [];
    for await (const { properties } of deserialize(engine.output(job.jobId, 'a.fgb')!)) stored.push(properties ?? {});
    expect(bySmall(stored)).toMatchObject([
      { ...first, day: '2026-12-01', time: times[0] },
      { ...second, day: '2026-01-31', time: times[1] },
    ]);

    const parquet = engine.output(job.jobId, 'a.parquet')!;
    const rows = await parquetReadObjects({
      file: { byteLength: parquet.length, slice: (from, to) => parquet.slice(from, to).buffer },
      compressors: { ZSTD: (bytes) => zstdDecompressSync(bytes) },
    });
    expect(bySmall(rows)).toMatchObject([
      { ...first, large: 9007199254740993n, day: new Date('2026-12-01'), time: new Date(`${times[0]}Z`) },
      { ...second, large: 1n, day: new Date('2026-01-31'), time: new Date(`${times[1]}Z`) },
    ]);
  });

  it('have the least and the greatest value that they are', async () => {
    const engine = createIngestEngine({ files: { 'a.csv': ALIGNED } });
    const { reports } = await engine.run({ source: 's3://sources/a.csv', outputs: ['geojson-seq'] });
    const ranges = reports[0]!.statistics.fields.map(({ name, min, max }) => [name, min, max]);
    expect(ranges.slice(0, 6)).toEqual([
      ['small', -1000, 12],
      ['large', 1, '9007199254740993'],
      ['height', -20, 3.5],
      ['open', false, true],
      ['day', '2026-01-31', '2026-12-01'],
      ['time', '2026-11-26T09:00:00', '2026-11-26T10:00:00'],
    ]);
  });

  it('replace features with the same key', async () => {
    const files = { 'a.csv': 'lon,lat,id\n1,2,7\n1,2,8\n', 'b.csv': 'lon,lat,id\n3,4, 7\n' };
    const engine = createIngestEngine({ files });
    const more = { dataset: 'places', outputs: ['geojson-seq'] };
    await engine.run({ ...more, source: 's3://sources/a.csv' });
    const { reports } = await engine.run({ ...more, source: 's3://sources/b.csv', mode: 'upsert', key: ['id'] });
    expect(reports[0]!.changes).toMatchObject({ kept: 1, replaced: 1 });
  });
});
